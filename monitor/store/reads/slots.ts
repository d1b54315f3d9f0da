import { gunzipSync } from 'node:zlib';
import type { Attempt, SeriesKey, Slot, SlotState } from '../../../contracts/monitoring';
import { reportSchema } from '../../../contracts/report';
import type { Queries } from '../database';
import { attemptOf, type Row, slotColumns, slotOf } from '../slot-rows';
import type { SlotFilter, StoredReport, UnreadableReport } from '../store';

/** Slots, the newest first. */
export async function readSlots(db: Queries, filter: SlotFilter = {}): Promise<Slot[]> {
  const values: unknown[] = [];
  const add = (value: unknown): string => `$${values.push(value)}`;
  const limits = [
    filter.states && `s.state = ANY (${add(filter.states)}::text[])`,
    filter.before !== undefined && `s.slot_at < ${add(filter.before)}`,
    filter.after !== undefined && `s.slot_at >= ${add(filter.after)}`,
  ].filter((each) => typeof each === 'string');
  // Few series are meant: their ids first, so that the index by series and time gives the newest of each.
  const of = (['target', 'route', 'location'] as const).flatMap((column) => (filter[column] === undefined ? [] : [`${column} = ${add(filter[column])}`]));
  const limit = add(filter.limit ?? 100);
  const where = (more: readonly string[]): string => (more.length > 0 ? `WHERE ${more.join(' AND ')}` : '');
  const rows =
    of.length === 0
      ? await db.query<Row>(
          `SELECT ${slotColumns} FROM slots s JOIN series r ON r.id = s.series_id ${where(limits)} ORDER BY s.slot_at DESC, s.id DESC LIMIT ${limit}`,
          values,
        )
      : await db.query<Row>(
          `SELECT ${slotColumns} FROM series r CROSS JOIN LATERAL (SELECT * FROM slots s ${where(['s.series_id = r.id', ...limits])} ORDER BY s.slot_at DESC
          LIMIT ${limit}) s
           ${where(of.map((each) => `r.${each}`))} ORDER BY s.slot_at DESC, s.id DESC LIMIT ${limit}`,
          values,
        );
  return rows.map(slotOf);
}

export async function readSlot(db: Queries, id: string): Promise<{ slot: Slot; attempts: Attempt[] } | null> {
  if (!/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(id)) return null;
  const [row] = await db.query<Row>(`SELECT ${slotColumns} FROM slots s JOIN series r ON r.id = s.series_id WHERE s.id = $1`, [id]);
  if (!row) return null;
  const attempts = await db.query<Row>(
    `SELECT a.*, EXISTS (SELECT 1 FROM reports p WHERE p.run_id = a.run_id) AS has_report FROM attempts a WHERE a.slot_id = $1 ORDER BY a.n`,
    [id],
  );
  return { slot: slotOf(row), attempts: attempts.map(attemptOf) };
}

/** The latest slots of a series that ended with a verdict or were missed, the newest first. */
export async function readLatest(db: Queries, { target, route, location }: SeriesKey, n: number): Promise<Slot[]> {
  return readSlots(db, { target, route, location, limit: n, states: ['healthy', 'at-risk', 'broken', 'flaky', 'unknown', 'missed'] });
}

/** Reports come from agents too: nothing of theirs may fill the memory. */
const limit = { maxOutputLength: 64 * 1024 * 1024 };

export async function readReport(db: Queries, runId: string): Promise<StoredReport | UnreadableReport | null> {
  const [row] = await db.query<{ slot_id: string; report: Uint8Array; html: Uint8Array | null }>(
    'SELECT slot_id, report, html FROM reports WHERE run_id = $1',
    [runId],
  );
  if (!row) return null;
  const of = { runId, slotId: row.slot_id };
  try {
    const report = reportSchema.parse(JSON.parse(gunzipSync(row.report, limit).toString('utf8')));
    return { ...of, report, html: row.html === null ? null : gunzipSync(row.html, limit).toString('utf8') };
  } catch {
    return { ...of, unreadable: true };
  }
}

export async function readEndedSince(
  db: Queries,
  since: string,
): Promise<{ state: SlotState; missedBecause: string | null; series: SeriesKey; count: number }[]> {
  const rows = await db.query<Row>(
    `SELECT s.state, s.missed_because, r.target, r.route, r.location, count(*)::int AS count FROM slots s JOIN series r ON r.id = s.series_id
     WHERE s.slot_at >= $1 AND s.state NOT IN ('planned', 'running') GROUP BY 1, 2, 3, 4, 5`,
    [since],
  );
  return rows.map((row) => ({
    state: row.state as SlotState,
    missedBecause: row.missed_because as string | null,
    series: { target: row.target as string, route: row.route as SeriesKey['route'], location: row.location as string },
    count: row.count as number,
  }));
}

export async function readUnevaluated(db: Queries, limit: number): Promise<Slot[]> {
  const rows = await db.query<Row>(
    `SELECT ${slotColumns} FROM slots s JOIN series r ON r.id = s.series_id WHERE NOT s.evaluated AND s.state NOT IN ('planned', ` +
      `'running') ORDER BY s.slot_at, s.id LIMIT $1`,
    [limit],
  );
  return rows.map(slotOf);
}
