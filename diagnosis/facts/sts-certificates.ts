import type { CertificateFacts, LastGood, Metadata, RouteEvidence } from '../../contracts/evidence';
import type { SignatureStatus } from '../../contracts/words';
import { signerSamples } from './signer-samples';
import { instant, listed, shortThumbprint, withoutStop } from './wording';

/** The STS's token-signing certificates, as its metadata shows them. */
export interface StsCertificates {
  /** The one in use: the signer of the metadata (inferred, field guide §5.1), or the only one published. */
  readonly primary: CertificateFacts;
  readonly primaryBy: 'metadata-signer' | 'only-key';
  readonly others: readonly CertificateFacts[];
}

export type StsReading = ({ readonly known: true } & StsCertificates) | { readonly known: false; readonly why: string };

const timeOf = (iso: string): number => new Date(iso).getTime();

/** Reads primary and further signing certificates. Order in the document says nothing (field guide §5.1). */
export function stsCertificates(stsMetadata: Metadata | null): StsReading {
  if (stsMetadata === null) return { known: false, why: "the STS's metadata was not captured" };
  if (!stsMetadata.ok) return { known: false, why: `the STS's metadata could not be read: ${withoutStop(stsMetadata.why)}` };
  const signing = signingOf(stsMetadata.keys);
  const { status, signerSha1 } = stsMetadata.signature;
  const only = signing.length === 1 ? signing[0] : undefined;
  if (status === 'invalid' || status === 'ambiguous') return { known: false, why: `the signature of the STS's metadata is ${status}` };
  const signer = signing.find(({ sha1 }) => sha1 === signerSha1);
  if (signer) return { known: true, primary: signer, primaryBy: 'metadata-signer', others: signing.filter((certificate) => certificate !== signer) };
  if (only && signerSha1 === null) return { known: true, primary: only, primaryBy: 'only-key', others: [] };
  return { known: false, why: signerUnknown(status, signerSha1, signing.length) };
}

function signerUnknown(status: SignatureStatus, signerSha1: string | null, count: number): string {
  if (signerSha1 !== null) return "the signer of the STS's metadata is not among its signing certificates";
  return status === 'absent'
    ? `the STS's metadata is not signed and lists ${count} signing certificates`
    : `the signature of the STS's metadata is ${status}, and the document lists ${count} signing certificates`;
}

/** The newest signing certificate that is newer than the primary: the next primary. */
export const successor = ({ primary, others }: StsCertificates): CertificateFacts | null =>
  others.filter((other) => timeOf(other.notBefore) > timeOf(primary.notBefore)).sort((a, b) => timeOf(b.notBefore) - timeOf(a.notBefore))[0] ?? null;

/** The newest signing certificate older than the primary: most likely the previous primary. */
export const predecessor = ({ primary, others }: StsCertificates): CertificateFacts | null =>
  others.filter((other) => timeOf(other.notBefore) <= timeOf(primary.notBefore)).sort((a, b) => timeOf(b.notBefore) - timeOf(a.notBefore))[0] ?? null;

/** Where it is known from which certificate signs: a token says it, the metadata's signature implies it. */
export type SignerSource = 'token' | 'opened-token' | 'diagnostic-token' | 'metadata';

/** Which certificate signs now, from the best source at hand; null when no source tells. */
export function signerNow(
  evidence: Pick<RouteEvidence, 'stsMetadata' | 'token'> & Partial<Pick<RouteEvidence, 'diagnosticToken' | 'stsSamples'>>,
): { readonly sha1: string; readonly source: SignerSource } | null {
  const { token, diagnosticToken } = evidence;
  const samples = signerSamples(evidence);
  if (token?.signature === 'valid' && token.signer) return { sha1: token.signer.sha1, source: token.encrypted ? 'opened-token' : 'token' };
  if (diagnosticToken?.signature === 'valid' && diagnosticToken.signer) return { sha1: diagnosticToken.signer.sha1, source: 'diagnostic-token' };
  // Promoted while this run went on: what signs now is what was read last.
  if (samples.state === 'moved') return { sha1: samples.after, source: 'metadata' };
  const reading = stsCertificates(evidence.stsMetadata);
  if (reading.known) return { sha1: reading.primary.sha1, source: 'metadata' };
  return token?.signer ? { sha1: token.signer.sha1, source: 'token' } : null;
}

/** How a claim names the source. */
export const signerSourceWords: Readonly<Record<SignerSource, string>> = {
  token: 'the token itself shows it',
  'opened-token': 'CRM’s own token, opened with the key given, shows it',
  'diagnostic-token': 'the token of the diagnostic trust shows it',
  metadata: 'its metadata is signed with it',
};

/** Which certificate signed at the last good sign-in: the token's, the metadata's signer, or the only one that was listed. */
export function signerThen({ tokenSignerSha1, stsPrimarySha1, stsKeys }: LastGood): string | null {
  const listed = [...new Set(stsKeys.filter(({ use }) => use !== 'encryption').map(({ certificate }) => certificate.sha1))];
  return tokenSignerSha1 ?? stsPrimarySha1 ?? (listed.length === 1 ? (listed[0] ?? null) : null);
}

/** How the certificate that signs compares with the last good sign-in. */
export type PrimaryChange =
  | { readonly state: 'changed' | 'unchanged'; readonly now: string; readonly then: string; readonly source: SignerSource }
  | { readonly state: 'unknown'; readonly why: string };

export function primaryChange(
  evidence: Pick<RouteEvidence, 'stsMetadata' | 'lastGood' | 'token' | 'startedAt'> & Partial<Pick<RouteEvidence, 'diagnosticToken' | 'stsSamples'>>,
): PrimaryChange {
  const { lastGood } = evidence;
  if (lastGood === null) return { state: 'unknown', why: 'no last good sign-in is on record' };
  const worthless = worthlessBaseline(evidence, lastGood);
  if (worthless !== null) return { state: 'unknown', why: worthless };
  const then = signerThen(lastGood);
  const now = signerNow(evidence);
  if (now && then !== null) return { state: now.sha1 === then ? 'unchanged' : 'changed', now: now.sha1, then, source: now.source };
  const reading = stsCertificates(evidence.stsMetadata);
  return { state: 'unknown', why: now || reading.known ? 'the last good sign-in recorded no signing certificate' : reading.why };
}

/** Without a certificate on record: AD FS makes its own for a year. */
const longestBaselineMs = 365 * 86_400_000;

/** Why the last good sign-in says nothing about a change: it was at another STS, or so long ago that the certificate had to be renewed since. */
function worthlessBaseline(
  { stsMetadata, startedAt, stsSamples }: Pick<RouteEvidence, 'stsMetadata' | 'startedAt'> & Partial<Pick<RouteEvidence, 'stsSamples'>>,
  lastGood: LastGood,
): string | null {
  const now = (stsMetadata?.ok ? stsMetadata.entityId : null) ?? stsSamples?.find(({ entityId }) => entityId !== null)?.entityId ?? null;
  if (now === null || lastGood.stsEntityId === null) return 'whether the last good sign-in on record was at this STS is not known (its metadata was not read)';
  if (now !== lastGood.stsEntityId) return `the last good sign-in on record was at another STS (${lastGood.stsEntityId}, now ${now})`;
  const then = signerThen(lastGood);
  const certificate = lastGood.stsKeys.find((key) => key.certificate.sha1 === then)?.certificate;
  const goodUntil = certificate ? timeOf(certificate.notAfter) : timeOf(lastGood.savedAt) + longestBaselineMs;
  if (timeOf(startedAt) > goodUntil)
    return `the last good sign-in on record (${instant(lastGood.savedAt)}) is older than its signing certificate lived: it was renewed in any case`;
  return timeOf(lastGood.savedAt) > timeOf(startedAt) ? 'the last good sign-in on record lies after this one' : null;
}

/** How the list of signing certificates compares with the last good sign-in's, where nothing says which of them signs. */
export interface ListedKeys {
  readonly added: readonly CertificateFacts[];
  readonly gone: readonly CertificateFacts[];
  readonly kept: readonly CertificateFacts[];
  /** All of it in one sentence. */
  readonly said: string;
}

/**
 * Compares the lists of keys where metadata without a usable signature lists several. Which of them signs stays open:
 * a new key may only wait, so it is a trace of a rollover, and no proof of one. null = there is nothing to compare.
 */
export function listedSince(evidence: Pick<RouteEvidence, 'stsMetadata' | 'startedAt' | 'lastGood'>): ListedKeys | null {
  const { stsMetadata, lastGood } = evidence;
  const reading = stsCertificates(stsMetadata);
  if (reading.known || !stsMetadata?.ok || !lastGood || worthlessBaseline(evidence, lastGood) !== null) return null;
  if (stsMetadata.signature.status === 'invalid' || stsMetadata.signature.status === 'ambiguous') return null;
  const [now, then] = [signingOf(stsMetadata.keys), signingOf(lastGood.stsKeys)];
  if (now.length === 0 || then.length === 0) return null;
  const missingIn = (others: readonly CertificateFacts[]) => (one: CertificateFacts) => !others.some(({ sha1 }) => sha1 === one.sha1);
  const [added, gone] = [now.filter(missingIn(then)), then.filter(missingIn(now))];
  const kept = now.filter((one) => !added.includes(one));
  const parts = [
    ...added.map(({ sha1, notBefore }) => `${shortThumbprint(sha1)} is new (valid since ${instant(notBefore)})`),
    ...kept.map(({ sha1, notAfter }) => `${shortThumbprint(sha1)} was listed then, too (valid until ${instant(notAfter)})`),
    ...gone.map(({ sha1 }) => `${shortThumbprint(sha1)} is no longer listed`),
  ];
  const since = `Since the last good sign-in (${instant(lastGood.savedAt)})`;
  const said =
    added.length + gone.length === 0
      ? `The certificates it lists are the same as at the last good sign-in (${instant(lastGood.savedAt)}): ` +
        listed(kept.map(({ sha1 }) => shortThumbprint(sha1)))
      : `${since}: ${listed(parts)}`;
  return { added, gone, kept, said };
}

/** A primary older than this without a predecessor beside it shows no trace of a rollover: 20 days of overlap, promotion and a month to be noticed. */
const recentRolloverMs = 45 * 86_400_000;

/** Without a last good state: an older signing certificate still listed beside the primary, or a primary of recent date. */
export const traceOfRollover = (reading: StsCertificates, startedAt: string): boolean =>
  predecessor(reading) !== null || timeOf(startedAt) - timeOf(reading.primary.notBefore) < recentRolloverMs;

/** True when addresses or names are AD FS's: KB 2686840 speaks of AD FS only. */
export function looksLikeAdfs(evidence: Pick<RouteEvidence, 'stsMetadata' | 'exchanges'>): boolean {
  return (
    (evidence.stsMetadata?.ok === true && /\/adfs\/services\/trust\/?$/i.test(evidence.stsMetadata.entityId)) ||
    evidence.exchanges.some(({ url }) => /^https?:\/\/[^/]+\/adfs\/ls(\/|\?|$)/i.test(url))
  );
}

/** Each certificate that may sign once. */
function signingOf(keys: LastGood['stsKeys']): readonly CertificateFacts[] {
  return [...new Map(keys.filter(({ use }) => use !== 'encryption').map(({ certificate }) => [certificate.sha1, certificate])).values()];
}
