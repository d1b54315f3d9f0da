/** The scheduler after days asleep, and under clocks that jump: everything missed is told, nothing is made up for in a storm, nothing stays silent. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type MonitorSettings, readMonitorSettings } from '../../monitor/settings/monitor-settings';
import { Planner } from '../../monitor/slots/planner';
import { claimSlots } from '../../monitor/store/lifecycle/claim';
import { recordPlans, recordSeries } from '../../monitor/store/lifecycle/plan';
import { finishSlot } from '../../monitor/store/lifecycle/finish';
import { sweep } from '../../monitor/store/lifecycle/sweep';
import { type OpenStore, openStore } from '../../monitor/store/open-store';
import { sampleOutcome } from '../../monitor/testing/sample-result';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { withClock } from './testing/with-clock';

test.describe.configure({ mode: 'serial' });
const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
const [minute, day] = [60_000, 86_400_000] as const;
let folder = '';
let store: OpenStore;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-scheduler-'));
  store = await openStore({ folder: join(folder, 'store') });
});
test.afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

const note = (attempts: number, leaks: number): void =>
  void test
    .info()
    .annotations.push(
      { type: 'threat', description: 'the scheduler makes up for lost time by a storm, or loses slots unsaid' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );

let files = 0;
async function settings(schedule: string, targets: readonly string[]): Promise<MonitorSettings> {
  const file = join(folder, `${(files += 1)}.yaml`);
  const target = (name: string): string =>
    `  - { name: ${name}, ifd: { url: 'https://${name}.test/' }, sts: https://sts.contoso.test, account: { windows: current } }\n`;
  await writeFile(file, `monitor: { schedule: ${schedule} }\ntargets:\n${targets.map(target).join('')}`);
  return readMonitorSettings(file);
}
const planner = (wanted: MonitorSettings): Planner => new Planner({ store, settings: wanted, log, outFolder: join(folder, 'output'), everyMs: 50 });

/** Slots of targets that begin so, by state and reason. */
async function states(prefix: string): Promise<Record<string, number>> {
  const rows = await store.db.query<{ what: string; n: string }>(
    `SELECT concat_ws(' ', s.state, s.missed_because) AS what, count(*) AS n FROM slots s JOIN series r ON r.id = s.series_id WHERE ` +
      `starts_with(r.target, $1) GROUP BY 1`,
    [prefix],
  );
  return Object.fromEntries(rows.map(({ what, n }) => [what, Number(n)]));
}

test('after three days asleep 5,000 slots and more are told as missed within bounds of time and memory; of each series one may be run', async () => {
  const targets = Array.from({ length: 70 }, (_, n) => `asleep-${n}`);
  const wanted = await settings('every 1h', targets);
  await recordSeries(store.db, store.queue, wanted.series);
  const since = new Date(Date.now() - 3 * day);
  await store.db.query(`UPDATE series SET planned_until = $1 WHERE starts_with(target, 'asleep-')`, [since]);
  await store.db.query('INSERT INTO heartbeat (at) VALUES ($1) ON CONFLICT DO NOTHING', [since]);
  await store.db.query('UPDATE heartbeat SET at = $1', [since]);
  const heap = process.memoryUsage().heapUsed;
  const startedAt = new Date();
  const begun = performance.now();
  const planning = planner(wanted);
  await planning.start();
  const tookMs = performance.now() - begun;
  const grownMb = (process.memoryUsage().heapUsed - heap) / 1e6;
  await planning.stop();
  const { planned = 0, 'missed not-running': missed = 0, ...others } = await states('asleep-');
  const [{ due } = { due: -1 }] = await store.db.query<{ due: number }>(
    `SELECT count(*)::int AS due FROM slots s JOIN series r ON r.id = s.series_id WHERE starts_with(r.target, ` +
      `'asleep-') AND s.state = 'planned' AND s.slot_at <= $1`,
    [startedAt],
  );
  console.log(`${missed} slots missed, ${due} due, in ${Math.round(tookMs)} ms, heap ${grownMb.toFixed(0)} MB larger`);
  note(missed + due, others.missed ?? 0);
  expect(missed + due).toBeGreaterThanOrEqual(5_000);
  expect(others).toEqual({});
  expect(due).toBeLessThanOrEqual(targets.length);
  expect(planned).toBeLessThanOrEqual(2 * targets.length);
  expect(tookMs).toBeLessThan(60_000);
  expect(grownMb).toBeLessThan(250);
  // No worker gets more than it asked for.
  expect(await claimSlots(store.db, store.queue, { location: wanted.location, runner: 'one', leaseMs: 1_000 }, 3)).toHaveLength(3);
});

test('5,000 slots of a location whose agents are gone end as that, in steps', async () => {
  const { db, queue } = store;
  const [series] = await recordSeries(db, queue, [{ target: 'gone', route: 'ifd', location: 'nowhere' }]);
  const from = Math.floor(Date.now() / 1000) * 1000 - 5_100_000;
  const slots = Array.from({ length: 5_000 }, (_, n) => ({ at: new Date(from + n * 1000), startBefore: new Date(from + (n + 1) * 1000), missed: null }));
  await recordPlans(db, queue, [{ series: series!, until: new Date(), slots }]);
  const begun = performance.now();
  let rounds = 0;
  for (; ((await states('gone')).planned ?? 0) > 0 && rounds < 20; rounds += 1) await sweep(db, queue);
  console.log(`5,000 slots in ${rounds} rounds of ${Math.round((performance.now() - begun) / rounds)} ms`);
  note(5_000, 0);
  expect(await states('gone')).toEqual({ 'missed no-agent': 5_000 });
  expect(rounds, '500 at a time, beside what others left').toBeGreaterThanOrEqual(10);
});

test('a clock that jumps a day ahead and back neither begins a storm nor leaves a day in silence; what was run by the wrong clock is run again', async () => {
  const wanted = await settings('every 1m', ['jump-a', 'jump-b']);
  const planning = planner(wanted);
  await planning.start();
  const future = async (): Promise<{ planned: number; missed: number; due: number }> => {
    const [row] = await store.db.query<{ planned: number; missed: number; due: number }>(
      `SELECT count(*) FILTER (WHERE s.state = 'planned' AND s.slot_at > $1)::int AS planned, count(*) FILTER (WHERE s.state = 'missed' AND s.slot_at \
> $1)::int AS missed,
         count(*) FILTER (WHERE s.state = 'planned' AND s.slot_at <= $1)::int AS due FROM slots s JOIN series r ON r.id = s.series_id WHERE \
starts_with(r.target, 'jump-')`,
      [new Date()],
    );
    return row!;
  };
  let storms = 0;
  await withClock(async (set) => {
    set(day);
    // Told as missed, and planned on from there.
    await expect.poll(async () => (await states('jump-'))['missed machine-asleep'] ?? 0, { timeout: 30_000 }).toBeGreaterThan(2 * 1_400);
    const there = await future();
    storms += there.due > 2 ? 1 : 0;
    const [slot] = await claimSlots(store.db, store.queue, { location: wanted.location, runner: 'two', leaseMs: 30_000 }, 100).then((claims) =>
      claims.filter(({ target }) => target.startsWith('jump-')),
    );
    if (slot) await finishSlot(store.db, store.queue, slot, [sampleOutcome('healthy')]);
    set(0);
    await planning.reload(wanted);
    const back = await future();
    storms += back.due > 2 ? 1 : 0;
    expect(back.missed, 'missed before they were due').toBe(0);
    expect(back.planned, 'the next nine minutes').toBeGreaterThanOrEqual(2 * 9 - 2);
    // Or it would hide the next outage for a day.
    await expect.poll(async () => (await store.db.query<{ at: Date }>('SELECT at FROM heartbeat', []))[0]!.at.getTime()).toBeLessThan(Date.now() + minute);
    set(-day);
    await planning.reload(wanted);
    const earlier = await future();
    storms += earlier.due > 2 ? 1 : 0;
    expect(earlier.planned, 'set back a day from the right time').toBeGreaterThanOrEqual(2 * 9 - 2);
    expect(earlier.planned).toBeLessThanOrEqual(2 * 11);
  });
  await planning.stop();
  note(3, storms);
  expect(storms).toBe(0);
});
