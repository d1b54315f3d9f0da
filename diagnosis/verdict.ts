import type { CauseId } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import type { Finding, Forecast } from '../contracts/report';
import { stageOrder, type Stage, type Verdict } from '../contracts/words';
import { atLeastAsCertain } from './define-rule';
import type { Rule } from '../contracts/rule';
import { instant } from './facts/wording';

/** Where in the flow each cause strikes; causes of one stage stand in masking order (causes.md: decrypt, time, audience, issuer). The only place where causes are compared. */
const places: Readonly<Record<CauseId, { readonly stage: Stage; readonly order: number }>> = {
  'dns-missing-or-wrong-target': { stage: 'dns', order: 0 },
  'tls-cert-expired': { stage: 'tls', order: 0 },
  'tls-untrusted-chain': { stage: 'tls', order: 1 },
  'crm-app-pool-down': { stage: 'crm-redirect', order: 0 },
  'adfs-service-down': { stage: 'sts-page', order: 0 },
  'rp-identifier-missing': { stage: 'sts-page', order: 1 },
  'wrong-password': { stage: 'credentials', order: 0 },
  'wia-spn-missing-or-duplicate': { stage: 'credentials', order: 1 },
  'mfa-required-for-probe': { stage: 'token-issue', order: 0 },
  'crm-encryption-cert-changed-rp-stale': { stage: 'token-post', order: 0 },
  'clock-skew-crm-vs-adfs': { stage: 'token-post', order: 1 },
  'audience-realm-mismatch': { stage: 'token-post', order: 2 },
  'adfs-issuer-name-changed': { stage: 'token-post', order: 3 },
  'adfs-signing-cert-rolled': { stage: 'token-post', order: 4 },
  'cookies-blocked-or-context-lost': { stage: 'crm-session', order: 0 },
  'adfs-signing-cert-secondary-pending': { stage: 'crm-page', order: 0 },
  'adfs-loop-detected-msis7042': { stage: 'crm-page', order: 1 },
};

/** A finding with what is needed to rank it. */
export interface Candidate {
  readonly id: CauseId;
  readonly nature: Rule['nature'];
  readonly finding: Finding;
}

/**
 * The root cause first: effects last; then what is confirmed or probable before what is only suspected (a guess upstream must not hide a
 * proof downstream); then stage, upstream first; then certainty; then masking order.
 */
export function rank(candidates: readonly Candidate[]): readonly Finding[] {
  const effect = ({ nature }: Candidate): number => (nature === 'effect' ? 1 : 0);
  const guess = ({ finding }: Candidate): number => (finding.certainty === 'suspected' ? 1 : 0);
  const stage = ({ id }: Candidate): number => stageOrder.indexOf(places[id].stage);
  const certainty = (a: Candidate, b: Candidate): number =>
    Number(atLeastAsCertain(b.finding.certainty, a.finding.certainty)) - Number(atLeastAsCertain(a.finding.certainty, b.finding.certainty));
  return [...candidates]
    .sort((a, b) => effect(a) - effect(b) || guess(a) - guess(b) || stage(a) - stage(b) || certainty(a, b) || places[a.id].order - places[b.id].order)
    .map(({ finding }) => finding);
}

const dayMs = 86_400_000;
const nearly = (iso: string, evidence: RouteEvidence): boolean =>
  new Date(iso).getTime() - new Date(evidence.startedAt).getTime() < evidence.settings.warnDays * dayMs;

/** Why a sign-in that works will soon stop, besides the causes: one sentence each. */
export function dangers(evidence: RouteEvidence, outlook: Forecast): readonly string[] {
  const breaks =
    outlook.breaksAt !== null && (outlook.state === 'window-open' || nearly(outlook.breaksAt, evidence))
      ? [`sign-in will break about ${instant(outlook.breaksAt)} (±${outlook.toleranceHours} h), when AD FS promotes its next signing certificate`]
      : [];
  const tls = evidence.tls.flatMap(({ host, chain }) =>
    chain[0] && nearly(chain[0].notAfter, evidence) ? [`the TLS certificate of ${host} ends ${instant(chain[0].notAfter)}`] : [],
  );
  return [...(outlook.state === 'urgent' && breaks.length === 0 ? [outlook.why] : breaks), ...new Set(tls)];
}

/** Stages that need no credential: what is broken there is broken, sign-in attempted or not. */
const beforeCredentials: readonly Stage[] = ['dns', 'tls', 'crm-redirect', 'sts-page'];

/**
 * The verdict on one result. `signedIn` comes from the journey, never from rules; a probe fault (`unknown`) stays unknown, unless a check
 * without credentials already proved something broken on the way.
 */
export function verdictOf(evidence: RouteEvidence, candidates: readonly Candidate[], outlook: Forecast): Verdict {
  const { signedIn } = evidence.journey;
  if (signedIn === 'no') return 'broken';
  if (signedIn === 'yes') return candidates.some(({ nature }) => nature === 'warns') || dangers(evidence, outlook).length > 0 ? 'at-risk' : 'healthy';
  const proved = candidates.some(
    ({ id, nature, finding }) => nature === 'breaks' && finding.certainty === 'confirmed' && beforeCredentials.includes(places[id].stage),
  );
  return proved ? 'broken' : 'unknown';
}
