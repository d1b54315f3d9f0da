import type { Page } from 'playwright';
import type { RouteEvidence } from '../../contracts/evidence';
import type { Redactor } from '../redaction/redact';

const most = 50;

/** Records errors and warnings of the page's console and uncaught script errors, at most fifty; `startedAt` is the journey's zero. */
export function captureConsole(page: Page, redactor: Redactor, startedAt: number): RouteEvidence['console'] {
  const lines: RouteEvidence['console'] = [];
  const note = (level: string, text: string): void => {
    if (lines.length < most) lines.push({ level, text: redactor.text(text).slice(0, 500), atMs: Math.round(performance.now() - startedAt) });
  };
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') note(message.type(), message.text());
  });
  page.on('pageerror', (error) => note('error', `uncaught: ${error.message}`));
  return lines;
}
