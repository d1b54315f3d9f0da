import type { MissedBecause, SeriesKey } from '../../../contracts/monitoring';
import type { Database, Queries } from '../database';
import type { Queue } from '../queue';
import { recount } from '../rollups';
import { jobId, slotId } from '../slot-id';

export interface KnownSeries extends SeriesKey {
  readonly id: number;
  /** Up to here all slots are recorded; null = none yet. */
  readonly plannedUntil: Date | null;
}

/** The slots of one series over a span. */
export interface Plan {
  readonly series: KnownSeries;
  readonly until: Date;
  readonly slots: readonly {
    readonly at: Date;
    /** When it is too late to begin: the next slot's instant. */
    readonly startBefore: Date;
    /** It was due while nobody could plan, and it is too late now. */
    readonly missed: MissedBecause | null;
  }[];
}

/** Records the series of the configuration; returns them with their ids. */
export async function recordSeries(db: Database, queue: Queue, keys: readonly SeriesKey[]): Promise<KnownSeries[]> {
  for (const location of new Set(keys.map((key) => key.location))) await queue.prepare(location);
  const columns = [keys.map(({ target }) => target), keys.map(({ route }) => route), keys.map(({ location }) => location)];
  await db.query(
    `INSERT INTO series (target, route, location) SELECT * FROM unnest($1::text[], $2::text[], $3::text[]) ORDER BY 1, 2, 3
     ON CONFLICT (target, route, location) DO UPDATE SET active = true, planned_until = NULL WHERE NOT series.active`,
    columns,
  );
  const rows = await db.query<{ id: number; target: string; route: SeriesKey['route']; location: string; planned_until: Date | null }>(
    `SELECT id, target, route, location, planned_until FROM series JOIN unnest($1::text[], $2::text[], $3::text[]) k (target, route, ` +
      `location) USING (target, route, location)`,
    columns,
  );
  return rows.map(({ id, target, route, location, planned_until }) => ({ id, target, route, location, plannedUntil: planned_until }));
}

/** Records slots and their jobs in one transaction. What is recorded already stays as it is; nobody plans a slot twice. Returns how many are new. */
export async function recordPlans(db: Database, queue: Queue, plans: readonly Plan[]): Promise<number> {
  if (plans.length === 0) return 0;
  // In one order, so that two who plan the same do not wait for each other crosswise.
  const ordered = [...plans].sort((a, b) => a.series.id - b.series.id);
  return db.transaction(async (tx) => {
    const planned = ordered.flatMap(({ series, slots }) => slots.map((slot) => ({ ...slot, series, id: slotId(series, slot.at) })));
    const ids = await insert(tx, planned);
    const fresh = planned.filter(({ id }) => ids.has(id));
    for (const location of new Set(fresh.map(({ series }) => series.location)))
      await queue.add(
        location,
        fresh
          .filter(({ missed, series }) => missed === null && series.location === location)
          .map(({ id, at }) => ({ id: jobId(id, (ids.get(id) ?? 0) + 1), slotId: id, at, priority: 0 })),
        tx,
      );
    await tx.query(
      'UPDATE series SET planned_until = GREATEST(planned_until, plan.until) FROM unnest($1::int[], $2::timestamptz[]) AS plan ' +
        '(id, until) WHERE series.id = plan.id',
      [ordered.map(({ series }) => series.id), ordered.map(({ until }) => until.toISOString())],
    );
    const missed = fresh.filter(({ missed: why }) => why !== null);
    for (const { series, at, missed: why } of missed)
      await tx.query('UPDATE series SET latest_at = $2, missing = $3 WHERE id = $1 AND (latest_at IS NULL OR latest_at < $2)', [series.id, at, why]);
    await recount(
      tx,
      missed.map(({ at, series }) => ({ seriesId: series.id, slotAt: at })),
    );
    return fresh.length;
  });
}

/** Those that are new, or planned anew, with the attempts they have had. */
async function insert(
  tx: Queries,
  slots: readonly (Plan['slots'][number] & { readonly id: string; readonly series: KnownSeries })[],
): Promise<Map<string, number>> {
  if (slots.length === 0) return new Map();
  const rows = await tx.query<{ id: string; attempts: number }>(
    `INSERT INTO slots (id, series_id, slot_at, start_before, origin, state, missed_because, why)
     SELECT id, series_id, at, start_before, 'schedule', CASE WHEN missed IS NULL THEN 'planned' ELSE 'missed' END, missed, CASE WHEN missed IS NULL THEN NULL
     ELSE $6 END
     FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::timestamptz[], $5::text[]) AS plan (id, series_id, at, start_before, missed)
     ON CONFLICT (id) DO UPDATE SET state = 'planned', why = NULL, finished_at = NULL, start_before = EXCLUDED.start_before, evaluated = false
       WHERE slots.state = 'withdrawn' AND EXCLUDED.state = 'planned'
     RETURNING id, attempts`,
    [
      slots.map(({ id }) => id),
      slots.map(({ series }) => series.id),
      slots.map(({ at }) => at.toISOString()),
      slots.map(({ startBefore }) => startBefore.toISOString()),
      slots.map(({ missed }) => missed),
      'Nobody was there to plan or to run it.',
    ],
  );
  return new Map(rows.map(({ id, attempts }) => [id, attempts]));
}

/** Takes back slots that are not due yet and no longer in the schedule. Those due stay: they are run. Returns how many. */
export async function withdraw(db: Database, seriesId: number, keep: readonly Date[], now: Date): Promise<number> {
  const rows = await db.query(
    `UPDATE slots SET state = 'withdrawn', why = 'The schedule was changed before it was due.', finished_at = now(), evaluated = true
     WHERE series_id = $1 AND state = 'planned' AND origin = 'schedule' AND slot_at > $2 AND NOT (slot_at = ANY ($3::timestamptz[])) RETURNING id`,
    [seriesId, now, keep.map((at) => at.toISOString())],
  );
  await db.query('UPDATE series SET planned_until = LEAST(planned_until, $2) WHERE id = $1', [seriesId, now]);
  return rows.length;
}

/**
 * The clock was set back: what is recorded of times to come is taken back, or these series would stay silent until the clock gets there.
 * Slots that "ended" there keep their attempts, and are run again when they are due. Returns how many slots were taken back.
 */
export async function rewind(db: Database, seriesIds: readonly number[], now: Date): Promise<number> {
  return db.transaction(async (tx) => {
    await tx.query('SELECT 1 FROM series WHERE id = ANY ($1::int[]) ORDER BY id FOR UPDATE', [seriesIds]);
    const rows = await tx.query<{ series_id: number; slot_at: Date }>(
      `UPDATE slots SET state = 'withdrawn', why = 'The clock was set back.', missed_because = NULL, cause = NULL, cause_title = NULL, kb = NULL, run_id = NULL,
         total_ms = NULL, account = NULL, finished_at = now(), evaluated = true
       WHERE series_id = ANY ($1::int[]) AND slot_at > $2 AND state NOT IN ('running', 'withdrawn') AND origin = 'schedule' RETURNING series_id, slot_at`,
      [seriesIds, now],
    );
    await tx.query('UPDATE series SET planned_until = $2, latest_at = LEAST(latest_at, $2) WHERE id = ANY ($1::int[])', [seriesIds, now]);
    await recount(
      tx,
      rows.map(({ series_id, slot_at }) => ({ seriesId: series_id, slotAt: slot_at })),
    );
    return rows.length;
  });
}

/** Series that are no longer in the configuration: their slots that are not due are withdrawn, what they have seen stays. */
export async function retireSeries(db: Database, seriesId: number, now: Date): Promise<void> {
  await withdraw(db, seriesId, [], now);
  await db.query('UPDATE series SET active = false, planned_until = NULL WHERE id = $1', [seriesId]);
}
