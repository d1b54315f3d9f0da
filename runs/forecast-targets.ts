import type { LastGood, Metadata, TlsFacts } from '../contracts/evidence';
import type { ForecastReport, TargetForecast } from '../contracts/forecast';
import type { Target } from '../contracts/target';
import { forecastTarget } from '../diagnosis/forecast-target';
import { captureClocks, captureCrmMetadata, captureHost, captureStsMetadata, hostAndPort, type HostCapture, readLastGood } from '../probes/captures';
import { createLookup, type Lookup } from '../probes/network';
import { worstVerdict } from './exit-code';
import { toolVersion } from './tool-version';
import { expected } from '../system/expected';

type Unseen = TargetForecast['unseen'][number];

/**
 * Looks at the metadata of both sides, the TLS certificates of all hosts and the last good states, and says when sign-in will break. No browser, no credential.
 */
export async function forecastTargets(targets: readonly Target[]): Promise<ForecastReport> {
  const names = [...new Set(targets.map(({ name }) => name))];
  const results: TargetForecast[] = [];
  for (const name of names) results.push(await forecastOne(targets.filter((target) => target.name === name)));
  return { schema: 1, at: new Date().toISOString(), tool: toolVersion, verdict: worstVerdict(results.map(({ verdict }) => verdict)), results };
}

/** One target; `routes` are its routes, which share STS, thresholds and account. */
async function forecastOne(routes: readonly Target[]): Promise<TargetForecast> {
  const target = expected(routes[0], 'a route');
  const signal = AbortSignal.timeout(target.deadlineMs);
  const lookup = createLookup(target);
  const context = { target, lookup, signal };
  const hosts = [...new Set([target.stsOrigin, target.metadata.sts, ...routes.map(({ url }) => url)].map(hostAndPort))];
  const [captured, sts, crm, states] = await Promise.all([
    Promise.all(hosts.map((host) => captureHost(host, target, lookup, signal))),
    captureStsMetadata(context),
    Promise.all(routes.map((route) => captureCrmMetadata({ target: route, lookup, signal }))),
    Promise.all(routes.map(readLastGood)),
  ]);
  const crmMetadata = merged(crm.map(({ metadata }) => metadata));
  const further = await namedHosts(crmMetadata, hosts, target, lookup, signal);
  const dates = [sts.dateSample].flatMap((sample) => sample ?? []);
  return forecastTarget({
    target: target.name,
    settings: { url: target.url, stsOrigin: target.stsOrigin, rollover: target.rollover, warnDays: target.warnDays },
    at: new Date().toISOString(),
    tls: distinct([...captured, ...further].flatMap(({ tls }) => tls?.facts ?? [])),
    stsMetadata: sts.metadata,
    crmMetadata,
    clocks: captureClocks({ target, exchanges: [], token: null, journeyStartedAt: 0, sampled: dates }),
    lastGood: states.flatMap((state): LastGood[] => (state.ok && state.lastGood ? [state.lastGood] : [])),
    unseen: [
      ...captured.flatMap(unseenHost),
      ...(crmMetadata.ok ? [] : [{ what: 'metadata:crm', why: `CRM's encryption certificate cannot be seen: ${crmMetadata.why}` }]),
      ...states.flatMap((state) => (state.ok ? [] : [{ what: 'last-good', why: state.why }])),
    ],
  });
}

/** The routes' documents as one: each has the same keys, and names the hosts of its route. The first failure where none could be read. */
function merged(documents: readonly Metadata[]): Metadata {
  const read = documents.flatMap((document) => (document.ok ? [document] : []));
  const [first] = read;
  if (!first) return expected(documents[0], 'a document');
  return {
    ...first,
    keys: read.flatMap(({ keys }) => keys),
    passiveEndpoints: [...new Set(read.flatMap(({ passiveEndpoints }) => passiveEndpoints))],
    scopes: [...new Set(read.flatMap(({ scopes }) => scopes))],
  };
}

/** Hosts only CRM's metadata names (auth.contoso.com): a name that does not answer may be unused, so it counts when it answers. */
async function namedHosts(crmMetadata: Metadata, known: readonly string[], target: Target, lookup: Lookup, signal: AbortSignal): Promise<HostCapture[]> {
  const addresses = crmMetadata.ok ? [crmMetadata.url, ...crmMetadata.passiveEndpoints, ...crmMetadata.scopes] : [];
  const hosts = new Set(addresses.flatMap((address) => (URL.canParse(address) && address.startsWith('https:') ? [hostAndPort(address)] : [])));
  const captured = await Promise.all([...hosts].filter((host) => !known.includes(host)).map((host) => captureHost(host, target, lookup, signal)));
  return captured.filter(({ tls }) => tls !== null && tls.facts.chain.length > 0);
}

function unseenHost({ dns, tls }: HostCapture): Unseen[] {
  const failure =
    dns.error === null
      ? tls && tls.facts.chain.length === 0
        ? `${dns.host} does not answer (${tls.facts.error})`
        : null
      : `${dns.host} does not resolve (${dns.error})`;
  return failure === null ? [] : [{ what: `tls:${dns.host}`, why: `The TLS certificate cannot be seen: ${failure}.` }];
}

const distinct = (all: readonly TlsFacts[]): TlsFacts[] => [
  ...new Map(all.map((facts) => [`${facts.host}:${facts.port} ${facts.chain[0]?.sha1}`, facts])).values(),
];
