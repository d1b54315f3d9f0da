import type { NodeFacts } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import { createLookup, type Lookup } from '../network/lookup';
import { fetchMetadata } from './metadata/fetch-metadata';
import { captureHost } from './surroundings';

/**
 * Asks every node of both farms under the farm's real name: the addresses of `nodes:`, else all the name has. A farm of one node is not asked again.
 * Never rejects; a node that does not answer says why.
 */
export async function captureNodes(target: Target, lookup: Lookup, signal?: AbortSignal): Promise<NodeFacts[]> {
  const farms = [
    { role: 'sts', url: target.metadata.sts },
    { role: 'crm', url: target.metadata.crm },
  ] as const;
  const asked = farms.map(async ({ role, url }) => {
    const host = new URL(url).hostname;
    const addresses = target.nodes[host] ?? (await lookup.lookup(host)).addresses;
    return addresses.length < 2 ? [] : Promise.all(addresses.map((address) => captureNode(role, url, address, target, signal)));
  });
  return (await Promise.all(asked)).flat();
}

async function captureNode(role: NodeFacts['role'], url: string, address: string, target: Target, signal?: AbortSignal): Promise<NodeFacts> {
  const { hostname, host, protocol } = new URL(url);
  const lookup = createLookup({ resolve: { [hostname]: address }, dns: null });
  const startedAt = performance.now();
  const [{ metadata, dateSample }, { tls }] = await Promise.all([
    fetchMetadata(url, { target, lookup, signal }),
    captureHost(protocol === 'http:' ? `http:${host}` : host, target, lookup, signal),
  ]);
  return {
    role,
    host: hostname,
    address,
    status: metadata.ok ? 200 : metadata.status,
    why: metadata.ok ? null : metadata.why,
    entityId: metadata.ok ? metadata.entityId : null,
    signerSha1: metadata.ok ? metadata.signature.signerSha1 : null,
    keys: metadata.ok ? metadata.keys.filter(({ use }) => use !== (role === 'sts' ? 'encryption' : 'signing')).map(({ certificate }) => certificate.sha1) : [],
    tlsSha1: tls?.facts.chain[0]?.sha1 ?? null,
    date: dateSample?.date ?? null,
    durationMs: Math.round(performance.now() - startedAt),
  };
}
