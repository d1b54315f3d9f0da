import { z } from 'zod';
import { attemptReasonSchema, type SlotVerdict, slotVerdictSchema, storedResultSchema } from '../../../contracts/monitoring';
import { instantSchema, verdictSchema } from '../../../contracts/words';
import { slotVerdict } from '../slot-verdict';
import type { Database, Queries } from '../database';
import type { Queue } from '../queue';
import { recount } from '../rollups';
import { jobId } from '../slot-id';
import { storableJson } from '../storable';
import type { Claim } from './claim';
import { saveCertificates } from './save-certificates';

/** What a runner hands in for one attempt: plain JSON, fit for HTTP. */
export const attemptOutcomeSchema = z.object({
  reason: attemptReasonSchema,
  startedAt: instantSchema,
  finishedAt: instantSchema,
  verdict: verdictSchema,
  /** Null when the probe itself failed; `why` then says how. */
  result: storedResultSchema.nullable(),
  why: z.string().nullable(),
  runId: z.string().nullable(),
  /** report.json, and report.html with its pictures unless healthy; each gzip, base64. */
  report: z.object({ json: z.string(), html: z.string().nullable() }).nullable(),
});
export type AttemptOutcome = z.infer<typeof attemptOutcomeSchema>;

interface EndedSlot {
  readonly series_id: number;
  readonly slot_at: Date;
}

/**
 * Ends a slot with what its attempts found, all in one transaction: slot, attempts, reports, certificates, the series' state, roll-ups, the queue's job.
 * Returns the verdict; null when the claim is no longer good (the slot went to somebody else): nothing of it is then kept. Handing in the same twice, after an
 * answer that was lost, does no harm.
 */
export async function finishSlot(db: Database, queue: Queue, claim: Claim, outcomes: readonly AttemptOutcome[]): Promise<SlotVerdict | null> {
  const { verdict, index } = slotVerdict(outcomes);
  const decisive = outcomes[index];
  if (!decisive) throw new Error('a slot ends with at least one attempt');
  const { result } = decisive;
  const last = claim.attempt + outcomes.length - 1;
  return db.transaction(async (tx) => {
    const [slot] = await tx.query<EndedSlot>(
      `UPDATE slots SET state = $3, why = $4, cause = $5, cause_title = $6, kb = $7, finished_at = $8, total_ms = $9, attempts = $10, run_id = $11,
      account = $12,
         claim = NULL, lease_until = NULL
       WHERE id = $1 AND claim = $2 AND state = 'running' RETURNING series_id, slot_at`,
      [
        claim.slotId,
        claim.claim,
        verdict,
        result?.summary ?? decisive.why,
        result?.cause ?? null,
        result?.causeTitle ?? null,
        result?.kb ?? null,
        outcomes.at(-1)?.finishedAt,
        result ? Math.round(result.timings.totalMs) : null,
        last,
        decisive.runId,
        verdict === 'unknown' ? (result?.account ?? null) : null,
      ],
    );
    if (!slot) return alreadyEnded(tx, claim, decisive);
    for (const [at, outcome] of outcomes.entries()) await saveAttempt(tx, claim, claim.attempt + at, outcome);
    await queue.done(claim.location, [jobId(claim.slotId, claim.attempt)], tx);
    await updateSeries(tx, slot, claim.slotId, verdict, decisive);
    if (result) await saveCertificates(tx, slot.series_id, iso(slot.slot_at), result);
    await recount(tx, [{ seriesId: slot.series_id, slotAt: slot.slot_at }]);
    return verdict;
  });
}

async function alreadyEnded(tx: Queries, { slotId, attempt }: Claim, { finishedAt }: AttemptOutcome): Promise<SlotVerdict | null> {
  const [row] = await tx.query<{ state: string }>(
    'SELECT s.state FROM slots s JOIN attempts a ON a.slot_id = s.id WHERE s.id = $1 AND a.n >= $2 AND a.finished_at = $3',
    [slotId, attempt, finishedAt],
  );
  return slotVerdictSchema.safeParse(row?.state).data ?? null;
}

const iso = (at: Date): string => at.toISOString();

async function saveAttempt(tx: Queries, { slotId }: Claim, n: number, { result, ...outcome }: AttemptOutcome): Promise<void> {
  const timings = result?.timings;
  const ms = [timings?.totalMs, timings?.dnsMs, timings?.tlsMs, timings?.stsMs, timings?.tokenPostMs, timings?.crmPageMs];
  await tx.query(
    `INSERT INTO attempts (slot_id, n, reason, runner, started_at, finished_at, verdict, cause, summary, failed_at, symptom,
       total_ms, dns_ms, tls_ms, sts_ms, token_post_ms, crm_page_ms, run_id, why)
     VALUES ($1, $2, $3, (SELECT COALESCE(runner, '') FROM slots WHERE id = $1), $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18)
     ON CONFLICT (slot_id, n) DO UPDATE SET finished_at = EXCLUDED.finished_at, verdict = EXCLUDED.verdict, cause = EXCLUDED.cause, summary = EXCLUDED.summary,
       failed_at = EXCLUDED.failed_at, symptom = EXCLUDED.symptom, total_ms = EXCLUDED.total_ms, dns_ms = EXCLUDED.dns_ms, tls_ms = EXCLUDED.tls_ms,
       sts_ms = EXCLUDED.sts_ms, token_post_ms = EXCLUDED.token_post_ms, crm_page_ms = EXCLUDED.crm_page_ms, run_id = EXCLUDED.run_id, why = EXCLUDED.why`,
    [
      slotId,
      n,
      outcome.reason,
      outcome.startedAt,
      outcome.finishedAt,
      outcome.verdict,
      result?.cause ?? null,
      result?.summary ?? null,
      result?.failedAt ?? null,
      result?.symptom ?? null,
      ...ms.map((each) => (each == null ? null : Math.round(each))),
      outcome.runId,
      outcome.why,
    ],
  );
  if (outcome.report && outcome.runId !== null)
    await tx.query('INSERT INTO reports (run_id, slot_id, at, verdict, report, html) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (run_id) DO NOTHING', [
      outcome.runId,
      slotId,
      outcome.finishedAt,
      outcome.verdict,
      Buffer.from(outcome.report.json, 'base64'),
      outcome.report.html === null ? null : Buffer.from(outcome.report.html, 'base64'),
    ]);
}

/** The state of the series: only a later slot than the one it is from changes it. `since` stays while verdict and cause stay. */
async function updateSeries(
  tx: Queries,
  { series_id, slot_at }: EndedSlot,
  slot: string,
  verdict: SlotVerdict,
  { result, why, runId }: AttemptOutcome,
): Promise<void> {
  await tx.query(
    `UPDATE series SET
       since = CASE WHEN verdict IS NOT DISTINCT FROM $3 AND cause IS NOT DISTINCT FROM $4 THEN since ELSE $2 END,
       verdict = $3, cause = $4, cause_title = $5, kb = $6, summary = $7, last_slot_at = $2, last_slot_id = $8, last_run_id = $9, last_total_ms = $10,
       sts = COALESCE($11, sts), forecast = COALESCE($12::jsonb, forecast)
     WHERE id = $1 AND (last_slot_at IS NULL OR last_slot_at <= $2)`,
    [
      series_id,
      slot_at,
      verdict,
      result?.cause ?? null,
      result?.causeTitle ?? null,
      result?.kb ?? null,
      result?.summary ?? why,
      slot,
      runId,
      result ? Math.round(result.timings.totalMs) : null,
      result?.sts ?? null,
      result ? storableJson(result.forecast) : null,
    ],
  );
  // Whatever came of it, the row is locked from here on: roll-ups of one series are counted one after the other.
  await tx.query('UPDATE series SET latest_at = $2, missing = NULL WHERE id = $1 AND (latest_at IS NULL OR latest_at <= $2)', [series_id, slot_at]);
  await tx.query('SELECT 1 FROM series WHERE id = $1 FOR UPDATE', [series_id]);
}
