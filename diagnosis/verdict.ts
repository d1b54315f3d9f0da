import type { CauseId } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import type { Finding, Forecast } from '../contracts/report';
import { stageOrder, type Stage, type Verdict } from '../contracts/words';
import { ruleOf } from './cause-traits';
import { rules } from './causes';
import { atLeastAsCertain } from './define-rule';
import type { Rule } from '../contracts/rule';
import { briefly, expiries, perCertificate, threatening } from './expiries';
import { byStsClock } from './facts/clocks';
import { breakWords, isNear } from './forecast';

/** On whose side a cause lies, as far as a server's event log can speak of it; null before AD FS was reached. */
export const sideOf = (id: CauseId): 'sts' | 'relying-party' | null =>
  (['sts-page', 'credentials', 'token-issue'] as readonly Stage[]).includes(rules[id].stage)
    ? 'sts'
    : (['token-post', 'crm-session', 'crm-page'] as readonly Stage[]).includes(rules[id].stage)
      ? 'relying-party'
      : null;

/** A finding with what is needed to rank it. */
export interface Candidate {
  readonly id: CauseId;
  readonly nature: Rule['nature'];
  readonly finding: Finding;
  /** As in `Judgement`. */
  readonly met?: boolean | undefined;
}

const natureOrder: Readonly<Record<Rule['nature'], number>> = { breaks: 0, warns: 1, effect: 2 };

/**
 * The only place where causes are compared. The root cause first: what breaks a sign-in before what only warns, effects last; then what the sign-in came as
 * far as; then what is confirmed or probable before what is only suspected (a guess upstream must not hide a proof downstream); then stage, upstream first;
 * then certainty; then rank.
 */
export function rank(candidates: readonly Candidate[]): readonly Finding[] {
  const guess = ({ finding }: Candidate): number => (finding.certainty === 'suspected' ? 1 : 0);
  const ahead = ({ met }: Candidate): number => (met === false ? 1 : 0);
  const stage = ({ id }: Candidate): number => stageOrder.indexOf(rules[id].stage);
  const certainty = (a: Candidate, b: Candidate): number =>
    Number(atLeastAsCertain(b.finding.certainty, a.finding.certainty)) - Number(atLeastAsCertain(a.finding.certainty, b.finding.certainty));
  return [...candidates]
    .sort(
      (a, b) =>
        natureOrder[a.nature] - natureOrder[b.nature] ||
        ahead(a) - ahead(b) ||
        guess(a) - guess(b) ||
        stage(a) - stage(b) ||
        certainty(a, b) ||
        rules[a.id].rank - rules[b.id].rank,
    )
    .map(({ finding }) => finding);
}

/** Why a sign-in that works will soon stop, besides the causes: one sentence each. */
export function dangers(evidence: RouteEvidence, outlook: Forecast): readonly string[] {
  const { startedAt, clocks, settings } = evidence;
  const breaks = isNear(outlook, byStsClock(startedAt, clocks), settings.warnDays) ? [breakWords(outlook)] : [];
  const ends = perCertificate(threatening(expiries({ ...evidence, now: startedAt }), settings.warnDays)).map(briefly);
  return [...breaks, ...ends];
}

/** Stages that need no credential: what is broken there is broken, sign-in attempted or not. */
const beforeCredentials: readonly Stage[] = ['dns', 'tls', 'crm-redirect', 'sts-page'];

/** What lies with the account that signs in, and says nothing of anybody else's. */
export function isAboutProbeAccount(id: string | undefined, { windowsCurrent }: Pick<RouteEvidence['settings'], 'windowsCurrent'>): boolean {
  const rule = ruleOf(id);
  return (windowsCurrent && rule?.liesWithLoggedOn ? rule.liesWithLoggedOn : rule?.liesWith) === 'account';
}

/** A sign-in that ended at the form, since its account is parked, shows what lies before the form; what lies behind it was found before. */
export function withParked(seen: readonly Candidate[], parked: readonly Finding[]): readonly Candidate[] {
  const before = seen.filter(({ id }) => beforeCredentials.includes(rules[id].stage));
  return [...before, ...parked.map((finding): Candidate => ({ id: finding.id as CauseId, nature: 'breaks', finding }))];
}

/** What is known beyond the one result. */
export interface VerdictKnowledge {
  readonly othersRefused?: boolean;
  /** CRM redirects to another STS than the configured one. */
  readonly otherSts?: boolean;
}

/**
 * The verdict on one result. `signedIn` comes from the journey, never from rules;
 * a probe fault (`unknown`) stays unknown, unless a check without credentials already met something broken on the way.
 * A refusal of the probe's own account is `unknown`: other people can sign in, unless another account was refused as well (`othersRefused`).
 */
export function verdictOf(evidence: RouteEvidence, candidates: readonly Candidate[], outlook: Forecast, known: VerdictKnowledge = {}): Verdict {
  const { signedIn } = evidence.journey;
  const { othersRefused = false, otherSts = false } = known;
  // The probe went no further than to an STS that is not the configured one: without a cause on the way, the configuration is all that is known to be wrong.
  if (signedIn === 'no' && otherSts && !candidates.some(({ nature, finding }) => nature === 'breaks' && finding.certainty !== 'suspected')) return 'unknown';
  if (signedIn === 'no') return isAboutProbeAccount(rank(candidates)[0]?.id, evidence.settings) && !othersRefused ? 'unknown' : 'broken';
  if (signedIn === 'yes') return candidates.some(({ nature }) => nature === 'warns') || dangers(evidence, outlook).length > 0 ? 'at-risk' : 'healthy';
  // What people meet is broken, however sure its cause is.
  const proved = candidates.some(
    ({ id, nature, finding, met }) => nature === 'breaks' && (met ?? finding.certainty === 'confirmed') && beforeCredentials.includes(rules[id].stage),
  );
  return proved ? 'broken' : 'unknown';
}
