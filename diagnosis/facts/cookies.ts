import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { hostOf, pathOf, stsHost } from './addresses';
import { isSessionCookie, tokenPosts } from './token-post';

type Cookie = Exchange['cookiesSet'][number];

/** A session cookie that a server set and the browser did not give back. */
export interface LostCookie {
  readonly cookie: Cookie;
  readonly setBy: Exchange;
  readonly how: 'blocked' | 'not-sent' | 'out-of-scope';
  /** The next request, where the cookie was missing. */
  readonly next: Exchange | null;
}

/** Session cookies of the STS (MSISAuth after the credentials) and of CRM (set on the token's POST) that did not survive. */
export function lostCookies(evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): readonly LostCookie[] {
  const posts = new Set(tokenPosts(evidence).map(({ exchange }) => exchange.seq));
  // Without any Cookie header on record their absence proves nothing (a recording without cookies).
  const cookiesRecorded = evidence.exchanges.some(({ cookiesSent }) => cookiesSent.length > 0);
  return evidence.exchanges.flatMap((exchange) =>
    exchange.cookiesSet
      .filter((cookie) => !cookie.removes && (isSessionCookie(cookie) || (posts.has(exchange.seq) && cookie.blocked.length > 0)))
      .flatMap((cookie): LostCookie[] => {
        if (cookie.blocked.length > 0) return [{ cookie, setBy: exchange, how: 'blocked', next: null }];
        if (!cookiesRecorded) return [];
        const next = evidence.exchanges.find(({ seq, url, status }) => seq > exchange.seq && status !== null && sameSide(url, exchange.url, evidence));
        if (!next || next.cookiesSent.some(({ name }) => name === cookie.name)) return [];
        if (covers(cookie, exchange, next)) return [{ cookie, setBy: exchange, how: 'not-sent', next }];
        // A cookie of the STS for one folder is no fault; CRM's session has to reach the page the user asked for.
        return posts.has(exchange.seq) ? [{ cookie, setBy: exchange, how: 'out-of-scope', next }] : [];
      }),
  );
}

/** True when CRM's session cookie was sent on the next request, and CRM still asked for sign-in. */
export function sentButNotRecognised(evidence: Pick<RouteEvidence, 'settings' | 'exchanges'>): Exchange | null {
  const sts = stsHost(evidence);
  return (
    evidence.exchanges.find(
      ({ url, cookiesSent, location, method }) => method === 'GET' && hostOf(url) !== sts && cookiesSent.some(isSessionCookie) && hostOf(location) === sts,
    ) ?? null
  );
}

/** Both at the STS, or both at the relying party (whose IFD spreads over auth and organization hosts). */
const sameSide = (a: string, b: string, evidence: Pick<RouteEvidence, 'settings'>): boolean =>
  (hostOf(a) === stsHost(evidence)) === (hostOf(b) === stsHost(evidence));

function covers(cookie: Cookie, setBy: Exchange, next: Exchange): boolean {
  const domain = cookie.domain?.replace(/^\./, '').toLowerCase() ?? null;
  const host = hostOf(next.url);
  const hostFits = domain === null ? host === hostOf(setBy.url) : host !== null && (host === domain || host.endsWith(`.${domain}`));
  const pathFits = cookie.path === null || cookie.path === '/' || (pathOf(next.url) ?? '/').startsWith(cookie.path.toLowerCase());
  return hostFits && pathFits && !(cookie.flags.includes('Secure') && next.url.startsWith('http:'));
}
