import type { Page, Request } from 'playwright';
import { acceptsPassword, type ExchangeCapture } from '../captures/exchanges';
import type { AnswerToPassword, Credentials } from './credentials';
import type { Seen } from './page-reader';
import { type AccountTraces, readAccountTraces } from '../page-actions/account-traces';
import { originOf } from '../captures/traffic';

export interface AnswerTools {
  readonly page: Page;
  readonly stsOrigin: string;
  readonly credentials: Credentials;
  readonly exchanges: () => ExchangeCapture;
}

/** The page that the password was typed into, and what it said by then. */
interface Before {
  readonly documentId: number;
  readonly says: AccountTraces['says'];
  readonly requests: number;
}

/**
 * Watches what the STS does once the password was submitted. A token or AD FS's session proves that it was accepted.
 * Without one, whatever asks for an account again or complains, be it in a hidden step, a dialog or the answer to a script, counts as a refusal:
 * better one wrong parking than one second submission.
 */
export class PasswordAnswer {
  private before: Before | null = null;
  private requests = 0;
  private scriptRefused: number | null = null;

  constructor(private readonly tools: AnswerTools) {
    tools.page.on('request', (request) => {
      if (originOf(request.url()) === tools.stsOrigin) this.requests += 1;
    });
    tools.page.on('response', (response) => {
      const status = response.status();
      if (tools.credentials.given && isScriptPost(response.request(), tools.stsOrigin) && status >= 400 && status < 500) this.scriptRefused = status;
    });
  }

  /** Called before the password is typed into the document on screen. */
  async typing(documentId: number): Promise<void> {
    const traces = await readAccountTraces(this.tools.page);
    this.before = { documentId, says: traces?.says ?? [], requests: this.requests };
  }

  /** A session of the STS, or a token that left after the password was given: nothing less proves it. */
  async accepted(): Promise<boolean> {
    const { credentials, exchanges } = this.tools;
    const later = exchanges().seen.filter(({ seq }) => seq > credentials.givenAfter);
    if (!credentials.given || later.some(({ step }) => step === 'token-post')) return credentials.given;
    return (await Promise.all(later.filter(({ step }) => step === 'credentials').map(acceptsPassword))).includes(true);
  }

  async known(onScreen: Seen | null): Promise<AnswerToPassword> {
    const tokenLeft = this.tools.exchanges().seen.some(({ step }) => step === 'token-post');
    if (!this.tools.credentials.given) return { accepted: false, tokenLeft, refusal: null, neverLeft: true };
    if (await this.accepted()) return { accepted: true, tokenLeft, refusal: null, neverLeft: false };
    const neverLeft = this.before !== null && this.requests === this.before.requests;
    return { accepted: false, tokenLeft, refusal: await this.refusal(onScreen), neverLeft };
  }

  private async refusal(onScreen: Seen | null): Promise<string | null> {
    if (this.scriptRefused !== null) return `the STS answered ${this.scriptRefused} to its page's script`;
    // What asks for more, or for another password, has taken this one.
    const further = onScreen !== null && ['sts-mfa', 'sts-update-password', 'sts-working'].includes(onScreen.recognition.kind);
    const traces = further ? null : await readAccountTraces(this.tools.page);
    if (!traces || traces.origin !== this.tools.stsOrigin) return null;
    const same = this.before?.documentId === traces.documentId;
    const said = traces.says.find((text) => !same || !this.before?.says.includes(text));
    // A document that is still the one typed into has its fields anyway: only what it says now tells.
    if (traces.asksForAccount && !same) return 'the STS asked for the account again';
    return said && (same || traces.asksForAccount) ? 'the page of the STS complained' : null;
  }
}

const isScriptPost = (request: Request, stsOrigin: string): boolean =>
  request.method() === 'POST' && ['xhr', 'fetch'].includes(request.resourceType()) && originOf(request.url()) === stsOrigin;
