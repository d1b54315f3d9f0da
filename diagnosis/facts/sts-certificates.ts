import type { CertificateFacts, Metadata, RouteEvidence } from '../../contracts/evidence';
import { withoutStop } from './wording';

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
  const signing = distinct(stsMetadata.keys.filter(({ use }) => use !== 'encryption').map(({ certificate }) => certificate));
  const { status, signerSha1 } = stsMetadata.signature;
  const only = signing.length === 1 ? signing[0] : undefined;
  if (status === 'invalid' || status === 'ambiguous') return { known: false, why: `the signature of the STS's metadata is ${status}` };
  const signer = signing.find(({ sha1 }) => sha1 === signerSha1);
  if (signer) return { known: true, primary: signer, primaryBy: 'metadata-signer', others: signing.filter((certificate) => certificate !== signer) };
  if (only && signerSha1 === null) return { known: true, primary: only, primaryBy: 'only-key', others: [] };
  return {
    known: false,
    why:
      signerSha1 === null
        ? `the STS's metadata is not signed and lists ${signing.length} signing certificates`
        : "the signer of the STS's metadata is not among its signing certificates",
  };
}

/** The newest signing certificate that is newer than the primary: the next primary. */
export const successor = ({ primary, others }: StsCertificates): CertificateFacts | null =>
  others.filter((other) => timeOf(other.notBefore) > timeOf(primary.notBefore)).sort((a, b) => timeOf(b.notBefore) - timeOf(a.notBefore))[0] ?? null;

/** The newest signing certificate older than the primary: most likely the previous primary. */
export const predecessor = ({ primary, others }: StsCertificates): CertificateFacts | null =>
  others.filter((other) => timeOf(other.notBefore) <= timeOf(primary.notBefore)).sort((a, b) => timeOf(b.notBefore) - timeOf(a.notBefore))[0] ?? null;

/** How the primary compares with the last good sign-in. A clear token's signer stands in where metadata does not tell. */
export type PrimaryChange =
  { readonly state: 'changed' | 'unchanged'; readonly now: string; readonly then: string } | { readonly state: 'unknown'; readonly why: string };

export function primaryChange(evidence: Pick<RouteEvidence, 'stsMetadata' | 'lastGood' | 'token'>): PrimaryChange {
  const { lastGood, token } = evidence;
  if (lastGood === null) return { state: 'unknown', why: 'no last good sign-in is on record' };
  const reading = stsCertificates(evidence.stsMetadata);
  const compared = (now: string, then: string): PrimaryChange => ({ state: now === then ? 'unchanged' : 'changed', now, then });
  if (reading.known && lastGood.stsPrimarySha1 !== null) return compared(reading.primary.sha1, lastGood.stsPrimarySha1);
  if (token?.signer && lastGood.tokenSignerSha1 !== null) return compared(token.signer.sha1, lastGood.tokenSignerSha1);
  return { state: 'unknown', why: reading.known ? 'the last good sign-in recorded no signing certificate' : reading.why };
}

/** True when addresses or names are AD FS's: KB 2686840 speaks of AD FS only. */
export function looksLikeAdfs(evidence: Pick<RouteEvidence, 'stsMetadata' | 'exchanges'>): boolean {
  return (
    (evidence.stsMetadata?.ok === true && /\/adfs\/services\/trust\/?$/i.test(evidence.stsMetadata.entityId)) ||
    evidence.exchanges.some(({ url }) => /^https?:\/\/[^/]+\/adfs\/ls(\/|\?|$)/i.test(url))
  );
}

function distinct(certificates: readonly CertificateFacts[]): readonly CertificateFacts[] {
  return [...new Map(certificates.map((certificate) => [certificate.sha1, certificate])).values()];
}
