import type { MissedBecause } from '../../../contracts/monitoring';
import type { Database, Queries } from '../database';
import type { Queue } from '../queue';
import { recount } from '../rollups';
import { jobId } from '../slot-id';
import { inMaintenance } from './claim';

/** More attempts than this lose their runner for a reason that another attempt shares. */
const maxAttempts = 3;
/** A location whose runners were not heard of for so long has none. */
export const runnerGoneAfterMs = 60_000;
/**
 * SQL: whether a row of `runners` is of a process that is there; `ms` is the parameter with `runnerGoneAfterMs`. One that was heard of in the future is not:
 * the clock was set back, and a process that still works is heard of again at once.
 */
export const runnerIsThere = (ms: `$${number}`): string =>
  `last_seen_at BETWEEN now() - ${ms} * interval '1 millisecond' AND now() + ${ms} * interval '1 millisecond'`;

export interface Swept {
  readonly slotId: string;
  readonly state: 'planned' | 'missed' | 'maintenance';
}

/** Ends what nobody will end any more, and gives another attempt to what was lost while there is time. Any number of processes may do so at once. */
export async function sweep(db: Database, queue: Queue): Promise<Swept[]> {
  return [
    ...(await db.transaction(endMaintenance)),
    ...(await db.transaction((tx) => endLost(tx, queue))),
    ...(await db.transaction((tx) => endOverdue(tx, null))),
  ];
}

interface SlotRow {
  readonly id: string;
  readonly series_id: number;
  readonly slot_at: Date;
}

async function endMaintenance(tx: Queries): Promise<Swept[]> {
  return end(
    tx,
    `UPDATE slots SET state = 'maintenance', finished_at = now(), evaluated = true,
       why = (SELECT w.text FROM windows w WHERE w.kind = 'maintenance' AND w.from_at <= slots.slot_at AND (w.to_at IS NULL OR slots.slot_at < w.to_at)
       ORDER BY w.from_at DESC LIMIT 1)
     WHERE id IN (SELECT s.id FROM slots s JOIN series r ON r.id = s.series_id WHERE s.state = 'planned' AND s.slot_at <= now() AND ${inMaintenance}
       ORDER BY s.id LIMIT 500 FOR UPDATE OF s SKIP LOCKED)
     RETURNING id, series_id, slot_at`,
    [],
    'maintenance',
  );
}

/**
 * Slots nobody began in time. `outage`: what kept everybody from working, when something did; null = nothing, so workers were busy or not there. After an
 * outage all of them at once: what is left over would be taken for the workers' doing.
 */
export async function endOverdue(tx: Queries, outage: MissedBecause | null): Promise<Swept[]> {
  return end(
    tx,
    `UPDATE slots SET state = 'missed', finished_at = now(), missed_because = over.because, why = CASE over.because
         WHEN 'overloaded' THEN 'Every worker of the location was busy until the next slot was due.'
         WHEN 'no-agent' THEN 'Nobody was there to work for the location.'
         WHEN 'machine-asleep' THEN 'The machine slept or stood still.'
         WHEN 'store-down' THEN 'The database did not answer.'
         WHEN 'not-running' THEN 'No watch was running.' END
     FROM (SELECT s.id, COALESCE($1, CASE WHEN EXISTS (SELECT 1 FROM runners u WHERE u.location = r.location AND u.${runnerIsThere('$2')})
         THEN 'overloaded' ELSE 'no-agent' END) AS because
       FROM slots s JOIN series r ON r.id = s.series_id WHERE s.state = 'planned' AND s.start_before <= now() AND NOT ${inMaintenance}
       ORDER BY s.id LIMIT $3 FOR UPDATE OF s SKIP LOCKED) AS over
     WHERE slots.id = over.id
     RETURNING slots.id, slots.series_id, slots.slot_at`,
    [outage, runnerGoneAfterMs, outage === null ? 500 : null],
    'missed',
  );
}

async function end(tx: Queries, update: string, values: readonly unknown[], state: 'missed' | 'maintenance'): Promise<Swept[]> {
  const rows = await tx.query<SlotRow>(update, values);
  await afterEnd(tx, rows);
  return rows.map(({ id }) => ({ slotId: id, state }));
}

async function afterEnd(tx: Queries, rows: readonly SlotRow[]): Promise<void> {
  if (rows.length === 0) return;
  const ids = [...new Set(rows.map(({ series_id }) => series_id))].sort((a, b) => a - b);
  await tx.query('SELECT 1 FROM series WHERE id = ANY ($1) ORDER BY id FOR UPDATE', [ids]);
  await tx.query(
    `UPDATE series SET latest_at = s.slot_at, missing = s.missed_because
     FROM (SELECT DISTINCT ON (series_id) series_id, slot_at, missed_because FROM slots WHERE id = ANY ($1::uuid[]) ORDER BY series_id, slot_at DESC) s
     WHERE series.id = s.series_id AND (latest_at IS NULL OR latest_at <= s.slot_at)`,
    [rows.map(({ id }) => id)],
  );
  await recount(
    tx,
    rows.map(({ series_id, slot_at }) => ({ seriesId: series_id, slotAt: slot_at })),
  );
}

/** Slots whose runner stopped renewing its lease. */
async function endLost(tx: Queries, queue: Queue): Promise<Swept[]> {
  // No lease is so long: the clock was set back. Whoever still works prolongs it in time.
  await tx.query(
    `UPDATE slots SET lease_until = now() + $1 * interval '1 millisecond' WHERE state = 'running' AND lease_until > now() + interval '10 minutes'`,
    [runnerGoneAfterMs],
  );
  const lost = await tx.query<SlotRow & { attempts: number; runner: string; location: string; again: boolean }>(
    `SELECT s.id, s.series_id, s.slot_at, s.attempts, s.runner, r.location, s.start_before > now() AND s.attempts < $1 AS again
       FROM slots s JOIN series r ON r.id = s.series_id WHERE s.state = 'running' AND s.lease_until < now() ORDER BY s.id LIMIT 500
       FOR UPDATE OF s SKIP LOCKED`,
    [maxAttempts],
  );
  for (const { id, attempts, runner, location, again } of lost) {
    const why = `${runner} stopped answering.`;
    await tx.query('UPDATE attempts SET why = $3 WHERE slot_id = $1 AND n = $2 AND finished_at IS NULL', [id, attempts, why]);
    await queue.done(location, [jobId(id, attempts)], tx);
    await tx.query(
      again
        ? `UPDATE slots SET state = 'planned', claim = NULL, runner = NULL, lease_until = NULL WHERE id = $1`
        : `UPDATE slots SET state = 'missed', missed_because = 'agent-gone', why = $2, claim = NULL, lease_until = NULL, finished_at = now() WHERE id = $1`,
      again ? [id] : [id, `${why} It was too late for another attempt.`],
    );
    if (again) await queue.add(location, [{ id: jobId(id, attempts + 1), slotId: id, at: new Date(0), priority: 5 }], tx);
  }
  await afterEnd(
    tx,
    lost.filter(({ again }) => !again),
  );
  return lost.map(({ id, again }) => ({ slotId: id, state: again ? ('planned' as const) : ('missed' as const) }));
}
