import { type DayCounts, type Overview, overviewSchema } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { isoOrNull, type Row } from '../slot-rows';
import { sumOf } from '../coverage';
import { countsOf, worstOf } from './counts';

const dayMs = 86_400_000;

/** One entry per active series, ordered by target, route, location. Reads the series' own state and the roll-ups, never the slots one by one. */
export async function readOverview(db: Queries, days = 90, now = new Date()): Promise<Overview[]> {
  const [series, strips, hours] = await Promise.all([
    db.query<Row>(
      `SELECT r.*, (SELECT min(s.slot_at) FROM slots s WHERE s.series_id = r.id AND s.state = 'planned' AND s.slot_at > $1) AS next_slot_at
       FROM series r WHERE r.active ORDER BY r.target, r.route DESC, r.location`,
      [now],
    ),
    // One row per series: as lists within JSON, ninety days of fifty series are read four times faster than as rows.
    db.query<{ series_id: number; days: DayRow[] }>(
      `SELECT d.series_id, json_agg(json_build_array(d.day, d.planned, d.healthy, d.at_risk, d.broken, d.flaky, d.unknown, d.missed, d.maintenance, d.timed,
      d.total_ms, d.max_ms) ORDER BY d.day) AS days
       FROM days d JOIN series r ON r.id = d.series_id WHERE r.active AND d.day > ($1::timestamptz AT TIME ZONE 'UTC')::date GROUP BY d.series_id`,
      [new Date(now.getTime() - days * dayMs)],
    ),
    db.query<Row & { series_id: number }>(
      `SELECT r.id AS series_id, h.* FROM series r CROSS JOIN LATERAL (
         SELECT sum(planned)::int AS planned, sum(healthy)::int AS healthy, sum(at_risk)::int AS at_risk, sum(broken)::int AS broken,
           sum(flaky)::int AS flaky, sum(unknown)::int AS unknown, sum(missed)::int AS missed, sum(maintenance)::int AS maintenance
         FROM hours WHERE series_id = r.id AND hour > $1) h WHERE r.active`,
      [new Date(now.getTime() - dayMs - 3_600_000)],
    ),
  ]);
  const strip = new Map(strips.map((row) => [row.series_id, row.days]));
  const recent = new Map(hours.map((row) => [row.series_id, row]));
  return series.map((row) => overviewOf(row, (strip.get(row.id as number) ?? []).map(dayOf), recent.get(row.id as number)));
}

type DayRow = readonly [
  day: string,
  planned: number,
  healthy: number,
  atRisk: number,
  broken: number,
  flaky: number,
  unknown: number,
  missed: number,
  maintenance: number,
  timed: number,
  totalMs: number | null,
  maxMs: number | null,
];

function dayOf([day, planned, healthy, atRisk, broken, flaky, unknown, missed, maintenance, timed, totalMs, maxMs]: DayRow): DayCounts {
  const counts = { planned, healthy, atRisk, broken, flaky, unknown, missed, maintenance };
  return { ...counts, day, worst: worstOf(counts), meanMs: timed > 0 && totalMs !== null ? Math.round(totalMs / timed) : null, maxMs };
}

function overviewOf(row: Row, days: DayCounts[], recent: Row | undefined): Overview {
  // The days are counted right here; checking thousands of them again would take longer than reading them.
  const head = overviewSchema.omit({ days: true }).parse({
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
    forecast: row.forecast,
  } satisfies Record<Exclude<keyof Overview, 'days'>, unknown>);
  return { ...head, days };
}
