/** A small WS-Federation relying party of no known make: sends the browser to the STS, checks the token it gets back, keeps a session. */
import { randomUUID } from 'node:crypto';
import { checkToken } from './saml-token';
import { type Answer, type Arrival, html, redirect, type Site } from './virtual-hosts';

export interface RelyingPartyWishes {
  /** Its pages live below this path. */
  readonly base?: string;
  /** The STS's WS-Federation endpoint. */
  readonly signInUrl: string;
  /** PEM of the one certificate whose tokens are taken. */
  readonly trusted: string;
  /** The query of its sign-in request; the usual one unless given. */
  readonly query?: (realm: string) => string;
  /** How it sends the browser to the STS. */
  readonly send?: (address: string) => Answer;
  /** The answer to a token it does not take. */
  readonly refuse?: ((why: string, signIn: () => Answer, arrival: Arrival) => Answer) | undefined;
  /** The answer to a token it takes; `go` sets the session and leads home. */
  readonly accept?: (go: () => Answer, user: string) => Answer;
  readonly home?: (user: string) => Answer;
  /** Cookies an anonymous visitor gets. */
  readonly anonymousCookies?: readonly string[];
  readonly pages?: Readonly<Record<string, Site>> | undefined;
}

export interface RelyingParty {
  readonly site: Site;
  readonly url: string;
  readonly realm: string;
  readonly tokenPosts: () => number;
  readonly refusals: readonly string[];
}

/** What proves a sign-in, for `signedIn.selector`. */
export const welcomeSelector = '#welcome';

export function relyingParty(origin: string, wishes: RelyingPartyWishes): RelyingParty {
  const {
    base = '',
    signInUrl,
    trusted,
    send = (address: string) => redirect(address),
    home = (user: string) => html('My desk', `<h1 id="welcome">Welcome, ${user}</h1>`),
  } = wishes;
  const realm = `${origin}${base}/signin-wsfed`;
  const sessions = new Map<string, string>();
  const refusals: string[] = [];
  let posts = 0;
  const usual = (wtrealm: string): string => `wa=wsignin1.0&wtrealm=${encodeURIComponent(wtrealm)}&wctx=${encodeURIComponent('WsFedOwinState=ab12cd34')}`;
  const signIn = (): Answer => {
    const answer = send(`${signInUrl}?${(wishes.query ?? usual)(realm)}`);
    return wishes.anonymousCookies && typeof answer !== 'string'
      ? { ...answer, headers: { ...answer.headers, 'Set-Cookie': wishes.anonymousCookies } }
      : answer;
  };
  const consume = (arrival: Arrival): Answer => {
    posts++;
    const verdict = checkToken(arrival.form.get('wresult') ?? '', trusted, realm);
    if (!verdict.ok) {
      refusals.push(verdict.why);
      return (wishes.refuse ?? ((why) => ({ ...html('Sign-in failed', `<p>${why}</p>`), status: 403 })))(verdict.why, signIn, arrival);
    }
    const session = randomUUID();
    sessions.set(session, verdict.user);
    const go = (): Answer => redirect(`${base}/home`, { 'Set-Cookie': `appsession=${session}; Path=${base || '/'}; HttpOnly` });
    return wishes.accept ? wishes.accept(go, verdict.user) : go();
  };
  return {
    url: `${origin}${base}/home`,
    realm,
    tokenPosts: () => posts,
    refusals,
    site: (arrival) => {
      const { pathname } = arrival.url;
      const further = wishes.pages?.[pathname];
      if (further) return further(arrival);
      if (arrival.method === 'POST' && pathname === new URL(realm).pathname) return consume(arrival);
      if (pathname !== `${base}/home`) return { status: 404, body: 'There is no such page.' };
      const user = sessions.get(arrival.cookies.get('appsession') ?? '');
      return user === undefined ? signIn() : home(user);
    },
  };
}
