import type { BrowserContext, CDPSession, Page } from 'playwright';
import type { BrowserChoice } from './browser';
import type { BrowserLender } from './browser-pool';
import { afterHang, BrowserLost, whileItAnswers } from './hanging-browser';
import { type Negotiation, readNegotiations } from '../captures/negotiations';
import { ProbeFault } from '../../contracts/probe-fault';
import { within } from '../../system/within';

export interface BrowserSettings {
  /** Base64 SHA-256 of public keys that Node verified with the private CA. */
  readonly spkis: readonly string[];
  /** A local proxy that dials the wanted addresses; null = the system's own settings. */
  readonly proxyUrl: string | null;
  /** Host that may have the logged-on account's Kerberos ticket; null = nobody. */
  readonly authServerAllowlist: string | null;
  /** Environment variables that hold secrets: the browser process does not inherit them. */
  readonly hideEnvironment: readonly string[];
  readonly browsers: BrowserLender;
  /** Whose sign-in it is: a browser may serve the same account again. */
  readonly account: string;
  /** Work that is not done by then is waiting for a browser that no longer answers. */
  readonly withinMs: number;
}

export interface Visit<T> {
  readonly outcome: T;
  /** How the browser answered for the logged-on account; empty where nobody may have its ticket. Only the closed browser's own log tells. */
  readonly negotiations: readonly Negotiation[];
}

export interface Opened {
  readonly page: Page;
  readonly context: BrowserContext;
  /** To the browser as a whole; detached when the work is done. */
  readonly browserSession: CDPSession;
  /** Ends the browser at once, as it no longer answers. */
  readonly killBrowser: () => void;
}

/**
 * Opens a fresh context with one page in a browser, runs the work, and closes the context and, unless it may serve again, the browser, whatever happens.
 * Throws ProbeFault when it does not start, BrowserLost (one of them) when it goes away while the context is opened, or no longer answers. `fit`:
 * whether nothing went wrong; unless given, nobody can tell.
 */
export async function inBrowser<T>(
  choice: BrowserChoice,
  { spkis, proxyUrl, authServerAllowlist, hideEnvironment, browsers, account, withinMs }: BrowserSettings,
  work: (opened: Opened) => Promise<T>,
  fit: (outcome: T) => boolean = () => false,
): Promise<Visit<T>> {
  const logged = authServerAllowlist !== null;
  // Where the browser's own log is read it must be closed: such a browser serves once.
  const lent = await browsers.lend(choice, { spkis, authServerAllowlist, hideEnvironment }, logged ? null : account);
  if (!lent.ok) throw new ProbeFault(`The browser ${choice.name} ${choice.version} did not start: ${lent.why}.`);
  const { browser, profile, session } = lent.loan;
  let again = false;
  const opened = async (): Promise<Opened> => {
    const context = await browser.newContext({
      locale: 'en-US', // Accept-Language: AD FS's texts come in English (field guide §7.2)
      acceptDownloads: false,
      serviceWorkers: 'block',
      viewport: { width: 1280, height: 800 },
      ...(proxyUrl ? { proxy: { server: proxyUrl } } : {}),
    });
    return { page: await context.newPage(), context, browserSession: session, killBrowser: () => lent.loan.kill() };
  };
  try {
    const all = await whileItAnswers(opened(), session, { during: 'when the sign-in was to begin', withinMs: openedWithinMs, kill: () => lent.loan.kill() });
    const { context } = all;
    const outcome = await inTime(
      work(all),
      withinMs,
      `The browser ${choice.name} ${choice.version} no longer answered: the sign-in was not done after ${withinMs / 1000} s, ` +
        `and cannot be judged. ${afterHang}`,
    );
    if (logged) await browser.close().catch(() => undefined);
    const negotiations = logged ? await readNegotiations(profile.netLogFile) : [];
    again =
      !logged &&
      fit(outcome) &&
      (await within(
        context.close().then(() => true),
        closeMs,
        false,
      ));
    return { outcome, negotiations };
  } finally {
    await lent.loan.end(again);
  }
}

const openedWithinMs = 30_000;
const closeMs = 5_000;

async function inTime<T>(work: Promise<T>, ms: number, fault: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([work, new Promise<never>((_, reject) => (timer = setTimeout(() => reject(new BrowserLost(fault)), ms)))]);
  } finally {
    clearTimeout(timer);
  }
}
