import type { BrowserContext, CDPSession, Page } from 'playwright';
import type { BrowserChoice } from './browser';
import type { BrowserLender } from './browser-pool';
import { type Negotiation, readNegotiations } from './captures/negotiations';
import { ProbeFault } from './probe-fault';

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
}

/**
 * Opens a fresh context with one page in a browser, runs the work, and closes the context and, unless it may serve again, the browser, whatever happens.
 * `fit`: whether nothing went wrong; unless given, nobody can tell.
 */
export async function inBrowser<T>(
  choice: BrowserChoice,
  { spkis, proxyUrl, authServerAllowlist, hideEnvironment, browsers, account }: BrowserSettings,
  work: (opened: Opened) => Promise<T>,
  fit: (outcome: T) => boolean = () => false,
): Promise<Visit<T>> {
  const logged = authServerAllowlist !== null;
  // Where the browser's own log is read it must be closed: such a browser serves once.
  const lent = await browsers.lend(choice, { spkis, authServerAllowlist, hideEnvironment }, logged ? null : account);
  if (!lent.ok) throw new ProbeFault(`The browser ${choice.name} ${choice.version} did not start: ${lent.why}.`);
  const { browser, profile, session } = lent.loan;
  let again = false;
  try {
    const context = await browser.newContext({
      locale: 'en-US', // Accept-Language: AD FS's texts come in English (field guide §7.2)
      acceptDownloads: false,
      serviceWorkers: 'block',
      viewport: { width: 1280, height: 800 },
      ...(proxyUrl ? { proxy: { server: proxyUrl } } : {}),
    });
    const outcome = await work({ page: await context.newPage(), context, browserSession: session });
    if (logged) await browser.close().catch(() => undefined);
    const negotiations = logged ? await readNegotiations(profile.netLogFile) : [];
    again =
      !logged &&
      fit(outcome) &&
      (await context.close().then(
        () => true,
        () => false,
      ));
    return { outcome, negotiations };
  } finally {
    await lent.loan.end(again);
  }
}
