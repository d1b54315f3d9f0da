import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright';
import { isCommonWord } from './redaction/common-word';
import type { LocalNetworkRule } from './network/local-network';

/** The Windows credentials to answer an STS challenge with, or why none may be given. */
export type WindowsAnswer = { readonly give: true; readonly user: string; readonly password: string } | { readonly give: false; readonly why: string };

/** Why a request was stopped, and what of it a reader must know. */
export interface Stop {
  readonly reason: 'leak' | 'loop' | 'address';
  readonly why: string;
}

export interface GuardOptions {
  /** CDP id of the page's main frame. */
  readonly mainFrameId: string;
  /** The only origin that may be given the password. */
  readonly stsOrigin: string;
  /** Every form the password can take on the wire is searched in bodies and addresses of requests to other origins. */
  readonly passwordForms: readonly string[];
  /** Asked once, at the first Windows challenge of the STS. */
  readonly windowsAnswer: () => WindowsAnswer;
  /** Credentials of our own local proxy, when there is one. */
  readonly proxyCredentials: { readonly username: string; readonly password: string } | null;
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
  readonly frameId: string;
  readonly resourceType: string;
  readonly request: {
    readonly url: string;
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

/**
 * Stands between page and network: answers the STS's Windows challenge once and nobody else's, keeps the password from any other origin,
 * and stops a loop before its next request leaves (design: "Browser facts", Fetch with handleAuthRequests).
 *
 * Two sessions are needed (measured with Chromium 156): the page's own sees its documents, pictures, beacons and scripts' requests; only the
 * browser's sees frames in other processes, windows the page opens, and workers. What neither sees is closed by no-side-doors.ts.
 *
 * Events: `challenge` (Challenge), `stopped` (Stop).
 */
export class Guard extends EventEmitter<{ challenge: [Challenge]; stopped: [Stop] }> {
  readonly challenges: Challenge[] = [];
  private windowsAnswerGiven = false;
  /** The password stands in a page: no request may carry it to a stranger. */
  private passwordInPage = false;
  private watching = false;

  private constructor(
    private readonly pageSession: CDPSession,
    private readonly browserSession: CDPSession,
    private readonly options: GuardOptions,
  ) {
    super();
  }

  /** Starts guarding; every document request of the page passes here from now on. */
  static async start(pageSession: CDPSession, browserSession: CDPSession, options: GuardOptions): Promise<Guard> {
    const guard = new Guard(pageSession, browserSession, options);
    // The page may be gone by the time the answer is sent.
    pageSession.on('Fetch.requestPaused', (event) => void guard.onRequest(pageSession, event).catch(() => undefined));
    pageSession.on('Fetch.authRequired', (event) => void guard.onChallenge(event).catch(() => undefined));
    browserSession.on('Fetch.requestPaused', (event) => void guard.onRequest(browserSession, event).catch(() => undefined));
    await guard.watch('documents');
    return guard;
  }

  /**
   * Every request passes here, for the address it asks for. `everything` while the password stands in the page: they are searched for it, so that no script,
   * image or frame can carry it away; otherwise documents alone.
   */
  async watch(what: 'documents' | 'everything'): Promise<void> {
    this.passwordInPage = what === 'everything';
    if (this.watching) return;
    this.watching = true;
    const patterns = [{ urlPattern: '*' }];
    await Promise.all([this.pageSession.send('Fetch.enable', { handleAuthRequests: true, patterns }), this.browserSession.send('Fetch.enable', { patterns })]);
  }

  private isMainDocument(event: { readonly frameId: string; readonly resourceType: string }): boolean {
    return event.resourceType === 'Document' && event.frameId === this.options.mainFrameId;
  }

  private async onRequest(session: CDPSession, event: PausedRequest): Promise<void> {
    const { requestId, request } = event;
    const byPage = session === this.pageSession && this.isMainDocument(event);
    const searched = this.passwordInPage || event.resourceType === 'Document';
    const body = searched ? bodyOf(request) : null;
    const leak = searched ? this.leak(request.url, body, request.headers) : null;
    const judged = leak === null ? this.options.localObjection(request.url) : null;
    // Not awaited where nothing is to be looked up: what passes here stays in order.
    const local = judged instanceof Promise ? await judged : judged;
    const stop =
      leak ??
      (byPage && local ? { reason: 'address' as const, why: local } : null) ??
      (byPage ? this.options.beforeDocument({ method: request.method, url: request.url, body }) : null);
    // A body that cannot be read could hold anything: it does not go to strangers while the password stands in the page.
    const hidden = searched && !byPage && request.hasPostData === true && !body && originOf(request.url) !== this.options.stsOrigin;
    if (stop === null && !hidden && local === null) {
      await session.send('Fetch.continueRequest', { requestId });
      return;
    }
    if (stop !== null) this.emit('stopped', stop);
    await session.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  }

  /** The password on its way to anybody but the STS: says where, never what. */
  private leak(url: string, body: string | null, headers: Record<string, string>): Stop | null {
    const origin = originOf(url);
    if (origin === this.options.stsOrigin || origin === null || this.options.passwordForms.length === 0) return null;
    const sent = [url, body ?? '', ...Object.values(headers)].flatMap((text) => readings(text));
    const found = this.options.passwordForms.some((form) => sent.some((text) => holds(text, form)));
    if (!found) return null;
    return { reason: 'leak', why: `the password was about to be sent to ${origin}, which is not the configured sts (${this.options.stsOrigin})` };
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
    if (this.windowsAnswerGiven) {
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
    challenge('given');
    await respond({ response: 'ProvideCredentials', username: answer.user, password: answer.password });
  }
}

/** Byte for byte, as latin1; null where there is none or none that can be read. */
function bodyOf({ postData, postDataEntries }: PausedRequest['request']): string | null {
  if (!postDataEntries) return postData ?? null;
  return Buffer.concat(postDataEntries.map((entry) => Buffer.from(entry.bytes ?? '', 'base64'))).toString('latin1');
}

/** A plain word ("form") is in every request, as in x-www-form-urlencoded or in a token's Transforms: it counts where it stands alone. */
function holds(text: string, form: string): boolean {
  if (!text.includes(form)) return false;
  if (!isCommonWord(form)) return true;
  const word = form.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  return new RegExp(`(?<![\\p{L}\\p{N}_-])${word}(?![\\p{L}\\p{N}_-])`, 'u').test(text);
}

/** Encodings that scripts and forms put on what they send. */
const undoings: readonly ((text: string) => string)[] = [
  (text) => Buffer.from(text, 'latin1').toString('utf8'), // bodies come as bytes
  (text) => text.replace(/\+/g, ' ').replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))),
  (text) =>
    text.replace(/\\(?:u([0-9a-f]{4})|(["\\/]))/gi, (_, hex?: string, plain?: string) => (hex ? String.fromCharCode(parseInt(hex, 16)) : (plain ?? ''))),
  (text) => text.replace(/[A-Za-z0-9+/_-]{8,}/g, (run) => Buffer.from(run, 'base64').toString('latin1')),
  (text) => text.replace(/(?:[0-9a-f]{2}){4,}/gi, (run) => Buffer.from(run, 'hex').toString('latin1')),
  (text) => (text.includes('\0') ? text.replaceAll('\0', '') : text), // UTF-16
];

/** The text and what it may mean, with up to three encodings undone, in any order. */
function readings(text: string): string[] {
  const found = new Set([text]);
  let latest = [text];
  for (let depth = 0; depth < 3 && latest.length > 0; depth++) {
    const undone = latest.flatMap((each) => undoings.map((undo) => undo(each))).filter((each) => !found.has(each));
    latest = [...new Set(undone)];
    latest.forEach((each) => found.add(each));
  }
  return [...found];
}

function originOf(url: string): string | null {
  try {
    const { origin } = new URL(url);
    return origin === 'null' ? null : origin;
  } catch {
    return null;
  }
}
