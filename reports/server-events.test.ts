import { expect, test } from '@playwright/test';
import { serverEvent } from '../diagnosis/testing/sample-server-event';
import { anchorsOf } from './html/anchors';
import { renderHtml } from './html';
import { renderMarkdown } from './markdown';
import { parseXml } from './testing/parse-xml';
import { brokenSample } from './testing/sample-reports';
import { referenceLabel } from './words/references';

test('an event of a server’s log has its words, its place in the report, and no markup of its own', () => {
  const report = brokenSample();
  const result = report.results[0]!;
  result.serverEvents = [serverEvent({ text: 'ID4175: <script>alert(1)</script>' })];
  expect(referenceLabel('server-event:1')).toBe('event 1 of the server’s log');
  const anchor = anchorsOf(report).ofReference(result, 'server-event:1');
  const html = renderHtml(report, {});
  expect(html).toContain(`id="${anchor}"`);
  expect(html).not.toContain('<script>');
  expect(() => parseXml(html)).not.toThrow();
  expect(anchorsOf(report).ofReference(result, 'server-event:2')).toBeNull();
  expect(renderMarkdown(report)).toContain('### Server events');
});
