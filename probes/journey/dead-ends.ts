import type { CDPSession, Page, Request } from 'playwright';
import type { Target } from '../../contracts/target';
import type { Stage } from '../../contracts/words';
import type { ExchangeCapture, SeenExchange } from '../captures/exchanges';
import type { Screenshots } from '../captures/screenshots';
import { type Ending, endingAt, endingOfNetworkFailure, endingWithoutPage } from './endings';
import type { Stop } from '../guard/guard';
import { afterHang, whatHangs } from '../browser/hanging-browser';
import type { PageLog } from './page-log';
import { bringsPage, type PageReader, type Seen } from './page-reader';
import type { Recognition } from '../../pages/page-context';
import { emptyFacts } from '../../pages/page-facts';
import { within } from '../../system/within';

interface DeadEndTools {
  readonly page: Page;
  /** To the browser as a whole. */
  readonly browserSession: CDPSession;
  readonly killBrowser: () => void;
  readonly target: Target;
  readonly exchanges: ExchangeCapture;
  readonly reader: PageReader;
  readonly pages: PageLog;
  readonly screenshots: Screenshots;
  /** Why the local proxy could not reach a host, e.g. ENOTFOUND; null without a proxy or a failure. */
  readonly connectFailure: (host: string) => string | null;
}

/** The ends of a journey that are no page: no answer, an answer without a page, a stopped request, the deadline. */
export class DeadEnds {
  private unreadable = 0;

  constructor(private readonly tools: DeadEndTools) {}

  /** The latest request brought no page, and nothing more is on its way. `onScreen` is the exchange of the page that stayed. */
  async missingPage(onScreen: SeenExchange | null): Promise<Ending | null> {
    const last = this.tools.exchanges.last();
    if (!last || last.seq <= (onScreen?.seq ?? 0)) return null;
    const status = last.response?.status() ?? null;
    const without = last.failure !== null || (status !== null && !bringsPage(status) && status < 300);
    if (!without) return null;
    const contentType = (await last.response?.headerValue('content-type').catch(() => null)) ?? null;
    await this.note(last.failure ?? `HTTP ${status}`, last.url, last, 'The page on screen when no other came');
    return endingWithoutPage(new URL(last.url).host, status, contentType, stageOf(last));
  }

  /** Null until a page could not be read a second time after it had come to rest. */
  async notReadable(): Promise<Ending | null> {
    this.unreadable += 1;
    if (this.unreadable < 2) return null;
    const hangs = await this.hanging('The probe could not go on', this.tools.page);
    if (hangs) return hangs;
    const last = this.tools.exchanges.last();
    const why = `The page of ${this.hostOf(last)} cannot be read: a script of it never comes to an end, or the browser shows no page.`;
    return { symptom: 'no-answer', failedAt: stageOf(last), why };
  }

  readable(): void {
    this.unreadable = 0;
  }

  /** A document request failed: an ending, the page that the browser calls a failure, or null when the failure means nothing. */
  async failed(request: Request): Promise<Ending | Seen | null> {
    const { exchanges, reader, connectFailure } = this.tools;
    const exchange = exchanges.of(request);
    const failure = exchange?.failure ?? request.failure()?.errorText ?? 'no answer';
    // Superseded by another navigation, called off (seen at the next quiet), or stopped by the guard, whose own moment says why.
    if (/ERR_ABORTED|ERR_BLOCKED_BY_CLIENT/.test(failure)) return null;
    // A 401 or 5xx without a body: the browser shows its own page and calls it a failure.
    const seen = exchange?.response ? await reader.seen(emptyFacts(request.url()), exchange, true) : null;
    if (seen && seen.recognition.kind !== 'unknown') return seen;
    const host = new URL(request.url()).hostname;
    const code = connectFailure(host) ?? failure;
    await this.note(code, request.url(), exchange, `No answer from ${host}`);
    return endingOfNetworkFailure(code, host, stageOf(exchange));
  }

  /** Windows credentials were asked for again, or could not be given. */
  async refused(schemes: readonly string[]): Promise<Ending> {
    const { exchanges, reader, pages, target } = this.tools;
    const exchange = exchanges.last();
    if (exchange && !exchange.response) exchange.response = await within(exchange.request.response(), 1_000, null);
    const recognition: Recognition = { kind: 'sts-windows-challenge', recognisedBy: 'windows-challenge', texts: { challenges: schemes.join(', ') } };
    pages.note(recognition, emptyFacts(exchange?.url ?? target.stsOrigin), exchange, 'stopped');
    return endingAt(recognition, await reader.progress('sts', exchange), 401);
  }

  /** The guard stopped a request. */
  async stopped({ reason, why }: Stop): Promise<Ending> {
    if (reason === 'leak' || reason === 'again')
      return { symptom: 'other', failedAt: 'credentials', why: `Stopped for safety: ${why}; the request was stopped.` };
    const last = this.tools.exchanges.last();
    if (reason === 'address') return { symptom: 'other', failedAt: stageOf(last), why: `Stopped: ${why}.` };
    const { tokenPosts, sessionCookie } = await this.tools.reader.progress('sts', last);
    const failedAt = tokenPosts === 0 ? 'crm-redirect' : sessionCookie ? 'crm-session' : 'token-post';
    await this.tools.screenshots.take('The page on screen when the loop was stopped');
    return { symptom: 'redirect-loop', failedAt, why: `Stopped a ${why}` };
  }

  async deadline(): Promise<Ending> {
    const { exchanges, target } = this.tools;
    const owed = exchanges.seen.findLast(({ response, failure }) => !response && !failure);
    const hangs = await this.hanging(`The probe could not go on before the deadline of ${target.deadlineMs / 1000} s`, owed ? null : this.tools.page);
    if (hangs) return hangs;
    const pending = owed ?? exchanges.last();
    return {
      symptom: 'no-answer',
      failedAt: stageOf(pending),
      why: `The deadline of ${target.deadlineMs / 1000} s passed while waiting for ${this.hostOf(pending)}.`,
    };
  }

  /** A browser that hangs says nothing of the servers. It is ended at once: nothing it is asked for would come any more. */
  private async hanging(cut: string, page: Page | null): Promise<Ending | null> {
    const what = await whatHangs(page, this.tools.browserSession);
    if (what === null) return null;
    this.tools.killBrowser();
    return { symptom: 'other', failedAt: null, why: `${cut}: ${what}. ${afterHang}` };
  }

  private async note(failure: string, url: string, exchange: SeenExchange | null, caption: string): Promise<void> {
    const noAnswer: Recognition = { kind: 'no-answer', recognisedBy: 'network', texts: { failure } };
    this.tools.pages.note(noAnswer, emptyFacts(url), exchange, 'stopped', await this.tools.screenshots.take(caption));
  }

  private hostOf(exchange: SeenExchange | null): string {
    return new URL(exchange?.url ?? this.tools.target.url).host;
  }
}

/** The stage of a request without an answer to speak of. */
function stageOf(exchange: SeenExchange | null): Stage {
  return exchange && exchange.step !== 'other' && exchange.step !== 'sign-out' ? exchange.step : 'crm-redirect';
}
