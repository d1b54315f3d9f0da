import type { Attempt, Slot } from '../../contracts/monitoring';
import { attemptSchema, slotSchema } from '../../contracts/monitoring';

/** An instant of the database as ISO text. */
export const iso = (at: Date | string): string => (at instanceof Date ? at : new Date(at)).toISOString();
export const isoOrNull = (at: Date | string | null): string | null => (at === null ? null : iso(at));

/** What a query must select for `slotOf`; `s` is slots, `r` is series. */
export const slotColumns = `s.id, r.target, r.route, r.location, s.slot_at, s.origin, s.state, s.missed_because, s.why, s.cause, s.cause_title, s.kb, s.account,
  s.started_at, s.finished_at, s.total_ms, s.attempts, s.run_id`;

export type Row = Record<string, unknown>;

export function slotOf(row: Row): Slot {
  return slotSchema.parse({
    id: row.id,
    target: row.target,
    route: row.route,
    location: row.location,
    slotAt: iso(row.slot_at as Date),
    origin: row.origin,
    state: row.state,
    missedBecause: row.missed_because,
    why: row.why,
    cause: row.cause,
    causeTitle: row.cause_title,
    kb: row.kb,
    account: row.account,
    startedAt: isoOrNull(row.started_at as Date | null),
    finishedAt: isoOrNull(row.finished_at as Date | null),
    totalMs: row.total_ms,
    attempts: row.attempts,
    runId: row.run_id,
  } satisfies Record<keyof Slot, unknown>);
}

export function attemptOf(row: Row): Attempt {
  return attemptSchema.parse({
    slotId: row.slot_id,
    n: row.n,
    reason: row.reason,
    runner: row.runner,
    startedAt: iso(row.started_at as Date),
    finishedAt: isoOrNull(row.finished_at as Date | null),
    verdict: row.verdict,
    cause: row.cause,
    summary: row.summary,
    failedAt: row.failed_at,
    symptom: row.symptom,
    timings:
      row.total_ms === null
        ? null
        : { totalMs: row.total_ms, dnsMs: row.dns_ms, tlsMs: row.tls_ms, stsMs: row.sts_ms, tokenPostMs: row.token_post_ms, crmPageMs: row.crm_page_ms },
    runId: row.run_id,
    hasReport: row.has_report,
    why: row.why,
  } satisfies Record<keyof Attempt, unknown>);
}
