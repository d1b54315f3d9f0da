import type { MissedBecause, RunnerRecord } from '../../../contracts/monitoring';
import type { Database, Queries } from '../database';
import { endOverdue, type Swept } from './sweep';

export interface Pulse {
  /** When this process began. */
  readonly startedAt: Date;
  readonly now: Date;
  /** Whether the store failed this process since its last beat. */
  readonly storeFailed: boolean;
  /** No beat of anybody for so long is an outage. */
  readonly outageAfterMs: number;
}

/**
 * Notes that somebody is there to plan. After a time without anybody, the slots that ran out meanwhile end as missed with what it was; of several
 * processes the first does it, the others wait. Returns what ended, and the outage.
 */
export async function beat(db: Database, { startedAt, now, storeFailed, outageAfterMs }: Pulse): Promise<{ outage: MissedBecause | null; swept: Swept[] }> {
  return db.transaction(async (tx) => {
    await tx.query('INSERT INTO heartbeat (at) VALUES ($1) ON CONFLICT DO NOTHING', [now]);
    const [row] = await tx.query<{ at: Date }>('SELECT at FROM heartbeat FOR UPDATE', []);
    // A beat far ahead is of a clock that was set back since: kept, it would hide every outage until then.
    await tx.query(`UPDATE heartbeat SET at = CASE WHEN at > $1::timestamptz + interval '1 minute' THEN $1 ELSE GREATEST(at, $1) END`, [now]);
    const last = row?.at ?? now;
    const silent = now.getTime() - last.getTime() > outageAfterMs;
    const outage = storeFailed ? 'store-down' : !silent ? null : startedAt > last ? 'not-running' : 'machine-asleep';
    return { outage, swept: outage === null ? [] : await endOverdue(tx, outage) };
  });
}

/** Notes a runner, so that the page knows who works where, and a missed slot whether anybody was there. */
export async function noteRunner(
  db: Queries,
  { name, kind, location, tool, capacity, running }: Omit<RunnerRecord, 'startedAt' | 'lastSeenAt'>,
): Promise<void> {
  await db.query(
    `INSERT INTO runners (name, kind, location, tool, started_at, last_seen_at, capacity, running) VALUES ($1, $2, $3, $4, now(), now(), $5, $6)
     ON CONFLICT (name) DO UPDATE SET kind = EXCLUDED.kind, location = EXCLUDED.location, tool = EXCLUDED.tool, last_seen_at = now(),
       capacity = EXCLUDED.capacity, running = EXCLUDED.running`,
    [name, kind, location, tool, capacity, running],
  );
}

export async function forgetRunner(db: Queries, name: string): Promise<void> {
  await db.query('DELETE FROM runners WHERE name = $1', [name]);
}
