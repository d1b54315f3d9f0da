import { relative, sep } from 'node:path';
import type { FullResult, Reporter, TestCase, TestResult } from '@playwright/test/reporter';
import { threats } from '../../tests/security/threats';

interface Row {
  tests: number;
  attempts: number;
  /** Null where none of its tests counts them. */
  submissions: number | null;
  leaks: number;
  failures: number;
  skipped: number;
}

const emptyRow = (): Row => ({ tests: 0, attempts: 0, submissions: null, leaks: 0, failures: 0, skipped: 0 });

/**
 * Prints threat → tests → attempts → submissions → leaks and failures. A test says by annotations what it tried: `threat` (else the threat its file belongs
 * to), `attempts` (else 1), `submissions` (how often a password or code was submitted; most tests count none) and `leaks` (else 0).
 * Anything that leaked or failed makes the run fail.
 */
export default class ThreatReporter implements Reporter {
  private readonly rows = new Map<string, Row>(threats.map(({ threat }) => [threat, emptyRow()]));
  private readonly latest = new Map<string, { test: TestCase; result: TestResult }>();

  onStdOut(chunk: string | Buffer): void {
    process.stdout.write(chunk);
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    this.latest.set(test.id, { test, result });
    if (result.status === 'passed' || result.status === 'skipped') return;
    console.log(
      `${result.status}: ${test.titlePath().slice(2).join(' › ')}\n` +
        result.errors.map(({ message }) => message?.split('\n').slice(0, 12).join('\n')).join('\n'),
    );
  }

  onEnd({ status }: FullResult): Promise<{ status?: FullResult['status'] }> {
    for (const { test, result } of this.latest.values()) this.count(test, result);
    const table = [...this.rows].filter(([, { tests, skipped }]) => tests + skipped > 0);
    const width = Math.max(...table.map(([threat]) => threat.length), 6);
    const line = (threat: string, ...cells: (string | number | null)[]): string =>
      `${threat.padEnd(width)}  ${cells.map((cell) => (typeof cell === 'number' ? cell.toLocaleString('en') : (cell ?? '–')).padStart(13)).join('')}`;
    const columns = ['tests', 'attempts', 'submissions', 'leaks', 'failures', 'skipped'] as const;
    console.log(`\n${line('threat', ...columns)}`);
    for (const [threat, row] of table) console.log(line(threat, ...columns.map((column) => row[column])));
    const sum = (of: keyof Row): number => table.reduce((total, [, row]) => total + (row[of] ?? 0), 0);
    console.log(line('all', ...columns.map(sum)));
    const good = status === 'passed' && sum('leaks') === 0 && sum('failures') === 0;
    return Promise.resolve({ status: good ? 'passed' : 'failed' });
  }

  private count(test: TestCase, { status, annotations }: TestResult): void {
    const said = (type: string): string[] => annotations.filter((each) => each.type === type).flatMap(({ description }) => description ?? []);
    const file = relative(process.cwd(), test.location.file).split(sep).join('/');
    const threat = said('threat')[0] ?? threats.find(({ tests }) => tests.includes(file))?.threat ?? file;
    const row = this.rows.get(threat) ?? emptyRow();
    this.rows.set(threat, row);
    if (status === 'skipped') {
      row.skipped += 1;
      return;
    }
    const total = (type: string, otherwise: number): number => (said(type).length > 0 ? said(type).reduce((sum, each) => sum + Number(each), 0) : otherwise);
    row.tests += 1;
    row.attempts += total('attempts', 1);
    row.leaks += total('leaks', 0);
    if (said('submissions').length > 0) row.submissions = (row.submissions ?? 0) + total('submissions', 0);
    if (status !== 'passed') row.failures += 1;
  }
}
