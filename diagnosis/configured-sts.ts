import type { RouteEvidence } from '../contracts/evidence';
import { hostOf, redirectTarget } from './facts/addresses';

/** CRM sends people to another STS than the configuration names. */
export interface OtherSts {
  readonly configured: string;
  /** Origin of the STS that CRM redirects to. */
  readonly redirected: string;
  /** seq of the exchange that says so. */
  readonly exchange: number;
  readonly said: string;
}

const originOf = (address: string): string | null => (URL.canParse(address) ? new URL(address).origin : null);

/** Reads it from the sign-in request (`wa=wsignin1.0`) CRM answers with; null where the configured STS was met at all, or no such request was seen. */
export function otherSts({ settings, exchanges }: Pick<RouteEvidence, 'settings' | 'exchanges'>): OtherSts | null {
  const configured = hostOf(settings.stsOrigin);
  const met = exchanges.flatMap((exchange) => {
    const target = redirectTarget(exchange);
    return [exchange.url, ...(target === null ? [] : [target])];
  });
  if (configured === null || met.some((address) => hostOf(address) === configured)) return null;
  for (const exchange of exchanges) {
    const target = redirectTarget(exchange);
    const asked =
      target !== null && /[?&]wa=wsignin1\.0/i.test(target) ? target : exchange.wsfed?.wa === 'wsignin1.0' && exchange.method === 'GET' ? exchange.url : null;
    const redirected = asked === null ? null : originOf(asked);
    if (redirected === null) continue;
    return {
      configured: settings.stsOrigin,
      redirected,
      exchange: exchange.seq,
      said:
        `CRM redirects to another STS: ${redirected}; configured: ${settings.stsOrigin}. If ${redirected} is yours, write sts: ` +
        `${redirected} into signin-probe.yaml.`,
    };
  }
  return null;
}

/**
 * The evidence as rules see it: of an STS that is not part of the sign-in nothing counts, neither its name nor its certificates;
 * the one CRM sends people to stands in its place.
 */
export function asRulesSee(evidence: RouteEvidence, other: OtherSts | null): RouteEvidence {
  if (other === null) return evidence;
  const foreign = hostOf(other.configured);
  const isForeign = ({ host }: { readonly host: string }): boolean => host === foreign;
  return {
    ...evidence,
    settings: { ...evidence.settings, stsOrigin: other.redirected },
    dns: evidence.dns.filter((each) => !isForeign(each)),
    tls: evidence.tls.filter((each) => !isForeign(each)),
    clocks: evidence.clocks.filter((each) => !isForeign(each)),
    nodes: evidence.nodes.filter(({ role }) => role !== 'sts'),
    stsMetadata: null,
    stsSamples: null,
    userAgents: [],
  };
}
