import { type DayCounts, type Overview, overviewSchema } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { isoOrNull, type Row } from '../slot-rows';
import { bySeries } from './by-series';
import { countsOf, sumOf, worstOf } from './counts';

const dayMs = 86_400_000;

/** One entry per active series, ordered by target, route, location. Reads the series' own state and the roll-ups, never the slots one by one. */
export async function readOverview(db: Queries, days = 90, now = new Date()): Promise<Overview[]> {
  const [series, strips, hours] = await Promise.all([
    db.query<Row>(
      `SELECT r.*, (SELECT min(s.slot_at) FROM slots s WHERE s.series_id = r.id AND s.state = 'planned' AND s.slot_at > $1) AS next_slot_at
       FROM series r WHERE r.active ORDER BY r.target, r.route DESC, r.location`,
      [now],
    ),
    db.query<Row & { series_id: number }>(
      `SELECT d.series_id, d.day::text AS day, d.planned, d.healthy, d.at_risk, d.broken, d.flaky, d.unknown, d.missed, d.maintenance, d.timed, d.total_ms::float8 AS total_ms, d.max_ms
       FROM days d JOIN series r ON r.id = d.series_id WHERE r.active AND d.day > ($1::timestamptz AT TIME ZONE 'UTC')::date ORDER BY d.series_id, d.day`,
      [new Date(now.getTime() - days * dayMs)],
    ),
    db.query<Row & { series_id: number }>(
      `SELECT h.series_id, sum(h.planned)::int AS planned, sum(h.healthy)::int AS healthy, sum(h.at_risk)::int AS at_risk, sum(h.broken)::int AS broken,
         sum(h.flaky)::int AS flaky, sum(h.unknown)::int AS unknown, sum(h.missed)::int AS missed, sum(h.maintenance)::int AS maintenance
       FROM hours h WHERE h.hour > $1 GROUP BY h.series_id`,
      [new Date(now.getTime() - dayMs - 3_600_000)],
    ),
  ]);
  const strip = bySeries(strips);
  const recent = new Map(hours.map((row) => [row.series_id, row]));
  return series.map((row) => overviewOf(row, (strip.get(row.id as number) ?? []).map(dayOf), recent.get(row.id as number)));
}

function dayOf(row: Row): DayCounts {
  const counts = countsOf(row);
  const timed = Number(row.timed);
  return {
    ...counts,
    day: String(row.day),
    worst: worstOf(counts),
    meanMs: timed > 0 ? Math.round(Number(row.total_ms) / timed) : null,
    maxMs: row.max_ms as number | null,
  };
}

function overviewOf(row: Row, days: DayCounts[], recent: Row | undefined): Overview {
  return overviewSchema.parse({
    target: row.target,
    route: row.route,
    location: row.location,
    sts: row.sts,
    verdict: row.verdict,
    cause: row.cause,
    causeTitle: row.cause_title,
    kb: row.kb,
    summary: row.summary,
    since: isoOrNull(row.since as Date | null),
    lastSlotAt: isoOrNull(row.last_slot_at as Date | null),
    lastSlotId: row.last_slot_id,
    lastRunId: row.last_run_id,
    lastTotalMs: row.last_total_ms,
    missing: row.missing,
    nextSlotAt: isoOrNull(row.next_slot_at as Date | null),
    last24h: countsOf(recent ?? {}),
    total: sumOf(days),
    days,
    forecast: row.forecast,
  } satisfies Record<keyof Overview, unknown>);
}
