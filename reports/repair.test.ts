import { expect, test } from '@playwright/test';
import { type Repair, repairSchema, type RouteSight } from '../contracts/repair';
import { renderRepairHtml } from './repair-html';
import { renderRepairMarkdown } from './repair-markdown';
import { renderOutcome, renderRound, renderStanding, renderTicks } from './repair-text';
import { attack } from './testing/hostile';
import { elementsOf, parseXml } from './testing/parse-xml';

const at = '2026-11-23T02:10:05.000Z';
const route = (over: Partial<RouteSight> = {}): RouteSight => ({
  route: 'internal',
  verdict: 'broken',
  signedIn: 'no',
  signedInAs: null,
  summary: 'broken: AD FS signing certificate rolled over',
  cause: null,
  generated: { is: 'yes', why: 'Two are published.' },
  promoted: { is: 'yes', why: 'The new one signs.' },
  crmUpdated: { is: 'no', why: 'CRM refused a token.' },
  stsPrimarySha1: 'AB'.repeat(20),
  redirectsToSts: true,
  wauth: null,
  wsdlAuthentication: 'Federation',
  crmMetadata: { ok: true, status: 200 },
  encryption: 'match',
  credentialsRefused: false,
  breaksAt: null,
  ...over,
});
const step = (n: number, over: Partial<Repair['steps'][number]> = {}): Repair['steps'][number] => ({
  n,
  round: 1,
  kind: 'iisreset',
  where: 'every CRM front-end server',
  text: 'Restart IIS (each one). Then wait.',
  command: 'iisreset',
  values: [{ name: 'Identifier', value: 'https://internalcrm.contoso.com' }],
  state: 'open',
  at: null,
  seen: null,
  ...over,
});
const repair = (over: Partial<Repair> = {}): Repair => ({
  schema: 1,
  id: 'contoso-20261123T021005Z-7b09',
  target: 'contoso',
  tool: '1.0.0',
  startedAt: at,
  updatedAt: at,
  state: 'open',
  why: 'KB 2686840 fits.',
  round: 1,
  rounds: [
    { n: 1, title: 'The short way' },
    { n: 2, title: 'The long way' },
  ],
  steps: [step(1, { state: 'seen', at, seen: 'CRM answers.' }), step(2), step(3, { round: 2 })],
  probings: [
    { at, runId: '20261123T021005Z-aaaa', report: '../../20261123T021005Z-aaaa/report.html', afterRound: null, routes: [route(), route({ route: 'ifd' })] },
  ],
  anyway: false,
  notes: [{ at, text: 'Stopped by the operator.' }],
  ...over,
});

/** Every text the schema leaves free becomes an attack. */
function hostile(): Repair {
  const keep = new Set<string>();
  const change = (value: unknown, path: readonly PropertyKey[]): unknown => {
    if (typeof value === 'string') return keep.has(JSON.stringify(path)) ? value : attack;
    if (Array.isArray(value)) return value.map((item, index) => change(item, [...path, index]));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item, [...path, key])]));
  };
  for (;;) {
    const parsed = repairSchema.safeParse(change(repair(), []));
    if (parsed.success) return parsed.data;
    for (const { path } of parsed.error.issues) keep.add(JSON.stringify(path));
  }
}

test('repair.html says the state, every look and every step, and links to each run’s report', () => {
  const html = renderRepairHtml(repair());
  for (const text of [
    'The repair of contoso is under way',
    'KB 2686840 fits.',
    'Every CRM front-end server:',
    'done, seen from here',
    'CRM answers.',
    'Stopped by the operator.',
  ])
    expect(html).toContain(text);
  expect(html).toContain('href="../../20261123T021005Z-aaaa/report.html"');
});

test('with an attack in every text repair.html stays well-formed, without scripts, forms and images', () => {
  const elements = elementsOf(parseXml(renderRepairHtml(hostile()).replace('<!DOCTYPE html>', '')));
  expect(elements.filter(({ tagName }) => ['script', 'img', 'iframe', 'form', 'object'].includes(tagName))).toEqual([]);
  expect(elements.flatMap((element) => (element.getAttribute('onerror') ? [element.tagName] : []))).toEqual([]);
});

test('with an attack in every text nothing drives the terminal, and no heading of Markdown is the server’s', () => {
  const bad = hostile();
  const text = [
    renderStanding(bad.probings[0]!, { color: false }),
    renderRound(bad, 1, { color: false }),
    renderTicks(bad, 1, { color: false }),
    renderOutcome(bad, { color: false }),
  ].join('');
  expect(text).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u202E]/);
  expect(renderRepairMarkdown(bad)).not.toMatch(/^# owned/m);
});

test('repair.md keeps commands whole in a block of their own, and ticks what is done', () => {
  const text = renderRepairMarkdown(repair());
  expect(text).toContain('- [x] **1.** Every CRM front-end server: Restart IIS');
  expect(text).toContain('- [ ] **2.**');
  expect(text).toContain('  ```\n  iisreset\n  ```');
});

test('at the terminal, what is alike for both routes is said once, and ticks repeat only the first clause of a step', () => {
  expect(renderStanding(repair().probings[0]!, { color: false })).toBe(
    [
      '✕ Internal claims  AD FS signing certificate rolled over',
      '✕ IFD              AD FS signing certificate rolled over',
      '  The rollover',
      '    New certificate made  yes  Two are published.',
      '    In use by AD FS       yes  The new one signs.',
      '    Accepted by CRM       no   CRM refused a token.',
      '',
    ].join('\n'),
  );
  expect(renderTicks(repair(), 1, { color: false })).toContain(
    '  [✓]  1. Every CRM front-end server: Restart IIS\n          → done, seen from here. CRM answers.\n',
  );
});
