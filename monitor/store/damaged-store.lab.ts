/** Files of the embedded store that were damaged, and a Postgres server that goes away in the middle of a claim. */
import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { noPostgres, startPostgres } from '../testing/start-postgres';
import { sampleOutcome } from '../testing/sample-result';
import { type Claim, claimSlots } from './lifecycle/claim';
import { finishSlot } from './lifecycle/finish';
import { recordPlans, recordSeries } from './lifecycle/plan';
import { sweep } from './lifecycle/sweep';
import { openStore } from './open-store';

const full = process.env.SECURITY_FULL === '1';
const note = (attempts: number, leaks: number): void =>
  void test
    .info()
    .annotations.push(
      { type: 'threat', description: 'the scheduler makes up for lost time by a storm, or loses slots unsaid' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );

const damages: Readonly<Record<string, (data: string) => void>> = {
  'the control file is empty': (data) => truncateSync(join(data, 'global', 'pg_control'), 0),
  'the version is another’s': (data) => writeFileSync(join(data, 'PG_VERSION'), '9.1\n'),
  'the log is gone': (data) => rmSync(join(data, 'pg_wal'), { recursive: true }),
  'the control file is noise': (data) => writeFileSync(join(data, 'global', 'pg_control'), Buffer.alloc(8192, 0xa5)),
  'the tables’ folder is gone': (data) => rmSync(join(data, 'base'), { recursive: true }),
  'all is gone but the folder': (data) => readdirSync(data).forEach((name) => rmSync(join(data, name), { recursive: true })),
};

/** Each file with its size, and its content's hash. */
function contents(folder: string): string[] {
  return readdirSync(folder, { recursive: true })
    .map(String)
    .filter((name) => !name.endsWith('postmaster.pid') && statSync(join(folder, name)).isFile())
    .map(
      (name) =>
        `${name} ${createHash('sha1')
          .update(readFileSync(join(folder, name)))
          .digest('hex')}`,
    )
    .sort();
}

test('damaged files of the store are one clear message with what to do, and nothing of them is overwritten', async () => {
  test.setTimeout(240_000);
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-damaged-'));
  try {
    await (await openStore({ folder: join(folder, 'good') })).close();
    const wrong: string[] = [];
    const tried = Object.entries(damages).slice(0, full ? undefined : 3);
    for (const [what, damage] of tried) {
      const store = join(folder, 'store');
      await cp(join(folder, 'good'), store, { recursive: true });
      damage(join(store, 'data'));
      const before = contents(store);
      const said = await openStore({ folder: store }).then(
        async (opened) => (await opened.close(), 'it was opened'),
        (error: Error) => error.message,
      );
      if (!/^The store in .* could not be opened \(.+\)\. Restore a backup of the folder, or move it away/.test(said)) wrong.push(`${what}: ${said}`);
      const after = contents(store);
      const changed = before.filter((each) => !after.includes(each));
      if (changed.length > 0) wrong.push(`${what}: changed ${changed.slice(0, 3).join(', ')}`);
      if (after.length > before.length)
        wrong.push(
          `${what}: made ${after
            .filter((each) => !before.includes(each))
            .slice(0, 3)
            .join(', ')}`,
        );
      await rm(store, { recursive: true, force: true });
    }
    note(tried.length, wrong.length);
    expect(wrong).toEqual([]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('a Postgres server that restarts in the middle of claims costs no slot: each is run once, or again after its lease, and none twice at once', async () => {
  test.skip(noPostgres() !== null, noPostgres() ?? '');
  test.setTimeout(120_000);
  const server = await startPostgres();
  const store = await openStore({ url: server.url });
  try {
    const { db, queue } = store;
    const [series] = await recordSeries(db, queue, [{ target: 'contoso', route: 'ifd', location: 'hq' }]);
    const count = 40;
    const from = Math.floor(Date.now() / 1000) * 1000 - count * 1000;
    const slots = Array.from({ length: count }, (_, n) => ({ at: new Date(from + n * 1000), startBefore: new Date(from + 600_000), missed: null }));
    await recordPlans(db, queue, [{ series: series!, until: new Date(), slots }]);
    const got: Claim[] = [];
    let restarting = true;
    let refused = 0;
    const restart = server.restart().finally(() => (restarting = false));
    while (restarting || got.length === 0)
      await claimSlots(db, queue, { location: 'hq', runner: 'test', leaseMs: 1_500 }, 3).then(
        (claims) => void got.push(...claims),
        () => pause(20).then(() => (refused += 1)),
      );
    await restart;
    expect(refused).toBeGreaterThan(0);
    // Who has a claim ends it; what was claimed by an answer that never came is handed out again when its lease is over.
    const twice = got.length - new Set(got.map(({ slotId }) => slotId)).size;
    for (const claim of got) await finishSlot(db, queue, claim, [sampleOutcome('healthy')]);
    await expect
      .poll(
        async () => {
          await sweep(db, queue);
          for (const claim of await claimSlots(db, queue, { location: 'hq', runner: 'test', leaseMs: 30_000 }, 50))
            await finishSlot(db, queue, claim, [sampleOutcome('healthy')]);
          return (await store.slots({ location: 'hq', states: ['healthy'], limit: 100 })).length;
        },
        { timeout: 30_000 },
      )
      .toBe(count);
    note(count, twice);
    expect(twice, 'slots in two hands at once').toBe(0);
  } finally {
    await store.close();
    await server.stop();
  }
});
