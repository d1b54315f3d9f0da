import type { Exchange, RouteEvidence, TlsFacts } from '../../contracts/evidence';
import { hostOf } from './addresses';

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
