/** `junit.xml`: one test case per target × route. Broken is a failure, unknown an error; at risk passes, with the warning as its output. */
import type { Report, Result } from '../contracts/report';
import { targetsOf } from './findings';
import { oneLine, safeText } from './safe-text';
import { textOfResult } from './words/result-text';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escapeXml = (value: string): string => safeText(value).replace(/[&<>"']/g, (character) => entities[character] ?? character);

/** A quoted attribute; line ends would be normalised away by XML, so they become blanks. */
const attribute = (name: string, value: string | number): string => `${name}="${escapeXml(oneLine(String(value)))}"`;

const seconds = (ms: number): string => (ms / 1000).toFixed(3);

const outcome = (result: Result): string => {
  const text = escapeXml(textOfResult(result));
  const type = attribute('type', result.causes[0]?.id ?? (result.verdict === 'broken' ? 'unexplained' : result.verdict));
  switch (result.verdict) {
    case 'broken':
      return `<failure ${attribute('message', result.summary)} ${type}>${text}</failure>`;
    case 'unknown':
      return `<error ${attribute('message', result.summary)} ${type}>${text}</error>`;
    case 'at-risk':
      return `<system-out>${escapeXml(result.summary)}\n${text}</system-out>`;
    case 'healthy':
      return '';
  }
};

const testCase = (result: Result): string => {
  const head =
    `    <testcase ${attribute('classname', `signin-probe.${result.target}`)} ${attribute('name', `${result.target} ${result.route}`)} ` +
    `time="${seconds(result.timings.totalMs)}"`;
  const body = outcome(result);
  return body === '' ? `${head}/>` : `${head}>\n      ${body}\n    </testcase>`;
};

const counts = (results: readonly Result[]): string => {
  const of = (verdict: Result['verdict']): number => results.filter((result) => result.verdict === verdict).length;
  const time = results.reduce((total, { timings }) => total + timings.totalMs, 0);
  return `tests="${results.length}" failures="${of('broken')}" errors="${of('unknown')}" skipped="0" time="${seconds(time)}"`;
};

/** JUnit XML as CI servers read it: a suite per target. */
export const renderJunit = (report: Report): string => {
  const suites = targetsOf(report).map(
    ({ target, results }) =>
      `  <testsuite ${attribute('name', target)} ${counts(results)} ${attribute('timestamp', report.run.startedAt)}>\n` +
      `${results.map(testCase).join('\n')}\n  </testsuite>`,
  );
  return (
    `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="signin-probe" ${counts(report.results)}>\n` +
    `${suites.join('\n')}${suites.length > 0 ? '\n' : ''}</testsuites>\n`
  );
};
