import type { RouteEvidence } from '../../contracts/evidence';

/** Host (without port) of an address; null when it is not an address. */
export function hostOf(address: string | null): string | null {
  if (address === null) return null;
  try {
    return new URL(address).hostname.toLowerCase();
  } catch {
    return null;
  }
}

/** Path of an address in lower case; null when it is not an address. */
export function pathOf(address: string | null): string | null {
  if (address === null) return null;
  try {
    return new URL(address).pathname.toLowerCase();
  } catch {
    return null;
  }
}

/** The configured STS host. */
export const stsHost = ({ settings }: Pick<RouteEvidence, 'settings'>): string | null => hostOf(settings.stsOrigin);

/** The CRM host the journey starts at. */
export const crmHost = ({ settings }: Pick<RouteEvidence, 'settings'>): string | null => hostOf(settings.url);

/** Where a redirect leads, resolved against the address that sent it; null when there is no (readable) Location. */
export function redirectTarget(exchange: { readonly url: string; readonly location: string | null }): string | null {
  if (exchange.location === null) return null;
  try {
    return new URL(exchange.location, exchange.url).href;
  } catch {
    return null;
  }
}

/** Hosts the sign-in used or was sent to: CRM's, the STS's, and every one met on the way (the auth host of an IFD, an old STS name). */
export function flowHosts(evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): readonly string[] {
  const met = evidence.exchanges.flatMap((exchange) => [hostOf(exchange.url), hostOf(redirectTarget(exchange))]);
  return [...new Set([crmHost(evidence), stsHost(evidence), ...met].filter((host) => host !== null))];
}

/** True when the browser got an HTTP answer from this host. */
export const hostAnswered = (evidence: Pick<RouteEvidence, 'exchanges'>, host: string): boolean =>
  evidence.exchanges.some((exchange) => exchange.status !== null && hostOf(exchange.url) === host);

/** `exchange:7` and the like, for a claim's refs. */
export const exchangeRef = (exchange: { readonly seq: number } | null | undefined): string[] => (exchange ? [`exchange:${exchange.seq}`] : []);

/** True when every exchange from the first on is on record up to this one: what came before it is then all known. */
export const recordedUpTo = ({ seq }: { readonly seq: number }, exchanges: RouteEvidence['exchanges']): boolean =>
  exchanges.filter((other) => other.seq <= seq).length === seq;
