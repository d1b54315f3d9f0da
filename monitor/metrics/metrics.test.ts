import { expect, test } from '@playwright/test';
import type { SlotState } from '../../contracts/monitoring';
import { boundedCause } from './bounded-cause';
import { SlotCounter } from './slot-counter';

test('a cause is a label with bounded values', () => {
  expect(boundedCause('broken', 'adfs-signing-cert-rolled')).toBe('adfs-signing-cert-rolled');
  expect(boundedCause('broken', null)).toBe('unexplained');
  expect(boundedCause('flaky', null)).toBe('unexplained');
  expect(boundedCause('broken', 'a-cause-of-a-later-version')).toBe('other');
  expect(boundedCause('healthy', null)).toBe('none');
  expect(boundedCause(null, null)).toBe('none');
});

test('slots are counted across midnights exactly, with one day’s query each time', async () => {
  const series = { target: 'contoso', route: 'ifd', location: 'hq' } as const;
  const slots: { at: number; state: SlotState }[] = [];
  const asked: string[] = [];
  const endedSince = async (since: string) => {
    asked.push(since);
    return (['healthy', 'missed'] as const).flatMap((state) => {
      const count = slots.filter((slot) => slot.at >= Date.parse(since) && slot.state === state).length;
      return count > 0 ? [{ series, state, missedBecause: state === 'missed' ? 'overloaded' : null, count }] : [];
    });
  };
  let now = Date.parse('2026-03-02T22:00:00Z');
  const counter = new SlotCounter({ endedSince }, new Date(now));
  const totals: number[] = [];
  for (let slot = 0; slot < 5 * 48; slot++) {
    now += 30 * 60_000;
    slots.push({ at: now, state: slot % 10 === 9 ? 'missed' : 'healthy' });
    // Scraped now and then only, also after a whole day without a scrape.
    if (slot % 7 === 0 && Math.floor(slot / 48) !== 2) totals.push((await counter.read(new Date(now))).reduce((sum, { count }) => sum + count, 0));
  }
  expect(totals).toEqual([...totals].toSorted((a, b) => a - b));
  const last = await counter.read(new Date(now));
  expect(last.map(({ state, count }) => `${state} ${count}`).toSorted()).toEqual(['healthy 216', 'missed 24']);
  expect(asked.every((since) => since.endsWith('T00:00:00.000Z'))).toBe(true);
});
