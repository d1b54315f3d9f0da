import type { NodeFacts, RouteEvidence } from '../../contracts/evidence';
import { stsHost } from './addresses';
import { listed, shortThumbprint } from './wording';

/** AD FS nodes that were asked one by one under the farm's name. */
export interface StsNodes {
  /** Those that served readable metadata. */
  readonly read: readonly NodeFacts[];
  /** Those that did not: no answer, or an error status. */
  readonly silent: readonly NodeFacts[];
  /** In what the readable ones differ; empty when they agree, or when there are not two. */
  readonly differIn: readonly ('signer' | 'signing keys' | 'name')[];
}

/** Compares the AD FS nodes of a farm: synchronised nodes publish the same document. */
export function stsNodes({ nodes }: Pick<RouteEvidence, 'nodes'>): StsNodes {
  const all = nodes.filter(({ role }) => role === 'sts');
  const read = all.filter(({ why, entityId }) => why === null && entityId !== null);
  const differ = (value: (node: NodeFacts) => string | null): boolean => new Set(read.map(value).filter((each) => each !== null)).size > 1;
  return {
    read,
    silent: all.filter((node) => !read.includes(node)),
    differIn: [
      ...(differ(({ signerSha1 }) => signerSha1) ? (['signer'] as const) : []),
      ...(differ(({ keys }) => [...new Set(keys)].sort().join()) ? (['signing keys'] as const) : []),
      ...(differ(({ entityId }) => entityId) ? (['name'] as const) : []),
    ],
  };
}

/**
 * Why one address does not speak for the whole STS: its name has several addresses, or nobody saw how many, and the nodes behind them were not compared.
 * null = it has one
 * address, or every node was read and all agree. A device that stands before several nodes at one address stays unseen; `stsSamples` are for that.
 */
export function unseenNodes(evidence: Pick<RouteEvidence, 'nodes' | 'dns' | 'settings'>): string | null {
  const host = stsHost(evidence);
  const addresses = evidence.dns.find((entry) => entry.host === host)?.addresses ?? [];
  const { read, silent, differIn } = stsNodes(evidence);
  if (addresses.length === 0) return `The addresses of ${host} are not in the evidence, so that several AD FS nodes are not excluded.`;
  const all = read.length + silent.length;
  if (addresses.length === 1 && all === 0) return null;
  if (silent.length === 0 && differIn.length === 0 && all >= Math.max(2, addresses.length)) return null;
  return (
    `${host} has several addresses (${listed(addresses.length > 1 ? addresses : [...read, ...silent].map(({ address }) => address))}), ` +
    `and its nodes were not all compared.`
  );
}

/** Why nothing can be said about the certificate in force: the nodes disagree. null = they do not, as far as is known. */
export function farmDisagreement(evidence: Pick<RouteEvidence, 'nodes'>): string | null {
  const { differIn, read } = stsNodes(evidence);
  if (differIn.length === 0) return null;
  return `The ${read.length} nodes of the AD FS farm differ in ${listed(differIn)}; which certificate is in force is open until they agree. Test again then.`;
}

/** "10.0.0.5 (signs with 3F2A11B0…, publishes 3F2A11B0…)". */
export const describeNode = ({ address, signerSha1, keys, entityId, date }: NodeFacts): string =>
  `${address} calls itself ${entityId}, signs with ${signerSha1 ? shortThumbprint(signerSha1) : 'an unknown certificate'} and publishes ` +
  `${[...new Set(keys)].map(shortThumbprint).join(', ') || 'no signing key'}${date ? ` (its clock: ${date})` : ''}`;
