import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { AttemptReason, StoredResult } from '../../contracts/monitoring';
import type { Report, Result } from '../../contracts/report';
import type { Target } from '../../contracts/target';
import type { BrowserChoice, BrowserLender } from '../../probes/browser';
import { createLog } from '../../system/log';
import { ProbeFault } from '../../contracts/probe-fault';
import { createRedactor } from '../../probes/redaction';
import { runTargets } from '../../runs/run-targets';
import { mayConfirm } from './confirming';
import { slotLabel } from './retention';
import type { Claim } from '../store/lifecycle/claim';
import type { AttemptOutcome } from '../store/lifecycle/finish';
import type { Runner } from './worker-pool';

const zip = promisify(gzip);

export interface SlotRunnerOptions {
  /** The targets this machine knows; asked anew for each slot, as they may be reloaded. */
  readonly targets: () => readonly Target[];
  readonly browser: BrowserChoice;
  readonly browsers: BrowserLender;
  readonly outFolder: string;
  readonly confirmAfterMs: () => number;
  readonly verbose: boolean;
}

/**
 * Runs a slot with the real browser: one sign-in; a broken one is repeated once, in a run of its own, where the cause allows it. A fault of the probe is
 * an `unknown` attempt with the reason. Never throws.
 */
export function slotRunner(options: SlotRunnerOptions): Runner {
  return async (claim, signal) => {
    const first = await attempt(claim, claim.attempt > 1 ? 'again' : 'first', options);
    if (!first.confirm || signal.aborted) return [first.outcome];
    await pause(options.confirmAfterMs(), undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return [first.outcome];
    const second = await attempt(claim, 'confirming', options);
    return [first.outcome, second.outcome];
  };
}

async function attempt(claim: Claim, reason: AttemptReason, options: SlotRunnerOptions): Promise<{ outcome: AttemptOutcome; confirm: boolean }> {
  const startedAt = new Date().toISOString();
  // Of its own: the secrets of one session are of no use to the next, and would gather for ever.
  const redactor = createRedactor();
  const log = createLog({ level: options.verbose ? 'debug' : 'warn', quiet: !options.verbose, redactor });
  const ended = (rest: Pick<AttemptOutcome, 'verdict' | 'result' | 'why' | 'runId' | 'report'>): AttemptOutcome => ({
    reason,
    startedAt,
    finishedAt: new Date().toISOString(),
    ...rest,
  });
  try {
    const target = options.targets().find(({ name, route }) => name === claim.target && route === claim.route);
    if (!target) throw new ProbeFault(`The configuration of this machine has no target "${claim.target}" with the route ${claim.route}.`);
    const label = `${slotLabel}${claim.slotAt} ${claim.target} ${claim.route} ${claim.location}`;
    const { report, folder } = await runTargets({
      targets: [target],
      browser: options.browser,
      browsers: options.browsers,
      outFolder: options.outFolder,
      label,
      location: claim.location,
      log,
      redactor,
      interactive: false,
    });
    const [result] = report.results;
    if (!result) throw new ProbeFault('The run gave no result.');
    const outcome = ended({
      verdict: result.verdict,
      result: storedResult(result),
      why: result.verdict === 'unknown' ? result.why : null,
      runId: report.run.id,
      report: await kept(report, folder),
    });
    return { outcome, confirm: mayConfirm(result) };
  } catch (error) {
    const why = redactor.text(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    return { outcome: ended({ verdict: 'unknown', result: null, why, runId: null, report: null }), confirm: false };
  } finally {
    log.close();
  }
}

/** The headline of a result. */
function storedResult(result: Result): StoredResult {
  const [cause] = result.causes;
  const { totalMs, dnsMs, tlsMs, stsMs, tokenPostMs, crmPageMs } = result.timings;
  return {
    verdict: result.verdict,
    cause: cause?.id ?? null,
    causeTitle: cause?.title ?? null,
    kb: cause?.kb ?? null,
    summary: result.summary,
    symptom: result.symptom,
    failedAt: result.failedAt,
    account: result.parked === null ? null : result.settings.account,
    method: result.method,
    sts: result.settings.stsOrigin,
    timings: { totalMs, dnsMs, tlsMs, stsMs, tokenPostMs, crmPageMs },
    forecast: result.forecast,
    certificates: result.certificates,
  };
}

/** The report as it goes to the store: the whole page with its pictures only where somebody will want to see them. */
async function kept(report: Report, folder: string): Promise<AttemptOutcome['report']> {
  const packed = async (text: string | Buffer): Promise<string> => (await zip(text)).toString('base64');
  return {
    json: await packed(JSON.stringify(report)),
    html: report.verdict === 'healthy' ? null : await readFile(join(folder, 'report.html')).then(packed, () => null),
  };
}
