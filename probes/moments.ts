import type { Page, Request } from 'playwright';

/** Something the journey must look at. */
export type Moment =
  | { readonly kind: 'document' } // a new document of the main frame is ready to be read
  | { readonly kind: 'changed' } // the document on screen changed
  | { readonly kind: 'quiet' } // nothing has happened on a loaded page for a while
  | { readonly kind: 'failed'; readonly request: Request } // a document request got no answer
  | { readonly kind: 'stopped'; readonly url: string; readonly why: string } // the guard stopped a request
  | { readonly kind: 'refused' } // the STS asked for Windows credentials again
  | { readonly kind: 'deadline' }
  | { readonly kind: 'gone'; readonly why: string }; // the browser or the page is gone

/** How long nothing must happen on a loaded page before an unknown page counts as final. */
const quietMs = 1_500;

/**
 * The journey's only source of progress: page events in order, never a fixed sleep. A moment that comes while nobody waits is kept.
 */
export class Moments {
  private readonly queue: Moment[] = [];
  private waiting: ((moment: Moment) => void) | null = null;
  private quietTimer: NodeJS.Timeout | null = null;
  private readonly inFlight = new Set<Request>();

  constructor(
    private readonly page: Page,
    deadline: AbortSignal,
  ) {
    page.on('domcontentloaded', () => this.push({ kind: 'document' }));
    page.on('request', (request) => {
      this.inFlight.add(request);
      this.stir();
    });
    page.on('requestfinished', (request) => this.done(request));
    page.on('requestfailed', (request) => {
      this.done(request);
      const isDocument = request.isNavigationRequest() && request.frame() === page.mainFrame();
      if (isDocument) this.push({ kind: 'failed', request });
    });
    page.on('load', () => this.stir());
    page.on('crash', () => this.push({ kind: 'gone', why: 'the page crashed' }));
    page.on('close', () => this.push({ kind: 'gone', why: 'the browser was closed or killed' }));
    page
      .context()
      .browser()
      ?.on('disconnected', () => this.push({ kind: 'gone', why: 'the browser was closed or killed' }));
    deadline.addEventListener('abort', () => this.push({ kind: 'deadline' }), { once: true });
  }

  push(moment: Moment): void {
    if (this.waiting) {
      const wake = this.waiting;
      this.waiting = null;
      this.stopTimer();
      wake(moment);
    } else this.queue.push(moment);
  }

  /** The next moment. With `settling`, changes of the page on screen and its coming to rest count too. */
  async next({ settling }: { settling: boolean }): Promise<Moment> {
    const queued = this.queue.shift();
    if (queued) return queued;
    const moment = new Promise<Moment>((resolve) => {
      this.waiting = resolve;
    });
    if (settling) {
      this.stir();
      void this.watchForChange();
    }
    return moment;
  }

  dispose(): void {
    this.stopTimer();
  }

  /** Whether a document request is still unanswered. */
  get documentPending(): boolean {
    return [...this.inFlight].some((request) => request.isNavigationRequest() && safely(() => request.frame() === this.page.mainFrame()));
  }

  private done(request: Request): void {
    this.inFlight.delete(request);
    this.stir();
  }

  private stopTimer(): void {
    if (this.quietTimer) clearTimeout(this.quietTimer);
    this.quietTimer = null;
  }

  /** Starts the quiet period anew; it only runs out while somebody waits and no document is on its way. */
  private stir(): void {
    this.stopTimer();
    if (!this.waiting) return;
    this.quietTimer = setTimeout(() => {
      if (this.documentPending) this.stir();
      else this.push({ kind: 'quiet' });
    }, quietMs);
    this.quietTimer.unref();
  }

  private async watchForChange(): Promise<void> {
    try {
      await this.page.evaluate(
        () =>
          new Promise<void>((resolve) => {
            let timer = 0;
            const observer = new MutationObserver(() => {
              window.clearTimeout(timer);
              timer = window.setTimeout(() => {
                observer.disconnect();
                resolve();
              }, 50);
            });
            observer.observe(document, { childList: true, subtree: true, attributes: true, characterData: true });
          }),
      );
      if (this.waiting) this.push({ kind: 'changed' });
    } catch {
      // the document is being replaced: its own moment comes
    }
  }
}

function safely(test: () => boolean): boolean {
  try {
    return test();
  } catch {
    return false;
  }
}
