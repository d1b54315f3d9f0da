import type { Queries } from './database';

/** The counts and sums that both roll-up tables have, from slots `s` and the attempt `a` that gave the verdict. */
const counted = `
  count(*) FILTER (WHERE s.state NOT IN ('maintenance', 'withdrawn')), count(*) FILTER (WHERE s.state = 'healthy'), count(*) FILTER (WHERE s.state = 'at-risk'),
  count(*) FILTER (WHERE s.state = 'broken'), count(*) FILTER (WHERE s.state = 'flaky'), count(*) FILTER (WHERE s.state = 'unknown'),
  count(*) FILTER (WHERE s.state = 'missed'), count(*) FILTER (WHERE s.state = 'maintenance'),
  mode() WITHIN GROUP (ORDER BY s.cause),
  count(a.total_ms), sum(a.total_ms), sum(a.dns_ms), sum(a.tls_ms), sum(a.sts_ms), sum(a.token_post_ms), sum(a.crm_page_ms), max(a.total_ms)`;
const columns =
  'planned, healthy, at_risk, broken, flaky, unknown, missed, maintenance, cause, timed, total_ms, dns_ms, tls_ms, sts_ms, token_post_ms, crm_page_ms, max_ms';
const replace = `SET (${columns}) = (${columns
  .split(', ')
  .map((column) => `EXCLUDED.${column}`)
  .join(', ')})`;

/** Hours from slots; `filter` narrows both to what changed. Also used to fill a whole store at once. */
export const fillHours = (filter: string): string => `
  INSERT INTO hours (series_id, hour, ${columns})
  SELECT s.series_id, date_trunc('hour', s.slot_at, 'UTC'), ${counted}
  FROM slots s LEFT JOIN attempts a ON a.slot_id = s.id AND a.n = s.attempts
  WHERE s.state NOT IN ('planned', 'running') AND ${filter}
  GROUP BY 1, 2 ON CONFLICT (series_id, hour) DO UPDATE ${replace}`;

/** Days (UTC) from hours. */
export const fillDays = (filter: string): string => `
  INSERT INTO days (series_id, day, ${columns})
  SELECT h.series_id, (h.hour AT TIME ZONE 'UTC')::date, sum(planned), sum(healthy), sum(at_risk), sum(broken), sum(flaky), sum(unknown), sum(missed),
  sum(maintenance),
    mode() WITHIN GROUP (ORDER BY cause), sum(timed), sum(total_ms), sum(dns_ms), sum(tls_ms), sum(sts_ms), sum(token_post_ms), sum(crm_page_ms), max(max_ms)
  FROM hours h WHERE ${filter}
  GROUP BY 1, 2 ON CONFLICT (series_id, day) DO UPDATE ${replace}`;

/**
 * Counts the hours and days of slots that just ended anew, from the slots themselves: whatever happened before, they are right afterwards.
 * The caller holds the lock on the series' rows, so nobody counts the same hour at the same time.
 */
export async function recount(db: Queries, ended: readonly { readonly seriesId: number; readonly slotAt: Date }[]): Promise<void> {
  const spans = new Map<number, { from: number; to: number }>();
  for (const { seriesId, slotAt } of ended) {
    const { from, to } = spans.get(seriesId) ?? { from: Infinity, to: -Infinity };
    spans.set(seriesId, { from: Math.min(from, slotAt.getTime()), to: Math.max(to, slotAt.getTime()) });
  }
  for (const [seriesId, { from, to }] of spans) {
    const hours = [new Date(from - (from % hourMs)), new Date(to - (to % hourMs) + hourMs)];
    const days = [new Date(from - (from % dayMs)), new Date(to - (to % dayMs) + dayMs)];
    await db.query(fillHours('s.series_id = $1 AND s.slot_at >= $2 AND s.slot_at < $3'), [seriesId, ...hours]);
    await db.query(fillDays('h.series_id = $1 AND h.hour >= $2 AND h.hour < $3'), [seriesId, ...days]);
  }
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
