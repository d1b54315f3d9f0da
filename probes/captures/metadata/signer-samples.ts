import { type Metadata, type RouteEvidence, signerSamplesAfter } from '../../../contracts/evidence';
import type { Target } from '../../../contracts/target';
import type { Lookup } from '../../network/lookup';
import { captureStsMetadata } from './sts-metadata';

type Sample = NonNullable<RouteEvidence['stsSamples']>[number];

/**
 * Asks the STS for its metadata again, each time on a connection of its own, once a token was refused:
 * nodes behind one address, a stale cache or a promotion during the run show themselves as different signers. `before` is what was read before the sign-in.
 * Never rejects.
 */
export async function captureSignerSamples(
  target: Target,
  lookup: Lookup,
  before: { readonly at: string; readonly metadata: Metadata | null },
): Promise<Sample[]> {
  const samples = [sampleOf('before', before.at, before.metadata)];
  for (let n = 0; n < signerSamplesAfter; n++) {
    const at = new Date().toISOString();
    const { metadata } = await captureStsMetadata({ target, lookup });
    samples.push(sampleOf('after', at, metadata));
  }
  return samples;
}

function sampleOf(phase: Sample['phase'], at: string, metadata: Metadata | null): Sample {
  if (!metadata?.ok) return { phase, at, signerSha1: null, keys: [], entityId: null };
  const keys = metadata.keys.filter(({ use }) => use !== 'encryption').map(({ certificate }) => certificate.sha1);
  return {
    phase,
    at,
    signerSha1: metadata.signature.status === 'valid' ? metadata.signature.signerSha1 : null,
    keys: [...new Set(keys)],
    entityId: metadata.entityId,
  };
}
