import { expect, test } from '@playwright/test';
import { mayConfirm } from './confirming';
import { coverageOf } from '../store/coverage';
import { csvCell } from './export-slots';
import { jobId, slotId } from '../store/slot-id';
import { slotVerdict } from '../store/slot-verdict';

const of = (...verdicts: ('healthy' | 'at-risk' | 'broken' | 'unknown')[]): string => {
  const { verdict, index } = slotVerdict(verdicts.map((verdict) => ({ verdict })));
  return `${verdict} by ${index + 1}`;
};

test('nothing is averaged: broken twice is broken, broken once is flaky, and a repetition that could not tell changes nothing', () => {
  expect(of('healthy')).toBe('healthy by 1');
  expect(of('unknown')).toBe('unknown by 1');
  expect(of('broken', 'broken')).toBe('broken by 2');
  expect(of('broken', 'healthy')).toBe('flaky by 1');
  expect(of('broken', 'at-risk')).toBe('flaky by 1');
  expect(of('broken', 'unknown')).toBe('broken by 1');
});

test('a broken sign-in is repeated, unless the credentials were refused', () => {
  const broken = { verdict: 'broken', failedAt: 'token-post', causes: [] } as const;
  expect(mayConfirm({ ...broken, causes: [] })).toBe(true);
  expect(mayConfirm({ ...broken, failedAt: 'credentials', causes: [] })).toBe(false);
  const locked = {
    id: 'account-locked-disabled-restricted',
    title: '',
    kb: null,
    certainty: 'probable',
    because: [],
    against: [],
    remedy: [],
    checkAfterwards: [],
  } as const;
  expect(mayConfirm({ ...broken, causes: [{ ...locked, because: [], against: [], remedy: [], checkAfterwards: [] }] })).toBe(false);
  expect(mayConfirm({ ...broken, verdict: 'at-risk', causes: [] })).toBe(false);
  expect(mayConfirm({ ...broken, verdict: 'unknown', causes: [] })).toBe(false);
});

test('coverage counts verdicts only: what could not be told or was missed is lacking, maintenance is not planned', () => {
  const counts = { planned: 10, healthy: 4, atRisk: 1, broken: 1, flaky: 1, unknown: 1, missed: 2, maintenance: 5 };
  expect(coverageOf(counts)).toBe(0.7);
  expect(coverageOf({ ...counts, planned: 0 })).toBeNull();
});

test('a slot has the same id whoever plans it, and each attempt a job of its own', () => {
  const key = { target: 'contoso', route: 'ifd', location: 'hq' } as const;
  const at = new Date('2026-11-23T12:00:00Z');
  expect(slotId(key, at)).toBe(slotId({ ...key }, new Date(at)));
  expect(slotId(key, at)).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  const others = [
    slotId({ ...key, location: 'dmz' }, at),
    slotId({ ...key, route: 'internal' }, at),
    slotId(key, new Date(at.getTime() + 1000)),
    jobId(slotId(key, at), 1),
    jobId(slotId(key, at), 2),
  ];
  expect(new Set([slotId(key, at), ...others]).size).toBe(6);
});

test('a text that a spreadsheet would take for a formula does not begin as one', () => {
  for (const evil of ['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '|calc', '%x']) expect(csvCell(evil)).toMatch(/^"?'/);
  expect(csvCell('a "quoted", text')).toBe('"a ""quoted"", text"');
  expect([csvCell(null), csvCell(12), csvCell('plain')]).toEqual(['', '12', 'plain']);
});
