import { accountName } from '../contracts/account-name';
import { causeIds } from '../contracts/causes';
import type { Evidence, RouteEvidence } from '../contracts/evidence';
import type { Finding, Report, Result } from '../contracts/report';
import type { Judgement } from '../contracts/rule';
import { verdictsFromBestToWorst, type Verdict } from '../contracts/words';
import { rules } from './causes';
import type { DefinedRule, Sibling } from './define-rule';
import { formSignIn } from './facts/form-sign-in';
import { contradicting, eventClaim, tellingEvents } from './facts/server-events';
import { passwordExpiry } from './facts/password-expiry';
import { windowsSignIn } from './facts/windows-sign-in';
import { listed } from './facts/wording';
import { expiries } from './expiries';
import { hostOf } from './facts/addresses';
import { byStsClock } from './facts/clocks';
import { forecast } from './forecast';
import { asRulesSee, otherSts } from './configured-sts';
import { peersOf, stepsFor } from './steps-for-peers';
import { nextQuestion } from './next-question';
import { reportCertificates } from './report-certificates';
import { foundInRun, findingsOfParked, refusedNow } from './parked-account';
import { dangers, isAboutProbeAccount, rank, sideOf, verdictOf, withParked, type Candidate } from './verdict';

/**
 * Turns evidence into a report: facts → causes → verdict. Pure: no clock (the run's own times are used), no network, no files. Evidence is
 * taken as valid; a rule that throws is listed under `notJudged` and the others go on.
 */
export function diagnose(evidence: Evidence): Report {
  const runId = evidence.run.id;
  const judged = evidence.results.map((result) => diagnoseRoute(result, siblingsOf(result, evidence.results), { runId, others: [], refused: [] }));
  // An account parked in this run is explained by the result that had it parked; several different accounts refused are the STS's matter, not theirs.
  const refused = refusedAccounts(judged);
  const results = evidence.results.map((result, index) => {
    const again = result.journey.parked?.runId === runId || refused.length > 1;
    return again ? diagnoseRoute(result, siblingsOf(result, evidence.results), { runId, others: judged, refused }) : (judged[index] as Result);
  });
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
      sameAccount: accountName(other.settings.account) === accountName(result.settings.account) && other.settings.stsOrigin === result.settings.stsOrigin,
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

interface RefusedAccount {
  readonly stsOrigin: string;
  readonly name: string;
}

function judge(rule: DefinedRule, evidence: RouteEvidence, siblings: readonly Sibling[]): Judgement {
  try {
    return rule.judge({ ...evidence, siblings });
  } catch (error) {
    return { kind: 'cannot-tell', why: `The rule itself failed: ${error instanceof Error ? error.message : String(error)}.` };
  }
}

/** The server's own event is evidence by what it is: a cause it contradicts is withdrawn, and the event is the lead. */
function againstEvents(rule: DefinedRule, judgement: Judgement, evidence: RouteEvidence): Judgement {
  const side = sideOf(rule.id);
  // A confirmed cause rests on what the browser itself was shown; an event may be somebody else's.
  if (judgement.kind !== 'found' || judgement.certainty === 'confirmed' || rule.nature !== 'breaks' || side === null) return judgement;
  const refs = [...judgement.because, ...(judgement.against ?? [])].flatMap((one) => one.refs);
  const event = contradicting(evidence, rule.id, side, refs);
  return event
    ? { kind: 'cannot-tell', why: `${eventClaim(event).text} That is another fault; if the event is somebody else's, judge again without it.` }
    : judgement;
}

function findingOf(rule: DefinedRule, judgement: Extract<Judgement, { kind: 'found' }>, evidence: RouteEvidence): Finding {
  const peers = peersOf(evidence);
  const elsewhere = judgement.elsewhere ? (rule.elsewhere ?? null) : null;
  return {
    id: rule.id,
    title: judgement.title ?? elsewhere?.title ?? rule.title,
    kb: elsewhere ? null : rule.kb,
    certainty: judgement.certainty,
    because: [...judgement.because],
    against: [...(judgement.against ?? [])],
    remedy: [...stepsFor((elsewhere ?? rule).remedy(evidence, judgement.hosts), peers)],
    checkAfterwards: elsewhere ? [] : [...stepsFor(rule.checkAfterwards?.(evidence) ?? [], peers)],
  };
}

/** Accounts that a STS refused in this run, each with its STS. */
function refusedAccounts(results: readonly Result[]): readonly RefusedAccount[] {
  const refused = results.filter(({ causes, signedIn, settings }) => signedIn === 'no' && isAboutProbeAccount(causes[0]?.id, settings));
  const accounts = refused.map(({ settings: { stsOrigin, account } }) => ({ stsOrigin, name: accountName(account) }));
  return accounts.filter(({ stsOrigin, name }, index) => accounts.findIndex((other) => other.stsOrigin === stsOrigin && other.name === name) === index);
}

/** What the run as a whole tells of one of its results. */
interface RunKnowledge {
  readonly runId: string;
  /** The run's results without this knowledge, for one whose account was parked by another of them. */
  readonly others: readonly Result[];
  readonly refused: readonly RefusedAccount[];
}

function diagnoseRoute(evidence: RouteEvidence, siblings: readonly Sibling[], { runId, others, refused }: RunKnowledge): Result {
  const other = otherSts(evidence);
  const seenByRules = asRulesSee(evidence, other);
  const { journey } = evidence;
  const parked = journey.parked && foundInRun(journey.parked, others);
  // A sign-in that works needs no explanation; only the rules that warn have something to say.
  const judged = causeIds
    .map((id) => rules[id])
    .filter(({ nature }) => journey.signedIn !== 'yes' || nature === 'warns')
    .map((rule) => ({ rule, judgement: againstEvents(rule, judge(rule, seenByRules, siblings), seenByRules) }));
  const seen = judged.flatMap(({ rule, judgement }): Candidate[] =>
    judgement.kind === 'found' ? [{ id: rule.id, nature: rule.nature, finding: findingOf(rule, judgement, seenByRules), met: judgement.met }] : [],
  );
  const candidates = parked
    ? withParked(
        seen,
        findingsOfParked(parked, evidence, (id) => rules[id]),
      )
    : seen;
  const judgedAs = (kind: 'clear' | 'cannot-tell') =>
    judged.flatMap(({ rule, judgement }) => (judgement.kind === kind ? [{ id: rule.id, why: judgement.why }] : []));
  const outlook = forecast({
    stsMetadata: evidence.stsMetadata,
    lastGood: evidence.lastGood,
    rollover: evidence.settings.rollover,
    now: byStsClock(evidence.startedAt, evidence.clocks),
    signedIn: journey.signedIn,
  });
  const stranger = refused.some(({ stsOrigin, name }) => stsOrigin === evidence.settings.stsOrigin && name !== accountName(evidence.settings.account));
  const verdict = verdictOf(evidence, candidates, outlook, { othersRefused: stranger, otherSts: other !== null });
  const causes = [...rank(candidates)];
  const why = other ? `${other.said} ${journey.why}` : journey.why;
  const refusedHere = other === null && verdict === 'unknown' && journey.signedIn === 'no' && !evidence.settings.windowsCurrent;
  return {
    target: evidence.target,
    route: evidence.route,
    method: evidence.method,
    verdict,
    signedIn: journey.signedIn,
    signedInAs: journey.signedInAs,
    symptom: journey.symptom,
    failedAt: journey.failedAt,
    parked: parked ?? (refusedHere ? refusedNow(evidence, runId) : null),
    summary: summaryOf({ ...evidence, journey: { ...journey, why } }, verdict, other && verdict === 'unknown' ? [] : causes, dangers(evidence, outlook)),
    why,
    causes,
    nextQuestion: nextQuestion(seenByRules, causes, other),
    ruledOut: judgedAs('clear').filter(({ id }) => !causes.some((cause) => cause.id === id)),
    notJudged: judgedAs('cannot-tell').filter(({ id }) => !causes.some((cause) => cause.id === id)),
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
    events: eventsOf(evidence),
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
        : `broken, unexplained: no known cause fits; the sign-in ended at ${evidence.journey.failedAt ?? 'an unknown stage'}. ` +
            `${evidence.journey.why}${lastSeen(evidence)}${lead(evidence)}`;
    case 'unknown':
      return named && evidence.journey.signedIn === 'no'
        ? `unknown: the probe's own account was refused: ${named}. Whether other people can sign in was not seen`
        : `unknown: ${evidence.journey.why}`;
  }
}

/** What the server itself logged, where no cause says it. */
function lead(evidence: RouteEvidence): string {
  const [event] = tellingEvents(evidence);
  return event ? ` ${eventClaim(event).text}` : '';
}

/** A server's events as checks outside read them. */
const eventsOf = ({ serverEvents, exchanges, settings }: RouteEvidence): Result['events'] =>
  serverEvents.map(({ computer, at, zone, source, id, codes, text, matchedBy, side, exchange }) => ({
    host: computer ?? hostOf(exchanges.find(({ seq }) => seq === exchange)?.url ?? (side === 'sts' ? settings.stsOrigin : settings.url)) ?? 'unknown',
    at,
    zone,
    source,
    id,
    codes,
    text,
    matchedBy: matchedBy === 'time' ? 'time-and-host' : matchedBy,
  }));

/** The last exchange, shown where nothing explains the failure. */
function lastSeen({ exchanges }: RouteEvidence): string {
  const last = exchanges.findLast(({ step }) => step !== 'sign-out');
  return last ? ` Last exchange (${last.seq}): ${last.method} ${last.url.split('?')[0]} ${last.status ?? last.failure ?? 'without answer'}.` : '';
}
