import type { StoredResult } from '../../contracts/monitoring';
import type { Verdict } from '../../contracts/words';
import type { AttemptOutcome } from '../store/lifecycle/finish';

/** The headline of a sign-in, for tests of store, alerts and page. */
function sampleResult(verdict: Verdict, changes: Partial<StoredResult> = {}): StoredResult {
  const cause = verdict === 'broken' ? 'adfs-signing-cert-rolled' : null;
  return {
    verdict,
    cause,
    causeTitle: cause === null ? null : 'AD FS signing certificate rolled over, CRM still trusts the old one',
    kb: cause === null ? null : '2686840',
    summary: `${verdict}: as the test wishes`,
    symptom: verdict === 'broken' ? 'repeated-prompt' : 'none',
    failedAt: verdict === 'broken' ? 'token-post' : null,
    account: null,
    method: 'forms',
    sts: 'https://sts.contoso.test',
    timings: { totalMs: 900, dnsMs: 3, tlsMs: 30, stsMs: 300, tokenPostMs: 80, crmPageMs: 400 },
    forecast: { state: 'steady', breaksAt: null, toleranceHours: 0, why: 'nothing is due' },
    certificates: [],
    ...changes,
  };
}

export function sampleOutcome(verdict: Verdict, changes: Partial<StoredResult> = {}): AttemptOutcome {
  const now = Date.now();
  return {
    reason: 'first',
    startedAt: new Date(now - 900).toISOString(),
    finishedAt: new Date(now).toISOString(),
    verdict,
    result: verdict === 'unknown' ? null : sampleResult(verdict, changes),
    why: verdict === 'unknown' ? 'the browser did not start' : null,
    runId: null,
    report: null,
  };
}
