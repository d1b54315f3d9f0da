import { expect, test } from '@playwright/test';
import { diagnose } from '../diagnosis/diagnose';
import { serverEvent } from '../diagnosis/testing/sample-server-event';
import { refused, sample } from '../diagnosis/testing/sample-evidence';
import type { RouteEvidence, ServerEvent } from '../contracts/evidence';
import { renderHtml } from './html';
import { renderMarkdown } from './markdown';
import { renderTerminal } from './terminal';

const reportWith = (zone: ServerEvent['zone'], result: RouteEvidence) => {
  const { startedAt, finishedAt } = sample();
  const run = { id: 'x', startedAt, finishedAt, label: null, location: null, tool: 't', browser: 'b' };
  return diagnose({ schema: 1, run, results: [{ ...result, serverEvents: [serverEvent({ zone })] }] });
};
/** With a cause, and unexplained. */
const results = [refused('ifd'), refused('ifd', { stsMetadata: null, lastGood: null }, 'http-500')];

test('wherever an event is shown whose time zone the log does not write, it is said that the zone was inferred, as which and from what', () => {
  for (const result of results) {
    const report = reportWith({ by: 'token-post', offsetMinutes: -330 }, result);
    const texts = [renderTerminal(report, { color: false, columns: 1_000 }), renderMarkdown(report), renderHtml(report, {})];
    for (const text of texts) {
      expect(text).toContain('UTC-05:30');
      expect(text).toContain('inferred');
    }
    expect(report.results[0]?.events[0]?.zone).toEqual({ by: 'token-post', offsetMinutes: -330 });
  }
});

test('of a time zone that the log writes nothing is said', () => {
  const report = reportWith(null, results[0]!);
  for (const text of [renderTerminal(report, { color: false, columns: 1_000 }), renderMarkdown(report), renderHtml(report, {})])
    expect(text).not.toContain('inferred from');
});
