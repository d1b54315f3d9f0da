import type { CauseId } from '../contracts/causes';
import type { RouteEvidence } from '../contracts/evidence';
import type { Finding, Forecast } from '../contracts/report';
import { stageOrder, type Stage, type Verdict } from '../contracts/words';
import { atLeastAsCertain } from './define-rule';
import type { Rule } from '../contracts/rule';
import { briefly, expiries, perCertificate, threatening } from './expiries';
import { byStsClock } from './facts/clocks';
import { breakWords, isNear } from './forecast';

/** Where in the flow each cause strikes; causes of one stage stand in masking order (field guide §16). The only place where causes are compared. */
const places: Readonly<Record<CauseId, { readonly stage: Stage; readonly order: number }>> = {
  'rp-passive-endpoint-mismatch': { stage: 'dns', order: -1 },
  'dns-missing-or-wrong-target': { stage: 'dns', order: 0 },
  'tls-protocol-disabled': { stage: 'tls', order: 0 },
  'tls-cert-expired': { stage: 'tls', order: 1 },
  'tls-untrusted-chain': { stage: 'tls', order: 2 },
  'tls-name-mismatch': { stage: 'tls', order: 3 },
  'crm-app-pool-down': { stage: 'crm-redirect', order: 0 },
  'iis-binding-host-header': { stage: 'crm-redirect', order: 1 },
  'crm-claims-disabled-or-half-reconfigured': { stage: 'crm-redirect', order: 1 },
  'adfs-farm-nodes-inconsistent': { stage: 'sts-page', order: -1 },
  'wap-proxy-trust-broken': { stage: 'sts-page', order: -0.5 },
  'adfs-service-down': { stage: 'sts-page', order: 0 },
  'local-network-access-denied': { stage: 'crm-redirect', order: 3 },
  'crm-ifd-domain-malformed': { stage: 'crm-redirect', order: 2 },
  'malformed-passive-request': { stage: 'sts-page', order: 0.5 },
  'rp-identifier-missing': { stage: 'sts-page', order: 1 },
  'rp-trust-disabled': { stage: 'sts-page', order: 1.5 },
  'requested-auth-method-not-enabled': { stage: 'sts-page', order: 2 },
  'wap-preauthentication': { stage: 'sts-page', order: 3 },
  'hrd-page-shown': { stage: 'sts-page', order: 4 },
  'wia-user-agent-not-supported': { stage: 'sts-page', order: 6 },
  'password-expired-or-must-change': { stage: 'credentials', order: -1 },
  'wrong-password': { stage: 'credentials', order: 0 },
  'wia-spn-missing-or-duplicate': { stage: 'credentials', order: 1 },
  'account-locked-disabled-restricted': { stage: 'credentials', order: 2 },
  'wia-extended-protection-tls-interception': { stage: 'credentials', order: 3 },
  'wia-intranet-zone-not-configured': { stage: 'credentials', order: 4 },
  'kerberos-encryption-type-refused': { stage: 'credentials', order: 0.5 },
  'ntlm-refused-by-policy': { stage: 'credentials', order: 1.5 },
  'claims-provider-certificate-unknown': { stage: 'credentials', order: 7 },
  'claims-provider-method-refused': { stage: 'credentials', order: 8 },
  'ntlm-loopback-check': { stage: 'credentials', order: 5 },
  'wap-congestion-or-adfs-slow': { stage: 'token-issue', order: -1 },
  'mfa-required-for-probe': { stage: 'token-issue', order: 0 },
  'adfs-issuance-authorization-denied': { stage: 'token-issue', order: 1 },
  'adfs-directory-failure': { stage: 'token-issue', order: 0.5 },
  'crm-encryption-cert-expired-or-revoked': { stage: 'token-issue', order: 2 },
  'adfs-signing-cert-expired': { stage: 'token-issue', order: 3 },
  'adfs-s4u-silent-loop': { stage: 'token-issue', order: 5 },
  'token-post-blocked': { stage: 'token-post', order: -2 },
  'crm-encryption-key-inaccessible': { stage: 'token-post', order: -1 },
  'crm-encryption-cert-changed-rp-stale': { stage: 'token-post', order: 0 },
  'clock-skew-crm-vs-adfs': { stage: 'token-post', order: 1 },
  'token-replayed': { stage: 'token-post', order: 1.5 },
  'audience-realm-mismatch': { stage: 'token-post', order: 2 },
  'adfs-issuer-name-changed': { stage: 'token-post', order: 3 },
  'adfs-signing-cert-rolled': { stage: 'token-post', order: 4 },
  'crm-validates-signing-chain': { stage: 'token-post', order: 4.5 },
  'cookies-blocked-or-context-lost': { stage: 'crm-session', order: 0 },
  'msisauth-cookie-collision': { stage: 'crm-session', order: 1 },
  'farm-session-key-mismatch': { stage: 'crm-session', order: 2 },
  'request-header-too-long': { stage: 'crm-session', order: 5 },
  'crm-organization-disabled': { stage: 'crm-page', order: -2 },
  'crm-internal-error': { stage: 'crm-page', order: -1 },
  'claim-rules-missing-upn': { stage: 'crm-page', order: -1 },
  'adfs-signing-cert-secondary-pending': { stage: 'crm-page', order: 0 },
  'adfs-decrypting-cert-rolled': { stage: 'crm-page', order: 0.5 },
  'adfs-loop-detected-msis7042': { stage: 'crm-page', order: 1 },
  'crm-user-missing-disabled-or-no-role': { stage: 'crm-page', order: 2 },
  'upn-or-account-renamed-lsa-cache': { stage: 'crm-page', order: 3 },
  'session-lifetime-reprompt': { stage: 'crm-page', order: 9 },
};

/** On whose side a cause lies, as far as a server's event log can speak of it; null before AD FS was reached. */
export const sideOf = (id: CauseId): 'sts' | 'relying-party' | null =>
  (['sts-page', 'credentials', 'token-issue'] as readonly Stage[]).includes(places[id].stage)
    ? 'sts'
    : (['token-post', 'crm-session', 'crm-page'] as readonly Stage[]).includes(places[id].stage)
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
 * The root cause first: what breaks a sign-in before what only warns, effects last; then what the sign-in came as far as; then what is confirmed or probable
 * before what is only
 * suspected (a guess upstream must not hide a proof downstream); then stage, upstream first; then certainty; then masking order.
 */
export function rank(candidates: readonly Candidate[]): readonly Finding[] {
  const guess = ({ finding }: Candidate): number => (finding.certainty === 'suspected' ? 1 : 0);
  const ahead = ({ met }: Candidate): number => (met === false ? 1 : 0);
  const stage = ({ id }: Candidate): number => stageOrder.indexOf(places[id].stage);
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
        places[a.id].order - places[b.id].order,
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
const aboutProbeAccount: readonly CauseId[] = ['wrong-password', 'account-locked-disabled-restricted', 'password-expired-or-must-change'];
/** Also the logged-on account that got no ticket: that is a matter of the machine and account of this run. */
export const isAboutProbeAccount = (id: string | undefined, { windowsCurrent }: Pick<RouteEvidence['settings'], 'windowsCurrent'>): boolean =>
  aboutProbeAccount.some((each) => each === id) || (windowsCurrent && id === 'wia-intranet-zone-not-configured');

/** A sign-in that ended at the form, since its account is parked, shows what lies before the form; what lies behind it was found before. */
export function withParked(seen: readonly Candidate[], parked: readonly Finding[]): readonly Candidate[] {
  const before = seen.filter(({ id }) => beforeCredentials.includes(places[id].stage));
  return [...before, ...parked.map((finding): Candidate => ({ id: finding.id as CauseId, nature: 'breaks', finding }))];
}

/** What is known beyond the one result. */
export interface VerdictKnowledge {
  readonly othersRefused?: boolean;
  /** CRM redirects to another STS than the configured one. */
  readonly otherSts?: boolean;
}

/**
 * The verdict on one result. `signedIn` comes from the journey, never from rules; a probe fault (`unknown`) stays unknown, unless a check without credentials already
 * met something broken on the way. A refusal of the probe's own account is `unknown`: other people can sign in, unless another account was refused as well
 * (`othersRefused`).
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
    ({ id, nature, finding, met }) => nature === 'breaks' && (met ?? finding.certainty === 'confirmed') && beforeCredentials.includes(places[id].stage),
  );
  return proved ? 'broken' : 'unknown';
}
