/** The servers' clocks, read without any right on them (field guide §12): Date headers, CRM's `wct`, the token's Created. */
import type { Exchange, RouteEvidence, TokenFacts } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { DateSample } from './metadata/fetch-document';

export type Clock = RouteEvidence['clocks'][number];

export interface ClockReadings {
  readonly target: Pick<Target, 'url' | 'stsOrigin'>;
  readonly exchanges: readonly Exchange[];
  readonly token: Pick<TokenFacts, 'lifetime'> | null;
  /** When `startedAtMs` 0 of the exchanges was, milliseconds since 1970. */
  readonly journeyStartedAt: number;
  /** Date headers of documents fetched beside the journey. */
  readonly sampled: readonly DateSample[];
}

/** One reading per host and source: the one with the smallest uncertainty. */
export function captureClocks({ target, exchanges, token, journeyStartedAt, sampled }: ClockReadings): Clock[] {
  const stsHost = new URL(target.stsOrigin).hostname;
  const crmHosts = new Set([new URL(target.url).hostname, ...exchanges.filter(({ step }) => crmSteps.has(step)).flatMap(({ url }) => hostOf(url) ?? [])]);
  crmHosts.delete(stsHost);
  const roleOf = (host: string): Clock['role'] | null => (host === stsHost ? 'sts' : crmHosts.has(host) ? 'crm' : null);
  const clocks: Clock[] = [];
  const take = (host: string | null, source: Clock['source'], shown: string, sentAtMs: number, answeredAtMs: number): void => {
    const role = host === null ? null : roleOf(host);
    const reading = host !== null && role !== null ? clockReading({ host, role, source, shown, sentAtMs, answeredAtMs }) : null;
    if (reading) clocks.push(reading);
  };
  const span = ({ startedAtMs, durationMs }: Exchange): [number, number] => [
    journeyStartedAt + startedAtMs,
    journeyStartedAt + startedAtMs + (durationMs ?? 0),
  ];

  for (const { host, date, sentAtMs, answeredAtMs } of sampled) take(host, 'Date', date, sentAtMs, answeredAtMs);
  for (const exchange of exchanges) {
    if (exchange.date !== null && exchange.durationMs !== null) take(hostOf(exchange.url), 'Date', exchange.date, ...span(exchange));
    // CRM wrote wct into its redirect; the STS's own redirects only carry it on.
    const from = exchanges.find(({ seq }) => seq === exchange.redirectedFrom);
    if (exchange.wsfed?.wct && from && from.durationMs !== null && hostOf(from.url) !== stsHost)
      take(hostOf(from.url), 'wct', exchange.wsfed.wct, ...span(from));
  }
  const post = exchanges.findLast(({ wsfed }) => wsfed?.wresultBytes !== undefined);
  const issued = post && exchanges.findLast(({ seq, url, durationMs }) => seq < post.seq && hostOf(url) === stsHost && durationMs !== null);
  if (token?.lifetime && issued) take(stsHost, 'wsu:Created', token.lifetime.created, ...span(issued));

  const best = new Map<string, Clock>();
  for (const clock of clocks) {
    const key = `${clock.host} ${clock.source}`;
    if (clock.uncertaintyMs < (best.get(key)?.uncertaintyMs ?? Infinity)) best.set(key, clock);
  }
  return [...best.values()];
}

const crmSteps = new Set<Exchange['step']>(['crm-redirect', 'token-post', 'crm-session', 'crm-page']);

export interface ClockReading extends Pick<Clock, 'host' | 'role' | 'source'> {
  /** The server's time as written: an HTTP date or an ISO instant. */
  readonly shown: string;
  readonly sentAtMs: number;
  readonly answeredAtMs: number;
}

/**
 * Offset = server's time − middle of the request. A time in whole seconds was cut, so it stands for the middle of its second;
 * the uncertainty is that half second (none for a time with milliseconds) plus half the round trip. null when the text is no time.
 */
export function clockReading({ host, role, source, shown, sentAtMs, answeredAtMs }: ClockReading): Clock | null {
  const serverMs = Date.parse(shown);
  if (Number.isNaN(serverMs)) return null;
  const halfSecondMs = /\.\d{1,7}(Z|[+-]\d\d:?\d\d)?$/.test(shown) && !/\.0+(Z|[+-]\d\d:?\d\d)?$/.test(shown) ? 0 : 500;
  return {
    host,
    role,
    source,
    offsetMs: Math.round(serverMs + halfSecondMs - (sentAtMs + answeredAtMs) / 2),
    uncertaintyMs: Math.ceil(halfSecondMs + (answeredAtMs - sentAtMs) / 2),
  };
}

function hostOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).hostname : null;
}
