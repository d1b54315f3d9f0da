import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { type MonitorSettings, readMonitorSettings } from '../settings/monitor-settings';
import { Planner } from './planner';
import { pruneStore } from './retention';
import { noteRunner } from '../store/lifecycle/heartbeat';
import { type OpenStore, openStore } from '../store/open-store';

const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
let folder = '';
let store: OpenStore;

test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-planner-'));
  store = await openStore({ folder: join(folder, 'store') });
});
test.afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

let files = 0;
async function settings(schedule: string, targets: readonly string[] = ['contoso']): Promise<MonitorSettings> {
  const file = join(folder, `${(files += 1)}.yaml`);
  const target = (name: string): string =>
    `  - { name: ${name}, ifd: { url: 'https://${name}.test/' }, sts: https://sts.contoso.test, account: { windows: current } }\n`;
  await writeFile(file, `monitor: { schedule: ${schedule} }\ntargets:\n${targets.map(target).join('')}`);
  return readMonitorSettings(file);
}

/** Never looks by itself: only `start` and `reload` plan. */
const planner = (wanted: MonitorSettings, { on = store, place = 'output' } = {}): Planner =>
  new Planner({ store: on, settings: wanted, log, outFolder: join(folder, place), everyMs: 3_600_000 });

/** Seconds between the slots that are to come. */
async function gaps(): Promise<number[]> {
  const slots = await store.slots({ states: ['planned'], after: new Date().toISOString() });
  const times = slots.map(({ slotAt }) => Date.parse(slotAt)).toSorted((a, b) => a - b);
  return [...new Set(times.slice(1).map((time, n) => (time - (times[n] ?? 0)) / 1000))];
}

test('two who ask for the configuration to be read again at the same moment leave the later one in force', async () => {
  let held: Promise<void> | null = null;
  const query: OpenStore['db']['query'] = async (text, values) => {
    if (text.includes('INSERT INTO series')) {
      const wait = held;
      held = null;
      await wait;
    }
    return store.db.query(text, values);
  };
  const planning = planner(await settings('every 20s'), { on: { ...store, db: { ...store.db, query } } });
  await planning.start();
  expect(await gaps()).toEqual([20]);
  const [first, second] = [await settings('every 30s'), await settings('every 50s')];
  // The store is slow with the first one.
  held = pause(500);
  await Promise.all([planning.reload(first), planning.reload(second)]);
  expect(await gaps()).toEqual([50]);
  await planning.stop();
});

test('a target that was removed from one watch after the other is retired once nobody plans it any more', async () => {
  const both = planner(await settings('every 1m', ['contoso', 'fabrikam']));
  await both.start();
  await both.stop();
  await noteRunner(store.db, { name: 'watch@other:1', kind: 'watch', location: 'hq', tool: '1.0.0', capacity: 1, running: 0 });
  const names = async (): Promise<string[]> => (await store.series()).map(({ target }) => target);
  const one = planner(await settings('every 1m', ['contoso']));
  await one.start();
  await one.stop();
  // The other watch may still have it.
  expect(await names()).toEqual(['contoso', 'fabrikam']);
  await store.db.query(`UPDATE series SET planned_until = now() - interval '11 minutes' WHERE target = 'fabrikam'`, []);
  const again = planner(await settings('every 1m', ['contoso']));
  await again.start();
  await again.stop();
  expect(await names()).toEqual(['contoso']);
});

test('a watch that was last heard of by a clock that was set back since is no longer at work: its targets are retired', async () => {
  const both = planner(await settings('every 1m', ['contoso', 'fabrikam']));
  await both.start();
  await both.stop();
  await noteRunner(store.db, { name: 'watch@other:1', kind: 'watch', location: 'hq', tool: '1.0.0', capacity: 1, running: 0 });
  await store.db.query(`UPDATE runners SET last_seen_at = now() + interval '1 hour' WHERE name = 'watch@other:1'`, []);
  const one = planner(await settings('every 1m', ['contoso']));
  await one.start();
  await one.stop();
  expect((await store.series()).map(({ target }) => target)).toEqual(['contoso']);
  await pruneStore(store.db, { healthyDays: 30, otherDays: 30, slotDays: 30 });
  expect((await store.runners()).map(({ name }) => name)).toContain('watch@other:1');
  await store.db.query(`UPDATE runners SET last_seen_at = now() + interval '8 days' WHERE name = 'watch@other:1'`, []);
  await pruneStore(store.db, { healthyDays: 30, otherDays: 30, slotDays: 30 });
  expect((await store.runners()).map(({ name }) => name)).not.toContain('watch@other:1');
});

test('an announced change lasts until it is finished where it was announced: neither a file that cannot be read nor another watch ends it', async () => {
  const output = join(folder, 'output', 'changes');
  await mkdir(output, { recursive: true });
  const change = {
    schema: 1,
    name: 'patch',
    startedAt: new Date(Date.now() - 60_000).toISOString(),
    finishedAt: null,
    targets: [{ name: 'contoso', routes: ['ifd'] }],
    expect: [],
    baseline: 'patch',
    repeat: 1,
    checks: [],
  };
  const write = (content: object | string): Promise<void> =>
    writeFile(join(output, 'patch.json'), typeof content === 'string' ? content : JSON.stringify(content));
  const open = async (): Promise<(string | null)[]> =>
    (await store.windows({ from: new Date().toISOString(), to: new Date(Date.now() + 1_000).toISOString() })).map(({ text }) => text);
  const look = async (place = 'output'): Promise<void> => {
    const planning = planner(await settings('every 1m'), { place });
    await planning.start();
    await planning.stop();
  };
  await write(change);
  await look();
  await look('output of another machine');
  expect(await open()).toEqual(['Change patch']);
  await write('{ "schema": 1, "na');
  await look();
  expect(await open()).toEqual(['Change patch']);
  await write({ ...change, finishedAt: new Date().toISOString() });
  await look();
  expect(await open()).toEqual([]);

  // Its machine is gone for good.
  await write({ ...change, startedAt: new Date().toISOString() });
  await look();
  await store.db.query(`UPDATE windows SET said_at = now() - interval '2 days' WHERE to_at IS NULL`, []);
  await look('output of another machine');
  expect(await open()).toEqual([]);
});
