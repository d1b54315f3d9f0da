import type { Exchange, RouteEvidence, TlsFacts } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import type { Certainty } from '../../contracts/words';
import { hostOf, redirectTarget } from './addresses';
import { listed } from './wording';

/** Error codes of name resolution, TCP and certificates, as browser and Node write them. */
const nameErrors = /ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED/;
const tcpErrors = /ERR_CONNECTION_(REFUSED|TIMED_OUT|RESET|CLOSED|FAILED)|ERR_ADDRESS_UNREACHABLE|ERR_EMPTY_RESPONSE|ERR_TIMED_OUT/;
const tcpCodes = /^(ECONNREFUSED|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ECONNRESET)$/;

/** Why a host gave no answer. */
export type Unreachable = { readonly layer: 'dns' | 'tcp' | 'tls'; readonly said: string; readonly refs: readonly string[] };

/** True for TLS facts whose error is about TCP, not about the certificate. */
export const isTcpError = (facts: TlsFacts): boolean => facts.error !== null && tcpCodes.test(facts.error);

/** The failed exchange of a host, when the browser got no answer at all from it. */
export const failedExchange = (exchanges: readonly Exchange[], host: string): Exchange | null =>
  exchanges.find(({ url, status, failure }) => status === null && failure !== null && hostOf(url) === host) ?? null;

/**
 * Whether the sign-in came as far as a host that cannot be reached: true = the browser asked it in vain, or was sent there and ended; null = no exchange was
 * recorded at all, so
 * that only what the probe itself looked up is known; false = the browser was never at this host.
 */
export function cameTo({ exchanges, journey }: Pick<RouteEvidence, 'exchanges' | 'journey'>, host: string): boolean | null {
  if (exchanges.length === 0) return null;
  const ended = journey.failedAt === 'dns' || journey.failedAt === 'tls';
  return failedExchange(exchanges, host) !== null || (ended && exchanges.some((exchange) => hostOf(redirectTarget(exchange)) === host));
}

/**
 * How sure a fault of names or certificates is as the cause: `most` where the browser came to one of these hosts in vain, else suspected. `met` as a
 * judgement wants it: without any
 * exchange on record, whoever begins there meets what the probe itself was refused by.
 */
export function atHosts(
  evidence: Pick<RouteEvidence, 'exchanges' | 'journey'>,
  hosts: readonly string[],
  most: Certainty,
): { readonly certainty: Certainty; readonly met: boolean; readonly against: readonly Claim[] } {
  const came = hosts.map((host) => cameTo(evidence, host));
  return came.includes(true) ? { certainty: most, met: true, against: [] } : { certainty: 'suspected', met: came.includes(null), against: [notCameTo(hosts)] };
}

/** What is said of a fault of a host the sign-in did not come to, or is not known to have come to. */
const notCameTo = (hosts: readonly string[]): Claim => ({
  text: `That the browser itself failed at ${listed(hosts)} was not seen: it need not be what stopped this sign-in.`,
  refs: [],
});

/** True when the browser itself gave this error at one of the hosts. */
export const browserSays = (exchanges: readonly Exchange[], hosts: readonly string[], error: string): boolean =>
  hosts.some((host) => failedExchange(exchanges, host)?.failure?.includes(error) ?? false);

/** Says at which layer a host could not be reached, name first; null when nothing speaks against reaching it. */
export function unreachable(evidence: Pick<RouteEvidence, 'exchanges' | 'tls' | 'dns'>, host: string): Unreachable | null {
  const failed = failedExchange(evidence.exchanges, host);
  const dns = evidence.dns.find((facts) => facts.host === host && facts.error !== null);
  const failure = failed?.failure ?? '';
  const refs = failed ? [`exchange:${failed.seq}`] : [];
  if (dns) return { layer: 'dns', said: dns.error ?? 'no answer', refs: [`dns:${host}`, ...refs] };
  if (nameErrors.test(failure)) return { layer: 'dns', said: failure, refs };
  const tls = evidence.tls.find((facts) => facts.host === host && facts.error !== null);
  if (tls && isTcpError(tls)) return { layer: 'tcp', said: tls.error ?? '', refs: [`tls:${host}`, ...refs] };
  if (tcpErrors.test(failure)) return { layer: 'tcp', said: failure, refs };
  if (tls) return { layer: 'tls', said: tls.error ?? '', refs: [`tls:${host}`, ...refs] };
  return /ERR_CERT_|ERR_SSL_/.test(failure) ? { layer: 'tls', said: failure, refs } : null;
}
