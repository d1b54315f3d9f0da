import type { DnsFacts, LastGood, Metadata, RepairOnRecord, RouteEvidence, TlsFacts } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { Lookup } from '../network/lookup';
import { captureCrmMetadata } from './metadata/crm-metadata';
import type { DateSample } from './metadata/fetch-document';
import { readLastGood } from './last-good';
import { readRepairOnRecord } from './repair-on-record';
import { captureStsMetadata } from './metadata/sts-metadata';
import { captureTls, type TlsCapture } from './tls';
import { captureWsdl } from './metadata/wsdl';

/** All that can be seen of a deployment without a browser and without a credential. */
export interface Surroundings {
  readonly dns: readonly DnsFacts[];
  readonly tls: readonly TlsFacts[];
  readonly stsMetadata: Metadata;
  /** The document itself, whose keys a readable token is judged against; null when there is none. */
  readonly stsMetadataText: string | null;
  readonly crmMetadata: Metadata;
  readonly wsdl: NonNullable<RouteEvidence['wsdl']>;
  readonly lastGood: LastGood | null;
  readonly repairOnRecord: RepairOnRecord | null;
  readonly dates: readonly DateSample[];
  readonly dnsMs: number | null;
  readonly tlsMs: number | null;
  readonly captureErrors: RouteEvidence['captureErrors'];
}

export interface SurroundingsCapture {
  /** Keys of the servers the private CA vouches for: what the browser must know before it starts. Empty without a private CA. */
  readonly trustedSpkis: Promise<string[]>;
  /** Where CRM's own metadata says that it takes tokens; empty without metadata. */
  readonly crmAddresses: Promise<readonly string[]>;
  readonly all: Promise<Surroundings>;
}

/** Starts looking at names, TLS, metadata of both sides and CRM's WSDL, all at once. Never rejects; what cannot be had says why. */
export function captureSurroundings(target: Target, lookup: Lookup, signal: AbortSignal): SurroundingsCapture {
  const context = { target, lookup, signal };
  const hosts = [...new Set([hostAndPort(target.url), hostAndPort(target.stsOrigin)])];
  const crm = captureCrmMetadata(context);
  const hostsOfFlow = Promise.all(hosts.map((host) => captureHost(host, target, lookup, signal)));
  // IFD posts tokens to a host that CRM's metadata names (auth.contoso.com), which the browser must trust as well.
  const crmAddresses = crm.then(({ metadata }) => (metadata.ok ? [...metadata.passiveEndpoints, ...metadata.scopes] : []));
  const furtherHosts = crmAddresses.then((named) => {
    const further = [...new Set(named.flatMap((address) => (URL.canParse(address) && address.startsWith('https:') ? [hostAndPort(address)] : [])))].filter(
      (host) => !hosts.includes(host),
    );
    return target.caFile ? Promise.all(further.map((host) => captureHost(host, target, lookup, signal))) : [];
  });
  const trustedSpkis = Promise.all([hostsOfFlow, furtherHosts]).then((groups) => [...new Set(groups.flat().flatMap(({ tls }) => tls?.trustedSpki ?? []))]);
  return { trustedSpkis, crmAddresses, all: collect() };

  async function collect(): Promise<Surroundings> {
    const [flow, further, sts, crmCapture, wsdl, lastGood, repair] = await Promise.all([
      hostsOfFlow,
      furtherHosts,
      captureStsMetadata(context),
      crm,
      captureWsdl(context),
      readLastGood(target),
      readRepairOnRecord(target),
    ]);
    // A host only the metadata names is evidence when it answers; an unused name that does not is no failure of this sign-in.
    const seen = [...flow, ...further.filter(({ tls }) => tls && tls.facts.chain.length > 0)];
    const slowest = (values: readonly number[]): number | null => (values.length > 0 ? Math.round(Math.max(...values)) : null);
    return {
      dns: seen.map(({ dns }) => dns),
      tls: seen.flatMap(({ tls }) => tls?.facts ?? []),
      stsMetadata: sts.metadata,
      stsMetadataText: sts.text,
      crmMetadata: crmCapture.metadata,
      wsdl: wsdl.wsdl,
      lastGood: lastGood.ok ? lastGood.lastGood : null,
      repairOnRecord: repair.ok ? repair.state : null,
      dates: [sts.dateSample, crmCapture.dateSample, wsdl.dateSample].flatMap((sample) => sample ?? []),
      dnsMs: slowest(flow.map(({ dnsMs }) => dnsMs)),
      tlsMs: slowest(flow.flatMap(({ tls }) => tls?.durationMs ?? [])),
      captureErrors: [
        ...(lastGood.ok ? [] : [{ capture: 'last-good', why: lastGood.why }]),
        ...(repair.ok ? [] : [{ capture: 'repair-on-record', why: repair.why }]),
      ],
    };
  }
}

export interface HostCapture {
  readonly dns: DnsFacts;
  readonly dnsMs: number;
  /** null for plain http and for a name that does not resolve. */
  readonly tls: TlsCapture | null;
}

/** Name and TLS of one `host:port`; `http:host:port` for plain http on loopback. */
export async function captureHost(host: string, target: Target, lookup: Lookup, signal?: AbortSignal): Promise<HostCapture> {
  const plain = host.startsWith('http:');
  const { hostname, port } = new URL(plain ? `http://${host.slice(5)}` : `https://${host}`);
  const { address, durationMs, addresses, error, source } = await lookup.lookup(hostname);
  const dns: DnsFacts = { host: hostname, addresses, error, source };
  const tls = address === null || plain ? null : await captureTls(hostname, Number(port || 443), address, target.caFile, { signal });
  return { dns, dnsMs: durationMs, tls };
}

/** `sts.contoso.com:443`; `http:localhost:8080` for plain http. */
export function hostAndPort(address: string): string {
  const { protocol, hostname, port } = new URL(address);
  return protocol === 'http:' ? `http:${hostname}:${port || '80'}` : `${hostname}:${port || '443'}`;
}
