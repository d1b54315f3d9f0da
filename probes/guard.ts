import { EventEmitter } from 'node:events';
import type { CDPSession } from 'playwright';

/** The Windows credentials to answer an STS challenge with, or why none may be given. */
export type WindowsAnswer = { readonly give: true; readonly user: string; readonly password: string } | { readonly give: false; readonly why: string };

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
  /** Called before a document request of the main frame leaves the browser; a returned sentence stops it there. */
  readonly beforeDocument: (request: DocumentRequest) => string | null;
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
    readonly postData?: string;
    readonly postDataEntries?: { bytes?: string }[];
  };
}
interface PausedChallenge {
  readonly requestId: string;
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
 * Events: `challenge` (Challenge), `stopped` ({ url, why }).
 */
export class Guard extends EventEmitter<{ challenge: [Challenge]; stopped: [{ url: string; why: string }] }> {
  readonly challenges: Challenge[] = [];
  private windowsAnswerGiven = false;

  private constructor(
    private readonly cdp: CDPSession,
    private readonly options: GuardOptions,
  ) {
    super();
  }

  /** Starts guarding; every document request of the page passes here from now on. */
  static async start(cdp: CDPSession, options: GuardOptions): Promise<Guard> {
    const guard = new Guard(cdp, options);
    cdp.on('Fetch.requestPaused', (event) => void guard.onRequest(event).catch(() => undefined)); // the page may be gone by then
    cdp.on('Fetch.authRequired', (event) => void guard.onChallenge(event).catch(() => undefined));
    await guard.watch('documents');
    return guard;
  }

  /** `everything` while the password stands in the page, so that no script, image or frame can carry it away; otherwise documents alone. */
  async watch(what: 'documents' | 'everything'): Promise<void> {
    const pattern = what === 'everything' ? { urlPattern: '*' } : { urlPattern: '*', resourceType: 'Document' as const };
    await this.cdp.send('Fetch.enable', { handleAuthRequests: true, patterns: [pattern] });
  }

  private async onRequest(event: PausedRequest): Promise<void> {
    const { requestId, request } = event;
    const body = request.postDataEntries
      ? Buffer.concat(request.postDataEntries.map((entry) => Buffer.from(entry.bytes ?? '', 'base64'))).toString('latin1')
      : (request.postData ?? null);
    const isMainDocument = event.resourceType === 'Document' && event.frameId === this.options.mainFrameId;
    const stop =
      this.leak(request.url, body, request.headers) ??
      (isMainDocument ? this.options.beforeDocument({ method: request.method, url: request.url, body }) : null);
    if (stop === null) {
      await this.cdp.send('Fetch.continueRequest', { requestId });
      return;
    }
    this.emit('stopped', { url: request.url, why: stop });
    await this.cdp.send('Fetch.failRequest', { requestId, errorReason: 'BlockedByClient' });
  }

  /** The password on its way to anybody but the STS: says where, never what. */
  private leak(url: string, body: string | null, headers: Record<string, string>): string | null {
    const origin = originOf(url);
    if (origin === this.options.stsOrigin || origin === null) return null;
    const sent = [url, body ?? '', ...Object.values(headers)];
    const found = this.options.passwordForms.some((form) => sent.some((text) => text.includes(form)));
    return found
      ? `the password was about to be sent to ${origin}, which is not the configured sts (${this.options.stsOrigin}); the request was stopped`
      : null;
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
      this.cdp.send('Fetch.continueWithAuth', { requestId: event.requestId, authChallengeResponse });

    if (event.authChallenge.source === 'Proxy') {
      const { proxyCredentials } = this.options;
      await respond(proxyCredentials ? { response: 'ProvideCredentials', username: proxyCredentials.username, password: proxyCredentials.password } : cancel);
      return;
    }
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

function originOf(url: string): string | null {
  try {
    const { origin } = new URL(url);
    return origin === 'null' ? null : origin;
  } catch {
    return null;
  }
}
