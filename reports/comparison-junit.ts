/** A comparison as JUnit XML: one test case per target and route; what changed without being announced is a failure. */
import type { Comparison, Difference } from '../contracts/comparison';
import { oneLine, safeText } from './safe-text';
import { judgementHeadings, nothing } from './words/comparison';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' };
const escapeXml = (value: string): string => safeText(value).replace(/[&<>"']/g, (character) => entities[character] ?? character);
const attribute = (name: string, value: string): string => `${name}="${escapeXml(oneLine(value))}"`;

const lines = (differences: readonly Difference[]): string =>
  differences
    .map(
      ({ judged, where, kind, before, after, meaning }) =>
        `${judgementHeadings[judged]}: ${where} (${kind})\n  before: ${oneLine(before ?? nothing)}\n  after: ${oneLine(after ?? nothing)}\n  ${oneLine(meaning)}`,
    )
    .join('\n');

/** JUnit XML as CI servers read it. */
export const renderComparisonJunit = (comparison: Comparison): string => {
  const cases = comparison.routes.map((route) => {
    const own = comparison.differences.filter(({ target, routes }) => target === route.target && routes.includes(route.route));
    return { ...route, findings: own.filter(({ judged }) => judged === 'unannounced'), others: own.filter(({ judged }) => judged !== 'unannounced') };
  });
  const failures = cases.filter(({ findings }) => findings.length > 0).length;
  const counts = `tests="${cases.length}" failures="${failures}" errors="0" skipped="0"`;
  const body = cases.map(({ target, route, findings, others }) => {
    const head = `    <testcase ${attribute('classname', `signin-probe.compare.${target}`)} ${attribute('name', `${target} ${route}: ${comparison.before.name} against ${comparison.after.name}`)}`;
    const failure =
      findings.length > 0
        ? `<failure ${attribute('message', findings.map(({ where }) => where).join(', '))} ${attribute('type', comparison.verdict)}>${escapeXml(lines(findings))}</failure>`
        : '';
    const output = others.length > 0 ? `<system-out>${escapeXml(lines(others))}</system-out>` : '';
    return failure + output === '' ? `${head}/>` : `${head}>${failure}${output}</testcase>`;
  });
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="signin-probe compare" ${counts}>\n  <testsuite ${attribute('name', comparison.comparison.change ?? 'compare')} ${counts} ${attribute('timestamp', comparison.comparison.at)}>\n${body.join('\n')}\n  </testsuite>\n</testsuites>\n`;
};
