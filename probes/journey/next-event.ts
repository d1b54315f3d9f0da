import type { Page, Request } from 'playwright';
import type { Stop } from '../guard/guard';

/** Something the journey must look at. */
export type Moment =
  | { readonly kind: 'document' } // a new document of the main frame is ready to be read
  | { readonly kind: 'changed' } // the document on screen changed
  | { readonly kind: 'quiet' } // nothing more is going to happen by itself
  | { readonly kind: 'failed'; readonly request: Request } // a document request got no answer
  | { readonly kind: 'stopped'; readonly reason: Stop['reason']; readonly why: string } // the guard stopped a request
  | { readonly kind: 'refused' } // the STS asked for Windows credentials again
  | { readonly kind: 'deadline' }
  | { readonly kind: 'gone'; readonly why: string }; // the browser or the page is gone

/** How long nothing must happen before an unknown page counts as final. */
const quietMs = 1_500;
/** How long a page may keep itself busy: scripts on their way, clocks and spinners that change for ever. */
const busyMostMs = 5_000;
/** The relying party's page after a token: often built from data while the server warms up. */
const busyMostAfterTokenMs = 10_000;

/** Requests without which a page may still be half drawn; pictures, fonts and open channels are not among them. */
const drawing: readonly string[] = ['document', 'script', 'stylesheet', 'xhr', 'fetch'];

export interface Awaited {
  /** Requests whose answer is waited for until the deadline, besides documents of the main frame. */
  readonly answerMatters: (request: Request) => boolean;
  readonly tokenPosted: () => boolean;
}

/**
 * The journey's only source of progress: page events in order, never a fixed sleep. A moment that comes while nobody waits is kept.
 */
export class Moments {
  /** Settles at the deadline, or when the browser is gone: whoever waits for the page must wait no longer. */
  readonly ended: Promise<void>;
  private end: () => void = () => undefined;
  private readonly queue: Moment[] = [];
  private waiting: ((moment: Moment) => void) | null = null;
  private timer: NodeJS.Timeout | null = null;
  private readonly unanswered = new Set<Request>();
  private readonly inFlight = new Set<Request>();
  private lastStirAt = performance.now();
  private busySince = performance.now();
  /** The observer at work in the document on screen; null when it has to be set anew. */
  private watch: object | null = null;
  private changedMeanwhile = false;
  private readonly onDisconnected = (): void => this.push({ kind: 'gone', why: 'the browser was closed or killed' });

  constructor(
    private readonly page: Page,
    deadline: AbortSignal,
    private readonly awaited: Awaited,
  ) {
    this.ended = new Promise((resolve) => (this.end = resolve));
    page.on('domcontentloaded', () => this.newDocument());
    page.on('request', (request) => {
      if (drawing.includes(request.resourceType())) this.inFlight.add(request);
      if (this.isMainDocument(request) || awaited.answerMatters(request)) this.unanswered.add(request);
      this.stir();
    });
    page.on('response', (response) => {
      const request = response.request();
      const redirects = response.status() >= 300 && response.status() < 400;
      if (this.unanswered.delete(request) && this.isMainDocument(request) && !redirects) {
        this.inFlight.clear(); // what the page before still waits for is of no interest any more
        this.inFlight.add(request);
        this.busySince = performance.now();
      }
      this.stir();
    });
    page.on('requestfinished', (request) => this.done(request));
    page.on('requestfailed', (request) => {
      this.done(request);
      if (this.isMainDocument(request)) this.push({ kind: 'failed', request });
    });
    page.on('load', () => this.stir());
    page.on('crash', () => this.push({ kind: 'gone', why: 'the page crashed' }));
    page.on('close', this.onDisconnected);
    page.context().browser()?.on('disconnected', this.onDisconnected);
    if (deadline.aborted) this.push({ kind: 'deadline' });
    deadline.addEventListener('abort', () => this.push({ kind: 'deadline' }), { once: true });
  }

  push(moment: Moment): void {
    if (moment.kind === 'deadline' || moment.kind === 'gone') this.end();
    if (this.waiting) {
      const wake = this.waiting;
      this.waiting = null;
      this.stopTimer();
      wake(moment);
    } else this.queue.push(moment);
  }

  async next(): Promise<Moment> {
    const queued = this.queue.shift();
    if (queued) return queued;
    if (this.dueInMs() <= 0) return this.quiet();
    if (this.changedMeanwhile) {
      this.changedMeanwhile = false;
      return { kind: 'changed' };
    }
    const moment = new Promise<Moment>((resolve) => {
      this.waiting = resolve;
    });
    this.setTimer();
    void this.watchForChange();
    return moment;
  }

  /** The journey did something on the page: its effect is waited for as for a new page. */
  acted(): void {
    this.busySince = performance.now();
    this.stir();
  }

  dispose(): void {
    this.stopTimer();
    // The browser may outlive this sign-in, and must not keep all of it.
    this.page.context().browser()?.off('disconnected', this.onDisconnected);
  }

  /** Whether the page on screen is about to be replaced. */
  get documentPending(): boolean {
    return [...this.unanswered].some((request) => this.isMainDocument(request));
  }

  private newDocument(): void {
    this.busySince = performance.now();
    this.watch = null;
    this.changedMeanwhile = false;
    void this.watchForChange(); // before it is read: no change may fall between the reading and the watching
    this.stir();
    this.push({ kind: 'document' });
  }

  private isMainDocument(request: Request): boolean {
    try {
      return request.isNavigationRequest() && request.frame() === this.page.mainFrame();
    } catch {
      return false; // a request without a frame
    }
  }

  private done(request: Request): void {
    this.inFlight.delete(request);
    this.unanswered.delete(request);
    this.stir();
  }

  private stir(): void {
    this.lastStirAt = performance.now();
    if (this.waiting) this.setTimer();
  }

  private stopTimer(): void {
    if (this.timer) clearTimeout(this.timer);
    this.timer = null;
  }

  private setTimer(): void {
    this.stopTimer();
    const dueInMs = this.dueInMs();
    if (dueInMs === Infinity) return; // the answer, or its failure, sets the timer again
    this.timer = setTimeout(() => this.push(this.quiet()), Math.max(0, dueInMs));
    this.timer.unref();
  }

  /** Quiet comes a while after the last event, at the latest when the page was busy for too long; never while an answer that matters is out. */
  private dueInMs(): number {
    if (this.unanswered.size > 0) return Infinity;
    const busyUntil = this.busySince + this.busyMost();
    return (this.inFlight.size > 0 ? busyUntil : Math.min(busyUntil, this.lastStirAt + quietMs)) - performance.now();
  }

  /** The next quiet comes a quiet period later at the earliest, however busy the page is. */
  private quiet(): Moment {
    this.lastStirAt = performance.now();
    this.busySince = Math.max(this.busySince, this.lastStirAt + quietMs - this.busyMost());
    return { kind: 'quiet' };
  }

  private busyMost(): number {
    return this.awaited.tokenPosted() ? busyMostAfterTokenMs : busyMostMs;
  }

  private async watchForChange(): Promise<void> {
    if (this.watch) return;
    const watch = {};
    this.watch = watch;
    const seen = await this.page.evaluate(changeOfDocument).then(
      () => true,
      () => false, // the document is being replaced: its own moment comes
    );
    if (this.watch !== watch) return;
    this.watch = null;
    if (!seen) return;
    this.lastStirAt = performance.now();
    if (this.waiting) this.push({ kind: 'changed' });
    else this.changedMeanwhile = true;
  }
}

/** Runs inside the page. Changes come in swarms: told a little after the first. */
function changeOfDocument(): Promise<void> {
  return new Promise((resolve) => {
    const observer = new MutationObserver(() => {
      observer.disconnect();
      window.setTimeout(resolve, 50);
    });
    observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
  });
}
