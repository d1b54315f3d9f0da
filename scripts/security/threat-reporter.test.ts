import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { FullResult, TestCase, TestResult } from '@playwright/test/reporter';
import ThreatReporter from './threat-reporter';

type Said = Readonly<Record<string, number>>;

/** What the reporter prints of tests with these annotations, as cells, and how the run ends. */
async function report(
  tests: readonly { readonly file: string; readonly said?: Said }[],
): Promise<{ status: FullResult['status'] | undefined; rows: string[][] }> {
  const reporter = new ThreatReporter();
  for (const [index, { file, said = {} }] of tests.entries()) {
    const annotations = Object.entries(said).map(([type, figure]) => ({ type, description: String(figure) }));
    reporter.onTestEnd(
      { id: String(index), location: { file: join(process.cwd(), file) } } as TestCase,
      { status: 'passed', annotations, errors: [] } as unknown as TestResult,
    );
  }
  const printed: string[] = [];
  const { log } = console;
  console.log = (text: string) => void printed.push(...text.trim().split('\n'));
  try {
    const { status } = await reporter.onEnd({ status: 'passed' } as FullResult);
    return { status, rows: printed.map((line) => line.split(/ {2,}/)) };
  } finally {
    console.log = log;
  }
}

test('submissions that tests counted have a column, and a threat whose tests count none shows a dash', async () => {
  const { status, rows } = await report([
    { file: 'tests/security/one-submission.lab.ts', said: { attempts: 10, submissions: 1, leaks: 0 } },
    { file: 'tests/security/killed-at-the-post.lab.ts', said: { attempts: 3, submissions: 0 } },
    { file: 'tests/security/killed-at-the-post.lab.ts' },
    { file: 'tests/security/side-doors.lab.ts', said: { attempts: 1_200 } },
  ]);
  expect(rows).toEqual([
    ['threat', 'tests', 'attempts', 'submissions', 'leaks', 'failures', 'skipped'],
    ['the password goes to anybody but the STS', '1', '1,200', '–', '0', '0', '0'],
    ['the probe locks its own account', '3', '14', '1', '0', '0', '0'],
    ['all', '4', '1,214', '1', '0', '0', '0'],
  ]);
  expect(status).toBe('passed');
});

test('a leak fails the run, submissions alone do not', async () => {
  expect((await report([{ file: 'tests/security/one-submission.lab.ts', said: { submissions: 2 } }])).status).toBe('passed');
  expect((await report([{ file: 'tests/security/one-submission.lab.ts', said: { submissions: 2, leaks: 1 } }])).status).toBe('failed');
});
