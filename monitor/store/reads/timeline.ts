import type { SeriesKey, SlotState, TimelinePoint } from '../../../contracts/monitoring';
import type { Queries } from '../database';
import { iso, type Row } from '../slot-rows';
import type { Timeline } from '../store';
import { readAlertsOf } from './alerts';
import { bySeries } from './by-series';
import { readCertificates } from './certificates';
import { countsOf, meansOf, worstOf } from './counts';
import { readWindows } from './windows';

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Slots up to two days, hours up to 31 days, days beyond: never more than some thousand points. */
export async function readTimeline(db: Queries, target: string, span: { readonly from: string; readonly to: string }): Promise<Timeline> {
  const length = Date.parse(span.to) - Date.parse(span.from);
  const step = length <= 2 * dayMs ? 'slot' : length <= 31 * dayMs ? 'hour' : 'day';
  const series = await db.query<Row & { id: number }>(
    'SELECT id, target, route, location FROM series WHERE target = $1 AND active ORDER BY route DESC, location',
    [target],
  );
  const read = { slot: slotPoints, hour: hourPoints, day: dayPoints }[step];
  const points = await read(
    db,
    series.map(({ id }) => id),
    span,
  );
  const [windows, certificates, alerts] = await Promise.all([
    readWindows(db, span, target),
    readCertificates(db, { all: true, target, firstSeen: span }),
    readAlertsOf(db, target, span),
  ]);
  return {
    step,
    series: series.map(({ id, ...row }) => ({
      key: { target: row.target as string, route: row.route as SeriesKey['route'], location: row.location as string },
      points: points.get(id) ?? [],
    })),
    windows,
    certificates,
    alerts,
  };
}

type Points = Map<number, TimelinePoint[]>;
type ReadPoints = (db: Queries, series: readonly number[], span: { readonly from: string; readonly to: string }) => Promise<Points>;

const grouped = (rows: readonly (Row & { series_id: number })[], point: (row: Row) => TimelinePoint): Points =>
  new Map([...bySeries(rows)].map(([id, each]) => [id, each.map(point)]));

const slotPoints: ReadPoints = async (db, series, { from, to }) => {
  const rows = await db.query<Row & { series_id: number }>(
    `SELECT s.series_id, s.id, s.slot_at, s.start_before, s.state, s.cause, s.run_id, a.total_ms, a.dns_ms, a.tls_ms, a.sts_ms, a.token_post_ms, a.crm_page_ms
     FROM slots s LEFT JOIN attempts a ON a.slot_id = s.id AND a.n = s.attempts
     WHERE s.series_id = ANY ($1) AND s.slot_at >= $2 AND s.slot_at < $3 AND s.state NOT IN ('planned', 'running', 'withdrawn') ORDER BY s.series_id,
     s.slot_at`,
    [series, from, to],
  );
  return grouped(rows, (row) => {
    const counts = countsOf({ planned: row.state === 'maintenance' ? 0 : 1, [(row.state as SlotState).replace('-', '_')]: 1 });
    return {
      ...counts,
      from: iso(row.slot_at as Date),
      to: iso(row.start_before as Date),
      worst: worstOf(counts),
      cause: row.cause as string | null,
      timings: row.total_ms === null ? null : meansOf({ ...row, timed: 1 }),
      slotId: row.id as string,
      runId: row.run_id as string | null,
    };
  });
};

const sums =
  'total_ms::float8 AS total_ms, dns_ms::float8 AS dns_ms, tls_ms::float8 AS tls_ms, sts_ms::float8 AS sts_ms, token_post_ms::float8 AS ' +
  'token_post_ms, crm_page_ms::float8 AS crm_page_ms';
const counts = 'series_id, planned, healthy, at_risk, broken, flaky, unknown, missed, maintenance, cause, timed';

const hourPoints: ReadPoints = async (db, series, { from, to }) => {
  const rows = await db.query<Row & { series_id: number }>(
    `SELECT hour AS at, ${counts}, ${sums} FROM hours WHERE series_id = ANY ($1) AND hour >= $2 AND hour < $3 ORDER BY series_id, hour`,
    [series, from, to],
  );
  return grouped(rows, (row) => rolledPoint(row, hourMs));
};

const dayPoints: ReadPoints = async (db, series, { from, to }) => {
  const rows = await db.query<Row & { series_id: number }>(
    `SELECT day::timestamp AT TIME ZONE 'UTC' AS at, ${counts}, ${sums} FROM days
     WHERE series_id = ANY ($1) AND day >= ($2::timestamptz AT TIME ZONE 'UTC')::date AND day <= ($3::timestamptz AT TIME ZONE 'UTC')::date ORDER BY
     series_id, day`,
    [series, from, to],
  );
  return grouped(rows, (row) => rolledPoint(row, dayMs));
};

function rolledPoint(row: Row, lengthMs: number): TimelinePoint {
  const all = countsOf(row);
  const at = row.at as Date;
  return {
    ...all,
    from: iso(at),
    to: new Date(at.getTime() + lengthMs).toISOString(),
    worst: worstOf(all),
    cause: row.cause as string | null,
    timings: meansOf(row),
    slotId: null,
    runId: null,
  };
}
