/** The servers' clocks against the recording machine's: Date headers, CRM's `wct`, the token's Created (field guide §12). */
import type { Exchange, RouteEvidence, TokenFacts } from '../contracts/evidence';

type Clock = RouteEvidence['clocks'][number];
const stsSteps = new Set<Exchange['step']>(['sts-page', 'credentials', 'token-issue']);
const hostOf = (url: string): string => new URL(url).hostname;

/** One reading per host and source, the most certain one; `zeroMs` is the exchanges' zero, milliseconds since 1970. */
export function clocksOf(exchanges: readonly Exchange[], token: TokenFacts | null, zeroMs: number): Clock[] {
  const best = new Map<string, Clock>();
  const take = (exchange: Exchange | undefined, source: Clock['source'], shown: string | null | undefined): void => {
    const at = Date.parse(shown ?? '');
    if (!exchange || exchange.durationMs === null || exchange.status === null || exchange.step === 'sign-out' || Number.isNaN(at)) return;
    // Whole seconds were cut: they stand for the middle of the second.
    const halfSecondMs = /\.\d*[1-9]\d*(Z|[+-]\d\d:?\d\d)?$/.test(shown ?? '') ? 0 : 500;
    const host = hostOf(exchange.url);
    const clock: Clock = {
      host,
      role: stsSteps.has(exchange.step) ? 'sts' : 'crm',
      source,
      offsetMs: Math.round(at + halfSecondMs - (zeroMs + exchange.startedAtMs + exchange.durationMs / 2)),
      uncertaintyMs: Math.ceil(halfSecondMs + exchange.durationMs / 2),
    };
    if (clock.uncertaintyMs < (best.get(`${host} ${source}`)?.uncertaintyMs ?? Infinity)) best.set(`${host} ${source}`, clock);
  };
  for (const exchange of exchanges) {
    take(exchange, 'Date', exchange.date);
    // CRM wrote wct into its redirect; the STS's own redirects only carry it on.
    const from = exchanges.find(({ seq }) => seq === exchange.redirectedFrom);
    if (from && !stsSteps.has(from.step)) take(from, 'wct', exchange.wsfed?.wct);
  }
  const post = exchanges.findLast(({ step }) => step === 'token-post');
  take(
    exchanges.findLast(({ seq, step }) => seq < (post?.seq ?? 0) && stsSteps.has(step)),
    'wsu:Created',
    token?.lifetime?.created,
  );
  return [...best.values()];
}
