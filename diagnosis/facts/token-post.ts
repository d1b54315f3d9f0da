import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { hostOf, pathOf, redirectTarget, stsHost } from './addresses';
import { serverFailure } from './server-failure';

type Cookie = Exchange['cookiesSet'][number];

/** How the relying party answered a token. */
type TokenAnswer =
  /** A usable session cookie was set: the token was accepted, whatever came next. */
  | { readonly kind: 'accepted' }
  /** The token was accepted (the server set its session cookie), but the browser refused the cookie. */
  | { readonly kind: 'accepted-cookie-blocked' }
  /** No session: the server did not take the token. */
  | {
      readonly kind: 'refused';
      readonly face: 'error-page' | 'http-401' | 'http-500' | 'back-to-sts';
      /** Something shows that it was the relying party's own code that answered so; a bare 401 or 500 can come from anybody on its machine. */
      readonly own: boolean;
    }
  /** The answer does not look like the relying party's own: a filter or device, a dead pool, or none at all. */
  | { readonly kind: 'not-judged'; readonly why: string; /** It is its own all the same, and opened no session. */ readonly noSession?: true };

export interface TokenPost {
  readonly exchange: Exchange;
  readonly host: string;
  readonly answer: TokenAnswer;
  /** Status, Location host and the like, as one phrase for a claim. */
  readonly described: string;
}

/** Session cookies by the names known: WIF's and CRM's (MSISAuth, MSISAuth1 …, FedAuth), ASP.NET's. ReqClientId and balancer cookies prove nothing. */
export const isSessionCookie = ({ name }: { readonly name: string }): boolean =>
  /^(MSISAuth|FedAuth)\d*$/i.test(name) || /^\.?AspNet(Core)?\.?(Cookies|Application|Federation)/i.test(name);

/** A cookie of a name not known that is large enough to be a session, as other relying parties than CRM set it. */
const perhapsSession = (cookie: Cookie): boolean =>
  !cookie.removes &&
  cookie.blocked.length === 0 &&
  cookie.bytes >= 32 &&
  !/^(ReqClientId|ARRAffinity.*|ASP\.NET_SessionId|__RequestVerificationToken.*|TS[0-9a-f]+|BIGip.*|NSC_.*)$/i.test(cookie.name);

const isErrorPage = (address: string | null): boolean => pathOf(address)?.includes('/_common/error/') ?? false;

const kept = (cookie: Cookie): boolean => isSessionCookie(cookie) && !cookie.removes;

/** Every POST of a token to the relying party, in order, with the answer to it. Judged by stage and structure; words last. */
export function tokenPosts(evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): readonly TokenPost[] {
  const sts = stsHost(evidence);
  return evidence.exchanges
    .filter(
      ({ method, url, wsfed, step }) =>
        method === 'POST' && hostOf(url) !== sts && ((wsfed?.wresultBytes ?? 0) > 0 || (wsfed?.wa === 'wsignin1.0' && step === 'token-post')),
    )
    .map((exchange) => ({ exchange, host: hostOf(exchange.url) ?? exchange.url, answer: answerTo(exchange, evidence), described: describe(exchange) }));
}

/** The relying party's verdict on the sign-in: the last token it judged; null when no token was posted. */
export function lastTokenPost(evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): TokenPost | null {
  const posts = tokenPosts(evidence);
  const accepted = posts.findLast(({ answer }) => answer.kind === 'accepted' || answer.kind === 'accepted-cookie-blocked');
  return accepted ?? posts.at(-1) ?? null;
}

function answerTo(post: Exchange, evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): TokenAnswer {
  const followers = chainFrom(post, evidence.exchanges);
  const cookies = [post, ...followers.filter(({ url }) => hostOf(url) !== stsHost(evidence))].flatMap(({ cookiesSet }) => cookiesSet).filter(kept);
  if (cookies.some(({ blocked }) => blocked.length === 0)) return { kind: 'accepted' };
  if (cookies.length > 0) return { kind: 'accepted-cookie-blocked' };
  if (post.status === null) return { kind: 'not-judged', why: `the POST got no answer (${post.failure ?? 'cut off'})` };
  if (foreignAnswer(post, evidence))
    return { kind: 'not-judged', why: `the answer came from "${post.server}", not from the server that had redirected to the STS` };
  const failure = serverFailure([post, ...followers]);
  if (failure) return { kind: 'not-judged', why: `${failure.what}, "${failure.said}"` };
  if (post.status === 401 && post.challenges.length > 0)
    return { kind: 'not-judged', why: `it asks for Windows credentials (${post.challenges.join(', ')}) instead of reading the token` };
  const toErrorPage = [post, ...followers].some((step) => isErrorPage(step.url) || isErrorPage(redirectTarget(step)));
  if (post.status < 400 && !toErrorPage && post.cookiesSet.some(perhapsSession))
    return { kind: 'not-judged', why: 'a cookie of unknown purpose was set, which may be a session' };
  for (const step of [post, ...followers]) {
    if (step.crmError !== null || isErrorPage(step.url) || isErrorPage(redirectTarget(step))) return { kind: 'refused', face: 'error-page', own: true };
    if (hostOf(step.url) === stsHost(evidence) || hostOf(redirectTarget(step)) === stsHost(evidence)) {
      // CRM let the browser go on before it asked again: without cookies on record (a HAR saved without sensitive data) that may be a session that got lost.
      if (step !== post && !cookiesRecorded(evidence))
        return { kind: 'not-judged', why: 'the recording has no cookies, and CRM asked for a sign-in again only on the next request' };
      return { kind: 'refused', face: 'back-to-sts', own: true };
    }
    if (step.status === 401) return { kind: 'refused', face: 'http-401', own: isOwn(step) };
    if (step.status === 500) return { kind: 'refused', face: 'http-500', own: isOwn(step) };
    if (step.status !== null && step.status >= 400)
      return {
        kind: 'not-judged',
        why: `HTTP ${step.status} is not how CRM refuses a token (a filter, a proxy or a stopped pool answers so)`,
        ...(step.status === 403 && knownServer(step, evidence) ? { noSession: true } : {}),
      };
  }
  // A 200 in reply to the POST with an error page kept at the same address (custom errors "ResponseRewrite").
  const words = followers.at(-1)?.document?.text ?? post.document?.text ?? '';
  if (/an error has occurred|IssuerNameRegistry|security token/i.test(words)) return { kind: 'refused', face: 'error-page', own: true };
  const otherCookie = post.cookiesSet.some(({ removes, blocked }) => !removes && blocked.length === 0);
  return otherCookie || (post.status < 300 && words !== '')
    ? {
        kind: 'not-judged',
        why: 'no session cookie known to this program was set, and no error was shown',
        ...(!otherCookie && followers.length === 0 && cookiesRecorded(evidence) ? { noSession: true } : {}),
      }
    : { kind: 'not-judged', why: 'the recording ends with the POST' };
}

/** CRM gives every answer of its own a REQ_ID; the KB quotes the words of its 401. */
const isOwn = ({ requestId, document }: Exchange): boolean =>
  requestId !== null || /HTTP Error 401 - Unauthorized: Access is denied/i.test(`${document?.title} ${document?.text}`);

/** A sign-in through AD FS sets cookies; a recording without any was saved without them. */
const cookiesRecorded = ({ exchanges }: Pick<RouteEvidence, 'exchanges'>): boolean =>
  exchanges.some(({ cookiesSent, cookiesSet }) => cookiesSent.length + cookiesSet.length > 0);

/**
 * The exchanges a post's answer led to, in order, up to the STS (included): by redirects, or by its page, which refreshes itself or has a script.
 */
function chainFrom(post: Exchange, exchanges: readonly Exchange[]): readonly Exchange[] {
  const chain: Exchange[] = [];
  let current: Exchange | undefined = post;
  for (const exchange of exchanges) {
    if (exchange.redirectedFrom === current.seq || ledOn(current, exchange, post)) {
      chain.push(exchange);
      current = exchange;
    }
  }
  return chain;
}

/**
 * Whether the page of `from` asked for `next` right behind it. Only where the token was answered without any cookie: a filter that first lets a
 * browser prove itself sets one, then repeats the request.
 */
const ledOn = (from: Exchange, next: Exchange, post: Exchange): boolean =>
  next.seq === from.seq + 1 &&
  next.redirectedFrom === null &&
  next.method === 'GET' &&
  next.step !== 'sign-out' &&
  from.status === 200 &&
  (isErrorPage(next.url) || (post.cookiesSet.length === 0 && hostOf(next.url) === hostOf(from.url)));

/**
 * True when another kind of server answered the POST than the one that had sent the browser to the STS (a filter, a proxy). An IFD's tokens go to a
 * host nobody was on before: there the relying party's other hosts stand in, and a missing REQ_ID (CRM gives every answer one) has to agree.
 */
function foreignAnswer(post: Exchange, evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): boolean {
  if (post.server === null || post.status === null || post.status < 400) return false;
  const before = evidence.exchanges.filter(
    (exchange) => exchange.seq < post.seq && exchange.status !== null && exchange.server !== null && hostOf(exchange.url) !== stsHost(evidence),
  );
  const sameHost = before.filter(({ url }) => hostOf(url) === hostOf(post.url));
  const others = (list: readonly Exchange[]): boolean => list.length > 0 && list.every(({ server }) => product(server) !== product(post.server));
  return sameHost.length > 0 ? others(sameHost) : others(before) && post.requestId === null && before.some(({ requestId }) => requestId !== null);
}

/** The relying party's earlier answers came from the same kind of server. */
function knownServer({ seq, server }: Exchange, evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): boolean {
  const others = evidence.exchanges.filter((other) => other.seq < seq && other.status !== null && hostOf(other.url) !== stsHost(evidence));
  return others.some((other) => product(other.server) === product(server));
}

const product = (server: string | null): string | null => server?.split('/')[0]?.toLowerCase() ?? null;

function describe(post: Exchange): string {
  if (post.status === null) return `no answer (${post.failure ?? 'cut off'})`;
  const target = redirectTarget(post);
  return target === null ? `HTTP ${post.status}` : `HTTP ${post.status} to ${hostOf(target)}${pathOf(target)}`;
}

/** Signs that the relying party is Dynamics CRM at all: its redirect (wctx "rm=1&id=<GUID>"), its error page, its WSDL, its REQ_ID header. */
export function crmSigns(evidence: Pick<RouteEvidence, 'exchanges' | 'wsdl'>): readonly string[] {
  const redirect = evidence.exchanges.some(({ wsfed }) => /^rm=1&id=[0-9a-f-]{36}/i.test(wsfed?.wctx ?? '') || /crmorgid=/i.test(wsfed?.wctx ?? ''));
  return [
    ...(redirect ? ["CRM's own wctx in the redirect"] : []),
    ...(evidence.wsdl?.ok && evidence.wsdl.identifier !== null ? ["CRM's WSDL"] : []),
    ...(evidence.exchanges.some(({ crmError }) => crmError !== null) ? ["CRM's error page"] : []),
    ...(evidence.exchanges.some(
      ({ requestId, server, wsfed, location }) => requestId !== null && /IIS/i.test(server ?? '') && wsfed === null && location !== null,
    )
      ? ["CRM's REQ_ID header"]
      : []),
  ];
}
