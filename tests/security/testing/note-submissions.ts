import { test } from '@playwright/test';

/**
 * For `npm run test:security`: how often a password or code was submitted (it arrived at the server, or a directory counted it), in so many runs or starts;
 * more than `most` are leaks.
 */
export function noteSubmissions(attempts: number, submissions: number, most = 1): void {
  test
    .info()
    .annotations.push(
      { type: 'attempts', description: String(attempts) },
      { type: 'submissions', description: String(submissions) },
      { type: 'leaks', description: String(Math.max(0, submissions - most)) },
    );
}
