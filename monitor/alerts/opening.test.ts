import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('one broken slot is no alert, two of three are, and further ones are no message', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  world.end('healthy');
  expect(await world.pass(5)).toEqual([]);
  world.end('broken', rolled);
  expect(await world.pass(5)).toEqual([]);
  world.end('broken', rolled);
  expect(await world.pass(1)).toEqual(['opened: contoso']);
  for (let slot = 0; slot < 6; slot++) {
    world.end('broken', rolled);
    expect(await world.pass(5)).toEqual([]);
  }
  expect(world.open()).toMatchObject([{ key: `cause:${rolled}:https://sts.contoso.test`, severity: 'critical', kb: '2686840', verdict: 'broken' }]);
  expect(world.open()[0]?.members).toHaveLength(2);
  expect(world.open()[0]?.members[0]?.since).toBe('2026-03-02T08:05:00.000Z');
});

const thresholdCases: readonly { readonly name: string; readonly slots: string; readonly after: number; readonly of: number; readonly opens: boolean }[] = [
  { name: 'every one', slots: 'b', after: 1, of: 1, opens: true },
  { name: 'two of three with one healthy between', slots: 'bhb', after: 2, of: 3, opens: true },
  { name: 'two of three, too far apart', slots: 'bhhb', after: 2, of: 3, opens: false },
  { name: 'three of five', slots: 'bhbhb', after: 3, of: 5, opens: true },
  { name: 'unknown and missed slots in between do not count', slots: 'bummub', after: 2, of: 3, opens: true },
  { name: 'nothing but unknown and missed slots', slots: 'uumumu', after: 1, of: 1, opens: false },
  { name: 'flaky slots are not broken ones', slots: 'ffbf', after: 2, of: 3, opens: false },
  { name: 'maintenance says nothing', slots: 'bwwb', after: 2, of: 2, opens: true },
];
const states = { b: 'broken', h: 'healthy', u: 'unknown', m: 'missed', f: 'flaky', w: 'maintenance' } as const;

for (const { name, slots, after, of, opens } of thresholdCases)
  test(`after ${after} of ${of}: ${name} (${slots}) ${opens ? 'opens' : 'opens none'}`, async () => {
    const world = new AlertWorld(worldSeries(['contoso']), { after, of, flaky: { after: 50, of: 50 }, coverage: { below: 0.01, of: 50 } });
    for (const slot of slots) {
      world.end(states[slot as keyof typeof states], slot === 'b' ? rolled : null);
      await world.pass(5);
    }
    expect(world.sent.map(({ notice }) => notice.event)).toEqual(opens ? ['opened'] : []);
  });

test('recovery needs as many good slots as the alert needed bad ones; one in between changes nothing', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 2, of: 3 });
  for (const slot of ['broken', 'broken', 'healthy', 'broken', 'healthy'] as const) {
    world.end(slot, slot === 'broken' ? rolled : null);
    await world.pass(5);
  }
  expect(world.sent.map(({ notice }) => notice.event)).toEqual(['opened']);
  world.end('unknown');
  expect(await world.pass(5)).toEqual([]);
  world.end('healthy');
  expect(await world.pass(5)).toEqual(['recovered: contoso']);
  expect(world.open()).toEqual([]);
  expect([...world.alerts.values()]).toMatchObject([{ state: 'recovered', recoveredAt: '2026-03-02T08:31:00.000Z' }]);
});

test('a sign-in that breaks and recovers again and again is one alert, held open until it is calm', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  const told: string[] = [];
  for (let round = 0; round < 8; round++)
    for (const slot of ['broken', 'broken', 'healthy', 'healthy'] as const) {
      world.end(slot, slot === 'broken' ? rolled : null);
      told.push(...(await world.pass(5)));
    }
  expect(told).toEqual(['opened: contoso', 'recovered: contoso', 'opened: contoso', 'recovered: contoso', 'opened: contoso']);
  for (let slot = 0; slot < 12; slot++) {
    world.end('healthy');
    told.push(...(await world.pass(5)));
  }
  expect(told.slice(5)).toEqual(['recovered: contoso']);
});

test('flaky sign-ins around the threshold are one alert, not one after the other', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  const told: string[] = [];
  // One in five: two or three of the latest twelve.
  for (let slot = 0; slot < 40; slot++) {
    world.end(slot % 5 === 0 ? 'flaky' : 'healthy', slot % 5 === 0 ? rolled : null);
    told.push(...(await world.pass(5)));
  }
  expect(told).toEqual(['opened: contoso']);
});
