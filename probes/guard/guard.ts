import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright';
import type { LocalNetworkRule } from '../network/local-network';
import type { PasswordSearch } from './password-search';

/** The Windows credentials to answer an STS challenge with, or why none may be given. */
export type WindowsAnswer = { readonly give: true; readonly user: string; readonly password: string } | { readonly give: false; readonly why: string };

/** Why a request was stopped, and what of it a reader must know. `again`: the STS would have got the password a second time. */
export interface Stop {
  readonly reason: 'leak' | 'again' | 'loop' | 'address';
  readonly why: string;
}

export interface GuardOptions {
  /** CDP id of the page's main frame. */
  readonly mainFrameId: string;
  /** The only origin that may be given the password. */
  readonly stsOrigin: string;
  /** Hosts (with port) the configuration names: the only ones whose documents may be opened while the password stands in a page and no token has left. */
  readonly configuredHosts: readonly string[];
  /** Null without a password. */
  readonly search: PasswordSearch | null;
  /** Asked once, at the first Windows challenge of the STS. */
  readonly windowsAnswer: () => WindowsAnswer;
  /** Credentials of our own local proxy, when there is one. */
  readonly proxyCredentials: { readonly username: string; readonly password: string } | null;
  /** Gives the request that is about to leave a connection of its own, until what it returns is called; null where nobody can. */
  readonly alone: ((url: string) => () => void) | null;
  /** Why an address of this machine or its network must not be asked for; null = it may. */
  readonly localObjection: LocalNetworkRule;
  /** Called before a document request of the main frame leaves the browser; what it returns stops it there. */
  readonly beforeDocument: (request: DocumentRequest) => Stop | null;
}

export interface DocumentRequest {
  readonly method: string;
  readonly url: string;
  readonly body: string | null;
}

/** The parts of CDP's Fetch.requestPaused and Fetch.authRequired events that are used here. */
interface PausedRequest {
  readonly requestId: string;
  /** The request's id in the Network domain. */
  readonly networkId?: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly request: {
    readonly url: string;
    readonly urlFragment?: string;
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly hasPostData?: boolean;
    readonly postData?: string;
    readonly postDataEntries?: { bytes?: string }[];
  };
}
interface PausedChallenge {
  readonly requestId: string;
  readonly frameId: string;
  readonly resourceType: string;
  readonly request: { readonly url: string };
  readonly authChallenge: { readonly source?: 'Server' | 'Proxy'; readonly scheme: string };
}

/** What the guard saw of Windows authentication: one entry per challenge the browser could not answer by itself. */
export interface Challenge {
  readonly origin: string;
  readonly scheme: string;
  readonly answer: 'given' | 'refused-again' | 'withheld' | 'other-origin';
}

/** `quietly`: the page goes without it, and the sign-in goes on. */
type Judgement = 'pass' | 'quietly' | Stop;

/**
 * Stands between page and network: lets the password go to the STS once and to nobody else, answers the STS's Windows challenge once, and stops a loop before
 * its next request leaves (https://chromedevtools.github.io/devtools-protocol/tot/Fetch/, handleAuthRequests).
 *
 * Two sessions are needed (measured with Chromium 156): the page's own sees its documents, pictures, beacons and scripts' requests; only the
 * browser's sees frames in other processes, windows the page opens, and workers. What neither sees is closed by no-side-doors.ts, and by the local proxy.
 *
 * Events: `challenge` (Challenge), `stopped` (Stop).
 */
export class Guard extends EventEmitter<{ challenge: [Challenge]; stopped: [Stop] }> {
  readonly challenges: Challenge[] = [];
  /** Requests with the password that were let go to the STS; never more than one. */
  passwordRequests = 0;
  private windowsAnswerGiven = false;
  /** From the first keystroke on: every request is searched, to the end of the journey. */
  private passwordTyped = false;
  private tokenIsOut = false;
  /** The browser repeats its answer to the challenge, unseen here, or may do so: the STS is asked for nothing more. */
  private closed = false;
  /** What the page's session let pass and the browser's has not seen yet. */
  private readonly passed = new Set<string>();
  /** The page's latest document: a challenge does not say which request it is the answer to. */
  private mainDocumentId: string | undefined;
  /** The request with the password that is on its way: the STS is spoken to over its connection only. */
  private sole: { readonly networkId: string | undefined; readonly over: Promise<void>; readonly end: () => void } | null = null;

  private constructor(
    private readonly pageSession: CDPSession,
    private readonly options: GuardOptions,
  ) {
    super();
  }

  /** Starts guarding; every request passes here from now on. */
  static async start(pageSession: CDPSession, browserSession: CDPSession, options: GuardOptions): Promise<Guard> {
    const guard = new Guard(pageSession, options);
    // The page may be gone by the time the answer is sent.
    pageSession.on('Fetch.requestPaused', (event) => void guard.onRequest(pageSession, event).catch(() => undefined));
    pageSession.on('Fetch.authRequired', (event) => void guard.onChallenge(event).catch(() => undefined));
    browserSession.on('Fetch.requestPaused', (event) => void guard.onRequest(browserSession, event).catch(() => undefined));
    const patterns = [{ urlPattern: '*' }];
    await Promise.all([
      pageSession.send('Network.enable'),
      pageSession.send('Fetch.enable', { handleAuthRequests: true, patterns }),
      browserSession.send('Fetch.enable', { patterns }),
    ]);
    return guard;
  }

  /** Called before the first key of the password is typed. There is no way back: what a page has learnt, its successors may know. */
  passwordStands(): void {
    this.passwordTyped = true;
  }

  /** A token has left the STS: documents of others may be opened again. */
  tokenLeft(): void {
    this.tokenIsOut = true;
  }

  private isMainDocument(event: { readonly frameId: string; readonly resourceType: string }): boolean {
    return event.resourceType === 'Document' && event.frameId === this.options.mainFrameId;
  }

  private async onRequest(session: CDPSession, event: PausedRequest): Promise<void> {
    const { requestId, networkId, request } = event;
    if (session === this.pageSession && this.isMainDocument(event)) this.mainDocumentId = networkId;
    // Most requests come by both sessions, the page's first: judged once.
    const sight = networkId === undefined ? null : `${networkId} ${request.url}`;
    const known = session !== this.pageSession && sight !== null && this.passed.delete(sight);
    // Not awaited where nothing is to be looked up: what passes here stays in order.
    const judged = known ? 'pass' : this.judge(session, event);
    const judgement = judged instanceof Promise ? await judged : judged;
    if (judgement === 'pass' || judgement === 'submission') {
      if (session === this.pageSession && sight !== null) this.passed.add(sight);
      const toSts = originOf(request.url) === this.options.stsOrigin;
      if (judgement === 'submission') this.leavesAlone(request.url, networkId);
      else if (toSts && this.sole && this.sole.networkId !== networkId) await this.sole.over;
      if (!toSts || !this.closed) return void (await session.send('Fetch.continueRequest', { requestId }));
      if (session === this.pageSession && this.isMainDocument(event)) this.emit('stopped', this.again(event));
    } else if (judgement !== 'quietly') this.emit('stopped', judgement);
    await session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  }

  private judge(session: CDPSession, event: PausedRequest): Judgement | 'submission' | Promise<Judgement | 'submission'> {
    const { request } = event;
    const byPage = session === this.pageSession && this.isMainDocument(event);
    const toSts = originOf(request.url) === this.options.stsOrigin;
    const document = event.resourceType === 'Document';
    const { body, whole } = this.passwordTyped || byPage ? bodyOf(request) : { body: null, whole: true };
    const found = this.passwordTyped && this.options.search ? this.search(event, body, toSts) : 'pass';
    if (typeof found !== 'string') return found;
    const rest = (local: string | null): Judgement | 'submission' => {
      if (local !== null) return byPage ? { reason: 'address', why: local } : 'quietly';
      const stop = byPage ? this.options.beforeDocument({ method: request.method, url: request.url, body }) : null;
      if (stop !== null) return stop;
      if (!this.passwordTyped) return 'pass';
      if (document && !this.tokenIsOut && !this.configured(request.url)) return byPage ? this.waits(request.url) : 'quietly';
      // What cannot be read could hold anything. A document of the page is read by the search as far as CDP tells it: tokens are long.
      if (!whole && !byPage && !(this.tokenIsOut && !toSts && this.configured(request.url))) return 'quietly';
      if (found === 'submission') {
        // Looked at again: another one may have passed while a name was looked up.
        if (this.passwordRequests > 0) return this.again(event);
        this.passwordRequests += 1;
      }
      return found;
    };
    const afterCookies = (local: string | null): Judgement | 'submission' | Promise<Judgement | 'submission'> =>
      this.passwordTyped && !toSts && local === null && (document || !this.tokenIsOut)
        ? this.cookieLeak(request.url).then((stop) => stop ?? rest(local))
        : rest(local);
    const local = this.options.localObjection(request.url);
    return local instanceof Promise ? local.then(afterCookies) : afterCookies(local);
  }

  /** The password on its way: once to the STS, else to nobody. Says where, never what. */
  private search(event: PausedRequest, body: string | null, toSts: boolean): 'pass' | 'submission' | Stop {
    const { url, urlFragment = '', headers } = event.request;
    const { search } = this.options;
    const origin = originOf(url);
    if (search === null || origin === null) return 'pass';
    if (toSts) {
      // A fragment stays in the browser, and a referrer repeats an address.
      const sent = Object.entries(headers).flatMap(([name, value]) => (name.toLowerCase() === 'referer' ? [] : value));
      if (!search.whole([url, ...sent, body ?? ''].join('\n'))) return 'pass';
      return this.passwordRequests > 0 ? this.again(event) : 'submission';
    }
    return search.any([url, urlFragment, ...Object.values(headers), body ?? ''].join('\n')) ? this.leak(origin) : 'pass';
  }

  private leak(origin: string): Stop {
    return { reason: 'leak', why: `the password was about to be sent to ${origin}, which is not the configured sts (${this.options.stsOrigin})` };
  }

  private again({ request: { url, method }, resourceType }: PausedRequest): Stop {
    const { origin, pathname } = new URL(url);
    return {
      reason: 'again',
      why:
        `the password was about to be sent a second time: ${method} ${origin}${pathname} (${resourceType.toLowerCase()}), ` +
        `after one request with it had left`,
    };
  }

  private waits(url: string): Stop {
    return {
      reason: 'leak',
      why:
        `the page wanted to open ${originOf(url) ?? 'another address'}, which the configuration does not name, ` +
        `after the password was typed and before a token left`,
    };
  }

  private configured(url: string): boolean {
    return !URL.canParse(url) || this.options.configuredHosts.includes(new URL(url).host);
  }

  /** Cookies are put on a request after it has passed here; a script can set one for the whole domain. */
  private async cookieLeak(url: string): Promise<Stop | null> {
    const { search } = this.options;
    const origin = originOf(url);
    if (search === null || origin === null) return null;
    const { cookies } = await this.pageSession.send('Network.getCookies', { urls: [url] });
    return cookies.length > 0 && search.any(cookies.map(({ name, value }) => `${name}=${value}`).join('\n')) ? this.leak(origin) : null;
  }

  /**
   * Chromium sends a request again by itself, unseen here, when a connection that was used before ends without an answer (measured with Chromium 156, HTTP/1.1
   * and 2). On a new connection it does not. So the password gets one, and until its answer the STS gets no other.
   */
  private leavesAlone(url: string, networkId: string | undefined, byChallenge = false): void {
    const { pageSession } = this;
    this.sole?.end();
    const release = this.options.alone?.(url) ?? (byChallenge ? () => undefined : null);
    if (!release) return;
    let over = (): void => undefined;
    const end = (): void => {
      this.sole = null;
      for (const name of answers) pageSession.off(name, answered);
      release();
      over();
    };
    const answered = (event: Answered): void => {
      if (event.requestId !== networkId) return;
      const status = statusOf(event);
      // After a 401 the browser forgets what it answered. After another error nobody knows whether the account was taken;
      // asked anew, it would answer by itself.
      if (byChallenge) this.closed = status !== 401 && (this.closed || (status ?? 500) >= 400);
      end();
    };
    for (const name of answers) pageSession.on(name, answered);
    this.sole = { networkId, over: new Promise((resolve) => (over = resolve)), end };
  }

  private async onChallenge(event: PausedChallenge): Promise<void> {
    const origin = originOf(event.request.url) ?? '';
    const scheme = event.authChallenge.scheme;
    const challenge = (answer: Challenge['answer']): void => {
      const seen = { origin, scheme, answer };
      this.challenges.push(seen);
      this.emit('challenge', seen);
    };
    const cancel = { response: 'CancelAuth' } as const;
    type Response = { response: 'CancelAuth' } | { response: 'ProvideCredentials'; username: string; password: string };
    const respond = (authChallengeResponse: Response): Promise<unknown> =>
      this.pageSession.send('Fetch.continueWithAuth', { requestId: event.requestId, authChallengeResponse });

    if (event.authChallenge.source === 'Proxy') {
      const { proxyCredentials } = this.options;
      await respond(proxyCredentials ? { response: 'ProvideCredentials', username: proxyCredentials.username, password: proxyCredentials.password } : cancel);
      return;
    }
    // A picture or a frame that asks is no sign-in.
    if (!this.isMainDocument(event)) return void (await respond(cancel));
    if (origin !== this.options.stsOrigin) {
      challenge('other-origin');
      await respond(cancel);
      return;
    }
    if (this.windowsAnswerGiven || this.passwordRequests > 0) {
      challenge('refused-again');
      await respond(cancel);
      return;
    }
    const answer = this.options.windowsAnswer();
    if (!answer.give) {
      challenge('withheld');
      await respond(cancel);
      return;
    }
    this.windowsAnswerGiven = true;
    this.passwordRequests += 1;
    challenge('given');
    // It goes along with every further request.
    if (scheme.toLowerCase() === 'basic') this.closed = true;
    this.leavesAlone(event.request.url, this.mainDocumentId, true);
    await respond({ response: 'ProvideCredentials', username: answer.user, password: answer.password });
  }
}

/** An answer has come, or none will. */
const answers = ['Network.responseReceivedExtraInfo', 'Network.responseReceived', 'Network.loadingFailed'] as const;
interface Answered {
  readonly requestId: string;
  readonly statusCode?: number;
  readonly response?: { readonly status: number };
}
const statusOf = ({ statusCode, response }: Answered): number | undefined => statusCode ?? response?.status;

/** Byte for byte, as latin1; null where there is none or none that can be read. `whole`: nothing of it is missing (files and blobs are not told). */
function bodyOf({ hasPostData = false, postData, postDataEntries }: PausedRequest['request']): { readonly body: string | null; readonly whole: boolean } {
  if (!postDataEntries) return { body: postData ?? null, whole: !hasPostData || postData !== undefined };
  const body = Buffer.concat(postDataEntries.map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'))).toString('latin1');
  return { body, whole: postDataEntries.every(({ bytes }) => bytes !== undefined) };
}

function originOf(url: string): string | null {
  try {
    const { origin } = new URL(url);
    return origin === 'null' ? null : origin;
  } catch {
    return null;
  }
}
