import type { SlotCounts, SlotVerdict, StageTimings } from '../../../contracts/monitoring';
import type { Row } from '../slot-rows';

const count = (value: unknown): number => Number(value ?? 0);

/** Counts of a row of `hours` or `days`, or of sums over them. */
export function countsOf(row: Row): SlotCounts {
  return {
    planned: count(row.planned),
    healthy: count(row.healthy),
    atRisk: count(row.at_risk),
    broken: count(row.broken),
    flaky: count(row.flaky),
    unknown: count(row.unknown),
    missed: count(row.missed),
    maintenance: count(row.maintenance),
  };
}

/** The worst verdict that occurs; null = none. */
export function worstOf({ broken, atRisk, flaky, unknown, healthy }: SlotCounts): SlotVerdict | null {
  if (broken > 0) return 'broken';
  if (atRisk > 0) return 'at-risk';
  if (flaky > 0) return 'flaky';
  if (unknown > 0) return 'unknown';
  return healthy > 0 ? 'healthy' : null;
}

/** Means of sums over `timed` sign-ins. A stage that none of them reached is null; one that some reached counts as 0 in the others. */
export function meansOf(row: Row): StageTimings | null {
  const timed = count(row.timed);
  if (timed === 0) return null;
  const mean = (value: unknown): number | null => (value === null || value === undefined ? null : Math.round(Number(value) / timed));
  return {
    totalMs: mean(row.total_ms) ?? 0,
    dnsMs: mean(row.dns_ms),
    tlsMs: mean(row.tls_ms),
    stsMs: mean(row.sts_ms),
    tokenPostMs: mean(row.token_post_ms),
    crmPageMs: mean(row.crm_page_ms),
  };
}
