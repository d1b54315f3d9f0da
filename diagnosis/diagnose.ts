import { causeIds } from '../contracts/causes';
import type { Evidence, RouteEvidence } from '../contracts/evidence';
import type { Finding, Report, Result } from '../contracts/report';
import type { Judgement } from '../contracts/rule';
import { verdictsFromBestToWorst, type Verdict } from '../contracts/words';
import { rules } from './causes';
import type { DefinedRule, Sibling } from './define-rule';
import { formSignIn } from './facts/form-sign-in';
import { passwordExpiry } from './facts/password-expiry';
import { windowsSignIn } from './facts/windows-sign-in';
import { listed } from './facts/wording';
import { expiries } from './expiries';
import { byStsClock } from './facts/clocks';
import { forecast } from './forecast';
import { reportCertificates } from './report-certificates';
import { dangers, rank, verdictOf, type Candidate } from './verdict';

/**
 * Turns evidence into a report: facts → causes → verdict. Pure: no clock (the run's own times are used), no network, no files. Evidence is
 * taken as valid; a rule that throws is listed under `notJudged` and the others go on.
 */
export function diagnose(evidence: Evidence): Report {
  const results = evidence.results.map((result) => diagnoseRoute(result, siblingsOf(result, evidence.results)));
  const worst = results.reduce<Verdict>(
    (verdict, result) => (verdictsFromBestToWorst.indexOf(result.verdict) > verdictsFromBestToWorst.indexOf(verdict) ? result.verdict : verdict),
    'healthy',
  );
  return { schema: 1, run: { ...evidence.run }, verdict: results.length === 0 ? 'unknown' : worst, results };
}

/** How the other routes of the same target fared: what parts a wrong password from refused Windows sign-in. */
function siblingsOf(result: RouteEvidence, all: readonly RouteEvidence[]): readonly Sibling[] {
  return all
    .filter((other) => other !== result && other.target === result.target)
    .map((other) => ({
      route: other.route,
      method: other.method,
      signedIn: other.journey.signedIn,
      password: passwordOutcome(other),
      sameAccount: other.settings.account === result.settings.account && other.settings.stsOrigin === result.settings.stsOrigin,
      passwordExpired: passwordExpiry(other) !== null,
    }));
}

function passwordOutcome(evidence: RouteEvidence): Sibling['password'] {
  if (evidence.settings.windowsCurrent || evidence.journey.credentialSubmissions === 0) return 'not-tried';
  const { state: form, ...answer } = formSignIn(evidence);
  const windows = windowsSignIn(evidence).state;
  if (evidence.journey.signedIn === 'yes' || form === 'accepted' || windows === 'accepted') return 'accepted';
  const denied = 'status' in answer && answer.status === 401;
  return form === 'refused' || denied || windows === 'refused' ? 'refused' : 'not-tried';
}

function judge(rule: DefinedRule, evidence: RouteEvidence, siblings: readonly Sibling[]): Judgement {
  try {
    return rule.judge({ ...evidence, siblings });
  } catch (error) {
    return { kind: 'cannot-tell', why: `The rule itself failed: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

function findingOf(rule: DefinedRule, judgement: Extract<Judgement, { kind: 'found' }>, evidence: RouteEvidence): Finding {
  return {
    id: rule.id,
    title: rule.title,
    kb: rule.kb,
    certainty: judgement.certainty,
    because: [...judgement.because],
    against: [...(judgement.against ?? [])],
    remedy: [...rule.remedy(evidence)],
    checkAfterwards: [...(rule.checkAfterwards?.(evidence) ?? [])],
  };
}

function diagnoseRoute(evidence: RouteEvidence, siblings: readonly Sibling[]): Result {
  const { journey } = evidence;
  // A sign-in that works needs no explanation; only the rules that warn have something to say.
  const judged = causeIds
    .map((id) => rules[id])
    .filter(({ nature }) => journey.signedIn !== 'yes' || nature === 'warns')
    .map((rule) => ({ rule, judgement: judge(rule, evidence, siblings) }));
  const candidates = judged.flatMap(({ rule, judgement }): Candidate[] =>
    judgement.kind === 'found' ? [{ id: rule.id, nature: rule.nature, finding: findingOf(rule, judgement, evidence) }] : [],
  );
  const why = (kind: 'clear' | 'cannot-tell') =>
    judged.flatMap(({ rule, judgement }) => (judgement.kind === kind ? [{ id: rule.id as string, why: judgement.why }] : []));
  const outlook = forecast({
    stsMetadata: evidence.stsMetadata,
    lastGood: evidence.lastGood,
    rollover: evidence.settings.rollover,
    now: byStsClock(evidence.startedAt, evidence.clocks),
    signedIn: journey.signedIn,
  });
  const verdict = verdictOf(evidence, candidates, outlook);
  const causes = [...rank(candidates)];
  return {
    target: evidence.target,
    route: evidence.route,
    method: evidence.method,
    verdict,
    signedIn: journey.signedIn,
    signedInAs: journey.signedInAs,
    symptom: journey.symptom,
    failedAt: journey.failedAt,
    summary: summaryOf(evidence, verdict, causes, dangers(evidence, outlook)),
    why: journey.why,
    causes,
    ruledOut: why('clear'),
    notJudged: why('cannot-tell'),
    forecast: outlook,
    expiries: expiries({ ...evidence, now: evidence.startedAt }),
    exchange: evidence.exchanges,
    token: evidence.token,
    certificates: reportCertificates(evidence),
    clocks: evidence.clocks,
    timings: evidence.timings,
    attempts: [{ n: 1, verdict, startedAt: evidence.startedAt }],
    settings: evidence.settings,
    pages: evidence.pages,
    tls: evidence.tls,
    dns: evidence.dns,
    lastGood: evidence.lastGood,
    screenshots: evidence.screenshots,
    console: evidence.console,
    serverEvents: evidence.serverEvents,
    captureErrors: evidence.captureErrors,
  };
}

/** The one line a person reads first. */
function summaryOf(evidence: RouteEvidence, verdict: Verdict, causes: readonly Finding[], ahead: readonly string[]): string {
  const [first] = causes;
  const named = first && `${first.title} (${[...(first.kb ? [`KB ${first.kb}`] : []), first.certainty].join(', ')})`;
  switch (verdict) {
    case 'healthy':
      return `healthy: signed in${evidence.journey.signedInAs ? ` as ${evidence.journey.signedInAs}` : ''}`;
    case 'at-risk':
      return `at risk: signed in, but ${ahead.length > 0 ? listed(ahead) : (named ?? 'a warning applies')}`;
    case 'broken':
      return named
        ? `broken: ${named}`
        : `broken, unexplained: no known cause fits; the sign-in ended at ${evidence.journey.failedAt ?? 'an unknown stage'}. ${evidence.journey.why}${lastSeen(evidence)}`;
    case 'unknown':
      return `unknown: ${evidence.journey.why}`;
  }
}

/** The last exchange, shown where nothing explains the failure. */
function lastSeen({ exchanges }: RouteEvidence): string {
  const last = exchanges.findLast(({ step }) => step !== 'sign-out');
  return last ? ` Last exchange (${last.seq}): ${last.method} ${last.url.split('?')[0]} ${last.status ?? last.failure ?? 'without answer'}.` : '';
}
