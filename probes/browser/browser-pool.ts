/** Browsers for sign-ins: a fresh one each time, or, for a monitor, one that serves an account again and again. */
import type { Browser, CDPSession } from 'playwright';
import { type BrowserChoice, launchBrowser, type LaunchWishes } from './browser';
import type { BrowserProfile } from './browser-profile';
import { killBrowserProcess, mainProcessOf } from './hanging-browser';
import { browserMemoryMb } from './page-limits';
import { within } from '../../system/within';

/** A browser one sign-in has for itself. */
export interface Loan {
  readonly browser: Browser;
  readonly profile: BrowserProfile;
  /** To the browser as a whole; ends with the loan. */
  readonly session: CDPSession;
  /** `again`: nothing went wrong, the browser may serve the same account once more. The contexts must be closed by then. */
  end(again: boolean): Promise<void>;
  /** Ends the browser at once, as it no longer answers; `end` is called all the same. */
  kill(): void;
}
export type LoanResult = { readonly ok: true; readonly loan: Loan } | { readonly ok: false; readonly why: string };

export interface BrowserLender {
  /** `sharedAs`: whose browser it is; sign-ins of another never get it. null = a browser of its own, whatever the lender's habit. */
  lend(choice: BrowserChoice, wishes: LaunchWishes, sharedAs: string | null): Promise<LoanResult>;
}

/** A new browser for each sign-in, closed after it: what a single run needs. */
export const freshBrowsers: BrowserLender = {
  lend: async (choice, wishes) => {
    const started = await start(choice, wishes);
    return started.ok ? { ok: true, loan: loanOf(started.browser, () => discard(started.browser)) } : started;
  },
};

export interface PoolLimits {
  /** A browser is replaced after so many sign-ins, … */
  readonly signIns: number;
  /** … at this age (well below the hour after which a profile counts as left behind), … */
  readonly ageMs: number;
  /** … or with more than this of memory of its own while it does nothing. */
  readonly memoryMb: number;
  /** One that serves nobody for so long is closed. */
  readonly idleMs: number;
  /** One that does not answer within this time is replaced, too. */
  readonly answerMs: number;
}
export const defaultPoolLimits: PoolLimits = { signIns: 50, ageMs: 20 * 60_000, memoryMb: 400, idleMs: 60_000, answerMs: 5_000 };

interface Started {
  readonly browser: Browser;
  readonly profile: BrowserProfile;
  readonly session: CDPSession;
  /** Of the main process; null where nobody knows. */
  readonly pid: number | null;
}

interface Kept extends Started {
  readonly since: number;
  readonly served: number;
}

/**
 * Keeps browsers between sign-ins, each for one account, one set of trusted keys and one sign-in at a time.
 * Each sign-in has a context of its own (cookies, cache, connections and logons die with it); whatever went wrong in it takes the browser along.
 */
export class BrowserPool implements BrowserLender {
  private readonly idle = new Map<string, (Kept & { readonly expiry: NodeJS.Timeout })[]>();
  /** Those being closed; one that no longer answers takes a while. */
  private readonly leaving = new Set<Promise<void>>();
  private closed = false;

  constructor(private readonly limits: PoolLimits = defaultPoolLimits) {}

  async lend(choice: BrowserChoice, wishes: LaunchWishes, sharedAs: string | null): Promise<LoanResult> {
    if (sharedAs === null) return freshBrowsers.lend(choice, wishes, null);
    const key = JSON.stringify([choice.executablePath, sharedAs, [...wishes.spkis].sort(), wishes.hideEnvironment]);
    const kept = await this.take(key);
    if (kept) return { ok: true, loan: loanOf(kept, (again) => this.takeBack(key, kept, again)) };
    const started = await start(choice, wishes);
    if (!started.ok) return started;
    const fresh = { ...started.browser, since: performance.now(), served: 0 };
    return { ok: true, loan: loanOf(fresh, (again) => this.takeBack(key, fresh, again)) };
  }

  /** Closes what is idle, for good; what is lent closes when it comes back. */
  async close(): Promise<void> {
    this.closed = true;
    await this.empty();
    await Promise.all(this.leaving);
  }

  /** Closes what is idle. */
  async empty(): Promise<void> {
    const all = [...this.idle.values()].flat();
    this.idle.clear();
    await Promise.all(
      all.map((each) => {
        clearTimeout(each.expiry);
        return discard(each);
      }),
    );
  }

  /** One that still answers; it may have been killed, or stopped, while it waited. */
  private async take(key: string): Promise<Kept | null> {
    for (;;) {
      const kept = this.idle.get(key)?.pop();
      if (!kept) return null;
      clearTimeout(kept.expiry);
      const session = await within(kept.browser.newBrowserCDPSession(), this.limits.answerMs, null);
      if (session) return { ...kept, session };
      this.dismiss(kept);
    }
  }

  private async takeBack(key: string, { served, ...rest }: Kept, again: boolean): Promise<void> {
    const back = { ...rest, served: served + 1 };
    if (!again || (await this.wornOut(back))) return discard(back);
    // Whoever comes next opens a session of its own: nothing of this sign-in may listen on.
    const detached = await within(
      back.session.detach().then(() => true),
      this.limits.answerMs,
      false,
    );
    if (!detached || this.closed) return discard(back);
    const expiry = setTimeout(() => {
      const waiting = this.idle.get(key) ?? [];
      this.idle.set(
        key,
        waiting.filter((each) => each.browser !== back.browser),
      );
      this.dismiss(back);
    }, this.limits.idleMs);
    expiry.unref();
    this.idle.set(key, [...(this.idle.get(key) ?? []), { ...back, expiry }]);
  }

  private async wornOut({ served, since, browser, session }: Kept): Promise<boolean> {
    const { signIns, ageMs, memoryMb, answerMs } = this.limits;
    if (this.closed || served >= signIns || performance.now() - since >= ageMs || !browser.isConnected()) return true;
    return (await within(browserMemoryMb(session), answerMs, Infinity)) > memoryMb;
  }

  /** Closes it without anybody waiting for that, but `close`. */
  private dismiss(kept: Kept): void {
    const gone = discard(kept).finally(() => this.leaving.delete(gone));
    this.leaving.add(gone);
  }
}

async function start(
  choice: BrowserChoice,
  wishes: LaunchWishes,
): Promise<{ readonly ok: true; readonly browser: Started } | { readonly ok: false; readonly why: string }> {
  const launched = await launchBrowser(choice, wishes);
  if (!launched.ok) return launched;
  const { browser, profile } = launched;
  const session = await within(browser.newBrowserCDPSession(), startedWithinMs, null);
  if (session) return { ok: true, browser: { browser, profile, session, pid: await mainProcessOf(session, profile.userDataDir) } };
  await browser.close().catch(() => undefined);
  await profile.remove();
  return { ok: false, why: 'it went away while it started' };
}

function loanOf({ browser, profile, session, pid }: Started, giveBack: (again: boolean) => Promise<void>): Loan {
  return { browser, profile, session, end: giveBack, kill: () => kill({ profile, pid }) };
}

function kill({ profile, pid }: Pick<Started, 'profile' | 'pid'>): void {
  if (pid !== null) killBrowserProcess(pid, profile.userDataDir);
}

const startedWithinMs = 20_000;
/** A browser that hangs takes no part in its own closing; Playwright would wait for it half a minute. */
const closedWithinMs = 5_000;
/** Where its process is not known, Playwright ends it after 30 s. */
const killedWithinMs = 35_000;

async function discard(started: Pick<Started, 'browser' | 'profile' | 'pid'>): Promise<void> {
  const closed = started.browser.close().catch(() => undefined); // already gone when it was killed
  if ((await within(closed, closedWithinMs, 'late')) === 'late') {
    kill(started);
    await within(closed, killedWithinMs, null);
  }
  await started.profile.remove();
}
