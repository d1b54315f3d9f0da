import { type RouteEvidence, signerSamplesAfter } from '../../contracts/evidence';
import { shortThumbprint } from './wording';

/** What several readings of the STS's metadata, on connections of their own, say together of the certificate that signs. */
export type SignerSamples =
  /** `not-taken`: evidence of an earlier version, or a sign-in without a refused token. */
  | { readonly state: 'not-taken' | 'unreadable' }
  /** Some of the readings are missing or could not be read; those that were agree. */
  | { readonly state: 'too-few'; readonly sha1: string; readonly count: number }
  | { readonly state: 'agree'; readonly sha1: string; readonly count: number }
  /** One signer before the sign-in, another after it. */
  | { readonly state: 'moved'; readonly before: string; readonly after: string }
  /** Several signers take turns under one address. */
  | { readonly state: 'differ'; readonly signers: readonly string[]; readonly count: number };

export function signerSamples({ stsSamples }: Partial<Pick<RouteEvidence, 'stsSamples'>>): SignerSamples {
  if (!stsSamples) return { state: 'not-taken' };
  const signersOf = (phase: 'before' | 'after'): string[] => [
    ...new Set(stsSamples.flatMap((sample) => (sample.phase === phase && sample.signerSha1 !== null ? [sample.signerSha1] : []))),
  ];
  const [before, after] = [signersOf('before'), signersOf('after')];
  const count = stsSamples.filter(({ signerSha1 }) => signerSha1 !== null).length;
  const [last] = after;
  if (last === undefined) return { state: 'unreadable' };
  if (after.length > 1) return { state: 'differ', signers: after, count };
  const [first] = before;
  const read = stsSamples.filter(({ phase, signerSha1 }) => phase === 'after' && signerSha1 !== null).length;
  if (read < signerSamplesAfter) return { state: 'too-few', sha1: last, count };
  return first !== undefined && first !== last ? { state: 'moved', before: first, after: last } : { state: 'agree', sha1: last, count };
}

/** Why nothing can be said about the certificate in force: several sign in turn under one address. null = they do not, as far as is known. */
export function signersDiffer(evidence: Partial<Pick<RouteEvidence, 'stsSamples'>>): string | null {
  const samples = signerSamples(evidence);
  if (samples.state !== 'differ') return null;
  return (
    `Of ${samples.count} readings of the STS's metadata in this run some are signed with ${samples.signers.map(shortThumbprint).join(', some with ')}` +
    `: nodes of a farm that disagree, or a stale cache, behind one address.`
  );
}
