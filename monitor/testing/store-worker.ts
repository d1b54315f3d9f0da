/**
 * A process on an embedded store, for tests that end it: `store-worker.ts write FOLDER` plans, claims and ends slots and says on standard output what the
 * store has acknowledged; `store-worker.ts check FOLDER` (or `check-deep`) opens the store, reads all of it, works off what was in flight, and prints a
 * `StoreFindings`.
 */
import { createHash, randomBytes } from 'node:crypto';
import fs from 'node:fs';
import { join } from 'node:path';
import type { SeriesKey } from '../../contracts/monitoring';
import { claimSlots } from '../store/lifecycle/claim';
import { finishSlot } from '../store/lifecycle/finish';
import { recordPlans, recordSeries } from '../store/lifecycle/plan';
import { sweep } from '../store/lifecycle/sweep';
import { openStore, type OpenStore } from '../store/open-store';
import { sampleOutcome } from './sample-result';

/** What the store has acknowledged to the writer. */
export type Acknowledged =
  | { readonly kind: 'open' }
  | { readonly kind: 'planned'; readonly ids: readonly string[] }
  | { readonly kind: 'claimed'; readonly id: string }
  | { readonly kind: 'finished'; readonly id: string; readonly verdict: string; readonly reportSha1: string };

interface FoundSlot {
  readonly state: string;
  /** Once more after everything in flight was worked off. */
  readonly end: string;
  readonly attempts: number;
  /** The end of its first attempt says that its runner stopped answering. */
  readonly interrupted: boolean;
  readonly reportSha1: string | null;
}

export interface StoreFindings {
  readonly slots: Readonly<Record<string, FoundSlot>>;
  /** What is wrong with tables and indexes; empty = nothing. */
  readonly corrupt: readonly string[];
  readonly openMs: number;
}

const location = 'disk';
const keys: readonly SeriesKey[] = (['internal', 'ifd'] as const).map((route) => ({ target: 'contoso', route, location }));

async function write(folder: string): Promise<void> {
  if (process.env.STORE_WORKER_NO_SYNC) fs.fsyncSync = () => undefined;
  const store = await openStore({ folder });
  const { db, queue } = store;
  say({ kind: 'open' });
  const [{ slots: before } = { slots: 0 }] = await db.query<{ slots: number }>('SELECT count(*)::int AS slots FROM slots', []);
  const series = await recordSeries(db, queue, keys);
  // A second of its own for each slot, all in the past, so that all are due.
  const begin = Math.floor(Date.now() / 1000) * 1000 - 86_400_000 + before * 1000;
  for (let round = 0; ; round += 1) {
    const slots = [0, 1, 2].map((n) => ({
      at: new Date(begin + (round * 3 + n) * 1000),
      startBefore: new Date(Date.now() + (n === 2 ? 4_000 : 600_000)),
      missed: null,
    }));
    await recordPlans(
      db,
      queue,
      series.map((each) => ({ series: each, until: slots[2]?.at ?? new Date(), slots })),
    );
    const ids = (await db.query<{ id: string }>(`SELECT id FROM slots WHERE slot_at >= $1`, [slots[0]?.at])).map(({ id }) => id);
    say({ kind: 'planned', ids });
    const claims = await claimSlots(db, queue, { location, runner: `writer ${process.pid}`, leaseMs: 60_000 }, 8);
    for (const { slotId: id } of claims) say({ kind: 'claimed', id });
    for (const claim of claims) {
      const json = randomBytes(1_000 + Math.floor(Math.random() * 60_000));
      const outcome = {
        ...sampleOutcome(Math.random() < 0.5 ? 'healthy' : 'broken'),
        runId: `run-${claim.slotId}`,
        report: { json: json.toString('base64'), html: null },
      };
      const verdict = await finishSlot(db, queue, claim, [outcome]);
      if (verdict !== null) say({ kind: 'finished', id: claim.slotId, verdict, reportSha1: createHash('sha1').update(json).digest('hex') });
    }
    if (Math.random() < 0.1) await db.script('CHECKPOINT');
  }
}

const say = (acknowledged: Acknowledged): void => void fs.writeSync(1, `${JSON.stringify(acknowledged)}\n`);

async function check(folder: string, deep: boolean): Promise<void> {
  const began = Date.now();
  const store = await openStore({ folder });
  const openMs = Date.now() - began;
  const before = await statesOf(store);
  const reports = await store.db.query<{ slot_id: string; report: Buffer }>('SELECT slot_id, report FROM reports', []);
  const sha1 = new Map(reports.map(({ slot_id, report }) => [slot_id, createHash('sha1').update(report).digest('hex')]));
  const corrupt = await inconsistencies(store);
  await workOff(store);
  const after = await statesOf(store);
  const interrupted = new Set(
    (await store.db.query<{ slot_id: string }>(`SELECT slot_id FROM attempts WHERE why LIKE '%stopped answering%'`, [])).map(({ slot_id }) => slot_id),
  );
  corrupt.push(...(await inconsistencies(store)));
  const slots = Object.fromEntries(
    [...before].map(([id, { state }]): [string, FoundSlot] => {
      const { state: end, attempts } = after.get(id) ?? { state: 'gone', attempts: 0 };
      return [id, { state, end, attempts, interrupted: interrupted.has(id), reportSha1: sha1.get(id) ?? null }];
    }),
  );
  await store.close();
  if (deep) corrupt.push(...(await damage(join(folder, 'data'))));
  fs.writeSync(1, `${JSON.stringify({ slots, corrupt, openMs } satisfies StoreFindings)}\n`);
}

async function statesOf({ db }: OpenStore): Promise<Map<string, { state: string; attempts: number }>> {
  const rows = await db.query<{ id: string; state: string; attempts: number }>('SELECT id, state, attempts FROM slots', []);
  return new Map(rows.map(({ id, ...slot }) => [id, slot]));
}

/** Ends what was in flight as the next watch does: lost claims are swept, what comes back is run again. */
async function workOff({ db, queue }: OpenStore): Promise<void> {
  // The lease of a killed process runs out by itself; the test does not wait for it.
  await db.query(`UPDATE slots SET lease_until = now() - interval '1 second' WHERE state = 'running'`, []);
  await sweep(db, queue);
  for (;;) {
    const claims = await claimSlots(db, queue, { location, runner: `checker ${process.pid}`, leaseMs: 60_000 }, 50);
    if (claims.length === 0) return void (await sweep(db, queue));
    for (const claim of claims) await finishSlot(db, queue, claim, [sampleOutcome('healthy')]);
  }
}

/** Compares what belongs together. */
async function inconsistencies({ db }: OpenStore): Promise<string[]> {
  const wrong: string[] = [];
  const related: Readonly<Record<string, string>> = {
    'slots whose attempts are not all there': `SELECT 1 FROM slots s WHERE s.attempts <> (SELECT count(*) FROM attempts a WHERE a.slot_id = s.id)`,
    'ended slots without the end of an attempt':
      `SELECT 1 FROM slots s WHERE s.state IN ('healthy', 'broken') AND NOT EXISTS (SELECT 1 FROM attempts a WHERE a.slot_id ` +
      `= s.id AND a.finished_at IS NOT NULL)`,
    'planned slots without a job':
      `SELECT 1 FROM slots s WHERE s.state = 'planned' AND s.start_before > now() AND NOT EXISTS (SELECT 1 FROM signin_queue.job j WHERE j.data->>` +
      `'slotId' = s.id::text AND j.state IN ('created', 'retry'))`,
    'reports without a slot': `SELECT 1 FROM reports p WHERE NOT EXISTS (SELECT 1 FROM slots s WHERE s.id = p.slot_id)`,
  };
  for (const [what, query] of Object.entries(related)) {
    const rows = await db.query(query, []);
    if (rows.length > 0) wrong.push(`${rows.length} ${what}`);
  }
  return wrong;
}

/** Every page of every table, and every entry of every index, as Postgres' own amcheck reads them. */
async function damage(dataFolder: string): Promise<string[]> {
  const { PGlite } = await import('@electric-sql/pglite');
  const { amcheck } = await import('@electric-sql/pglite/contrib/amcheck');
  const pglite = await PGlite.create({ dataDir: dataFolder, extensions: { amcheck } });
  await pglite.exec('CREATE EXTENSION IF NOT EXISTS amcheck');
  const kinds = { r: `SELECT msg FROM verify_heapam($1::oid::regclass, check_toast => true)`, i: 'SELECT bt_index_check($1::oid::regclass, true)' } as const;
  const { rows } = await pglite.query<{ oid: number; name: string; kind: 'r' | 'i' }>(
    `SELECT c.oid::int AS oid, c.oid::regclass::text AS name, CASE c.relkind WHEN 'i' THEN 'i' ELSE 'r' END AS kind
     FROM pg_class c LEFT JOIN pg_am a ON a.oid = c.relam WHERE c.relkind IN ('r', 't') OR (c.relkind = 'i' AND a.amname = 'btree')`,
  );
  const wrong: string[] = [];
  for (const { oid, name, kind } of rows)
    try {
      const found = await pglite.query<{ msg?: string }>(kinds[kind], [oid]);
      if (kind === 'r') wrong.push(...found.rows.map(({ msg }) => `${name}: ${msg}`));
    } catch (error) {
      wrong.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    }
  await pglite.close();
  return wrong;
}

const [action, folder] = process.argv.slice(2);
const store = join(folder ?? '', 'store');
(action === 'write' ? write(store) : check(store, action === 'check-deep')).catch((error: Error) => {
  console.error(error.message);
  process.exit(3);
});
