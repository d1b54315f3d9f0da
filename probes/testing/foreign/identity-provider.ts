/** A small WS-Federation identity provider (STS) of no known make. Its pages and habits are given by whoever starts it. */
import { randomUUID } from 'node:crypto';
import type { NtlmHandshakes } from '../directory/ntlm-handshakes';
import { issueToken, type SigningKey } from './saml-token';
import { type Answer, type Arrival, escapeHtml, html, redirect, type Reply, type Site } from './virtual-hosts';
import { signInPages, type SignInPage } from './sign-in-pages';

export interface IdentityProviderWishes {
  /** The WS-Federation endpoint's path. */
  readonly endpoint?: string;
  readonly account: { readonly user: string; readonly password: string };
  readonly key: SigningKey;
  readonly saml?: '1.1' | '2.0';
  readonly page?: SignInPage;
  /** Who judges a user and password instead of `account`, e.g. a directory: null, or why not. */
  readonly check?: (user: string, password: string) => Promise<string | null>;
  /** Asks by HTTP instead of a page. */
  readonly challenge?: 'Basic' | 'NTLM';
  /** Who judges NTLM messages. */
  readonly ntlm?: Pick<NtlmHandshakes, 'answer'>;
  /** The answer to a wrong password; `again` is the form with a text, `why` what `check` said. */
  readonly refuse?: (again: (text: string) => Reply, arrival: Arrival, signInId: string, why: string) => Answer;
  /** What comes between the right password and the token; `go` is what would come otherwise. */
  readonly afterPassword?: (go: () => Reply, arrival: Arrival) => Answer;
  /** The page that posts the token. */
  readonly autoPost?: (form: string) => string;
  /** The status and headers of that page; 200 unless given. */
  readonly tokenPage?: Pick<Reply, 'status' | 'headers'>;
  /** The sign-in page has its own address, reached by a redirect. */
  readonly loginPath?: string;
  /** A session is good for one token. */
  readonly forgetsSessions?: boolean;
  /** Further pages by path. */
  readonly pages?: Readonly<Record<string, Site>>;
}

export interface IdentityProvider {
  readonly site: Site;
  /** Passwords submitted, right or wrong. */
  readonly submissions: () => number;
  readonly tokensIssued: () => number;
}

export const plainAutoPost = (form: string): string => `${form}<script>document.forms[0].submit()</script>`;

/** `origin` is the provider's own. Sessions live in memory; the cookie is `idpsession`. */
export function identityProvider(origin: string, wishes: IdentityProviderWishes): IdentityProvider {
  const {
    endpoint = '/wsfed',
    account,
    key,
    saml = '1.1',
    page = signInPages.plain,
    check = async (user, password) => (user === account.user && password === account.password ? null : 'wrong'),
    refuse = (again: (text: string) => Reply) => again('The user name or password is not right.'),
  } = wishes;
  const requests = new Map<string, URL>();
  const sessions = new Map<string, string>();
  let submitted = 0;
  let issued = 0;

  const show = (id: string, error: string | null, step: 'user' | 'password' = 'user'): Reply =>
    page({ action: `${origin}${endpoint}/signin/${id}`, error, step });
  const parameters = (url: URL): Map<string, string> => new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  const token = (request: URL, user: string): Answer => {
    const wanted = parameters(request);
    const wtrealm = wanted.get('wtrealm') ?? '';
    issued++;
    const wresult = issueToken({ version: saml, issuer: `${origin}/issuer`, audience: wtrealm, user, key });
    const fields = { wa: 'wsignin1.0', wresult, ...(wanted.has('wctx') ? { wctx: wanted.get('wctx') ?? '' } : {}) };
    const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`);
    const page = html(
      'One moment',
      (wishes.autoPost ?? plainAutoPost)(`<form method="post" action="${escapeHtml(wanted.get('wreply') ?? wtrealm)}">${inputs.join('')}</form>`),
    );
    return { ...page, ...wishes.tokenPage };
  };
  const ask = (request: URL, arrival: Arrival): Answer | Promise<Answer> => {
    if (wishes.challenge) return wishes.challenge === 'NTLM' ? ntlm(request, arrival) : basic(request, arrival);
    const id = randomUUID();
    requests.set(id, request);
    return wishes.loginPath ? redirect(`${wishes.loginPath}?ReturnUrl=${encodeURIComponent(`${request.pathname}${request.search}`)}&id=${id}`) : show(id, null);
  };
  const basic = (request: URL, { headers }: Arrival): Answer => {
    const given = Buffer.from(headers.authorization?.split(' ')[1] ?? '', 'base64').toString('utf8');
    if (given) submitted++;
    if (given === `${account.user}:${account.password}`) return token(request, account.user);
    return { status: 401, headers: { 'WWW-Authenticate': 'Basic realm="Sign in", charset="UTF-8"' }, body: 'Please sign in.' };
  };
  const ntlm = async (request: URL, { headers, connection }: Arrival): Promise<Answer> => {
    const message = /^NTLM (.+)$/.exec(headers.authorization ?? '')?.[1];
    const said = message ? await wishes.ntlm?.answer(connection, message) : null;
    if (said && 'user' in said) return token(request, said.user);
    if (said && 'refused' in said) submitted++;
    const challenge = said && 'challenge' in said ? `NTLM ${said.challenge}` : ['Negotiate', 'NTLM'];
    return { status: 401, headers: { 'WWW-Authenticate': challenge }, body: '' };
  };
  const signIn = async (id: string, arrival: Arrival): Promise<Answer> => {
    const request = requests.get(id);
    if (!request) return { status: 400, body: 'This sign-in is not known.' };
    const { user, password } = credentials(arrival);
    if (password === null) return wishes.check || user === account.user ? show(id, null, 'password') : show(id, 'There is no account with this name.');
    submitted++;
    const named = user ?? account.user;
    const why = await check(named, password);
    if (why !== null) return refuse((text) => show(id, text), arrival, id, why);
    const session = randomUUID();
    sessions.set(session, named);
    const headers = { 'Set-Cookie': `idpsession=${session}; Path=/; HttpOnly` };
    const byScript = arrival.headers['content-type']?.includes('json');
    const go = (): Reply =>
      byScript
        ? { headers: { ...headers, 'Content-Type': 'application/json' }, body: JSON.stringify({ next: request.href }) }
        : redirect(request.href, headers);
    return wishes.afterPassword ? wishes.afterPassword(go, arrival) : go();
  };

  return {
    submissions: () => submitted,
    tokensIssued: () => issued,
    site: (arrival) => {
      const { url, cookies, method } = arrival;
      const further = wishes.pages?.[url.pathname];
      if (further) return further(arrival);
      if (url.pathname === wishes.loginPath) return show(url.searchParams.get('id') ?? '', url.searchParams.get('error'));
      const id = url.pathname.startsWith(`${endpoint}/signin/`) ? url.pathname.slice(`${endpoint}/signin/`.length) : null;
      if (id !== null && (method === 'POST' || url.search)) return signIn(id, arrival);
      if (url.pathname !== endpoint) return { status: 404, body: 'There is no such page.' };
      if (parameters(url).get('wa')?.toLowerCase() === 'wsignout1.0') return html('Signed out', '<p>You are signed out.</p>');
      const session = cookies.get('idpsession') ?? '';
      const user = sessions.get(session);
      if (user === undefined) return ask(url, arrival);
      if (wishes.forgetsSessions) sessions.delete(session);
      return token(url, user);
    },
  };
}

/** User and password from a form, a query or JSON, whatever the fields are called: the field with "pass", "secret" or "pw" in its name, and the first other. */
function credentials({ form, url, body, headers }: Arrival): { user: string | null; password: string | null } {
  const pairs = headers['content-type']?.includes('json') ? Object.entries(JSON.parse(body) as Record<string, string>) : [...form, ...url.searchParams];
  const password = pairs.find(([name]) => /pass|secret|pw/i.test(name))?.[1] ?? null;
  const user = pairs.find(([name]) => !/pass|secret|pw|remember|lang|csrf|website/i.test(name))?.[1] ?? null;
  return { user, password };
}
