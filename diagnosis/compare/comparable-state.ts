import type { Exchange, Metadata, RouteEvidence, TokenFacts } from '../../contracts/evidence';
import type { Result } from '../../contracts/report';
import type { RouteState } from '../../contracts/baseline';
import { redirectTarget } from '../facts/addresses';
import { cookieShape } from './cookie-shape';
import { addressOf, contextShape, decoded, normalise } from './normalise';
import { versionsOf } from './versions';
import type { ComparableEvidence } from './comparable-evidence';

/** A report without its evidence: what was read from metadata, WSDL and WhoAmI is not in it. */
export const evidenceOfResult = (result: Result): ComparableEvidence => ({
  ...result,
  exchanges: result.exchange,
  stsMetadata: null,
  crmMetadata: null,
  wsdl: null,
  whoAmI: null,
});

/** One sign-in as it can be compared with another: no secret, and nothing that differs by accident from one healthy sign-in to the next. */
export function comparableState(evidence: ComparableEvidence, result: Result): RouteState {
  const { settings, token, stsMetadata, crmMetadata, wsdl, whoAmI, timings } = evidence;
  const organization = (whoAmI?.ok ? whoAmI.organizationId : null) ?? settings.expect.organization;
  const keep = organization ? [organization.replace(/[{}]/g, '').toLowerCase()] : [];
  const exchanges = untilArrival(evidence);
  const sample = (ms: number | null): number[] => (ms === null ? [] : [Math.round(ms)]);
  return {
    target: result.target,
    route: result.route,
    verdict: result.verdict,
    signedIn: result.signedIn,
    summary: result.summary,
    failedAt: result.failedAt,
    causes: result.causes,
    forecast: result.forecast.state,
    method: evidence.method,
    account: settings.account,
    user:
      result.signedIn === 'yes'
        ? { name: result.signedInAs, userId: whoAmI?.ok ? whoAmI.userId : null, organizationId: whoAmI?.ok ? whoAmI.organizationId : null }
        : null,
    exchange: exchanges.map((exchange) => shapeStep(exchange, keep)),
    forms: evidence.pages
      .filter(({ fields }) => fields.length > 0)
      .map(({ kind, recognisedBy, formAction, fields }) => ({
        page: kind,
        recognisedBy,
        action: formAction === null ? null : addressOf(formAction, keep),
        fields: fields.map(({ name, id, type }) => `${normalise(name || id)} (${type})`),
      })),
    cookies: cookieShape(exchanges),
    token: token === null ? null : tokenState(token),
    certificates: result.certificates
      .filter(({ seenIn }) => seenIn.some((seen) => seen !== 'last-good'))
      .map(({ seenIn: _seenIn, ...certificate }) => certificate),
    stsMetadata: metadataState(stsMetadata),
    crmMetadata: metadataState(crmMetadata),
    wsdl: wsdl === null ? null : wsdl.ok ? { ok: true, authentication: wsdl.authentication, identifier: wsdl.identifier } : { ok: false, why: wsdl.why },
    tls: evidence.tls.map(({ host, port, trusted, error, protocol, chain, names, incomplete }) => ({
      host,
      port,
      trusted,
      error,
      protocol,
      chain: chain.map(({ subject }) => subject),
      names: [...names].sort(),
      incomplete,
    })),
    dns: evidence.dns.map(({ host, addresses, error }) => ({ host, addresses: [...addresses].sort(), error })),
    versions: versionsOf(evidence),
    clocks: evidence.clocks,
    timings: {
      totalMs: result.signedIn === 'yes' ? sample(timings.totalMs) : [],
      stsMs: sample(timings.stsMs),
      tokenPostMs: sample(timings.tokenPostMs),
      crmPageMs: sample(timings.crmPageMs),
    },
    varies: [],
  };
}

/** Up to the page the sign-in arrived at: what a page does afterwards by itself is a matter of when one looks. */
function untilArrival({ exchanges, pages }: Pick<RouteEvidence, 'exchanges' | 'pages'>): Exchange[] {
  const arrived = pages.findLast(({ kind }) => kind === 'crm-shell')?.exchange ?? null;
  return exchanges.filter(({ seq, step }) => step !== 'sign-out' && (arrived === null || seq <= arrived));
}

function shapeStep(exchange: Exchange, keep: readonly string[]): RouteState['exchange'][number] {
  const { wresultBytes: _size, ...wsfed } = exchange.wsfed ?? {};
  const target = redirectTarget(exchange);
  return {
    step: exchange.step,
    method: exchange.method,
    address: addressOf(exchange.url, keep) ?? normalise(exchange.url, keep),
    status: exchange.status,
    leadsTo: target === null ? null : addressOf(target, keep),
    wsfed: Object.fromEntries(
      Object.entries(wsfed)
        .flatMap(([name, value]): [string, string][] =>
          value === undefined ? [] : [[name, name === 'wctx' ? contextShape(value, keep) : normalise(decoded(value), keep)]],
        )
        .sort(([a], [b]) => (a < b ? -1 : 1)),
    ),
    authorization: exchange.authorization,
  };
}

function tokenState(token: TokenFacts): NonNullable<RouteState['token']> {
  const { lifetime } = token;
  return {
    type: token.type,
    encrypted: token.encrypted,
    encryptedFor: token.encryptedFor,
    dataAlgorithm: token.dataAlgorithm,
    keyAlgorithm: token.keyAlgorithm,
    lifetimeMinutes: lifetime === null ? null : Math.round((Date.parse(lifetime.expires) - Date.parse(lifetime.created)) / 60_000),
    appliesTo: token.appliesTo,
    postedTo: addressOf(token.postedTo) ?? token.postedTo,
    issuer: token.issuer,
    audience: token.audience,
    authenticationMethod: token.authenticationMethod,
    claims: [...token.claims].sort(),
    signature: token.signature,
  };
}

function metadataState(metadata: Metadata | null): RouteState['stsMetadata'] {
  if (metadata === null) return null;
  if (!metadata.ok) return { ok: false, why: metadata.why };
  const { url, entityId, signature, passiveEndpoints, scopes } = metadata;
  return { ok: true, address: url, entityId, signature: signature.status, passiveEndpoints: [...passiveEndpoints].sort(), scopes: [...scopes].sort() };
}
