import type { BrowserContext, Page } from 'playwright';
import { type BrowserChoice, launchBrowser } from './browser';
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
}

export interface Visit<T> {
  readonly outcome: T;
  /** How the browser answered for the logged-on account; empty where nobody may have its ticket. Only the closed browser's own log tells. */
  readonly negotiations: readonly Negotiation[];
}

/** Opens a fresh browser with a fresh context and one page, runs the work, and closes everything whatever happens. */
export async function inBrowser<T>(
  choice: BrowserChoice,
  { spkis, proxyUrl, authServerAllowlist, hideEnvironment }: BrowserSettings,
  work: (page: Page, context: BrowserContext) => Promise<T>,
): Promise<Visit<T>> {
  const launched = await launchBrowser(choice, { spkis, authServerAllowlist, hideEnvironment });
  if (!launched.ok) throw new ProbeFault(`The browser ${choice.name} ${choice.version} did not start: ${launched.why}.`);
  const { browser, profile } = launched;
  const close = (): Promise<void> => browser.close().catch(() => undefined); // already gone when it was killed
  try {
    const context = await browser.newContext({
      locale: 'en-US', // Accept-Language: AD FS's texts come in English (field guide §7.2)
      acceptDownloads: false,
      serviceWorkers: 'block',
      viewport: { width: 1280, height: 800 },
      ...(proxyUrl ? { proxy: { server: proxyUrl } } : {}),
    });
    const outcome = await work(await context.newPage(), context);
    await close();
    return { outcome, negotiations: authServerAllowlist === null ? [] : await readNegotiations(profile.netLogFile) };
  } finally {
    await close();
    await profile.remove();
  }
}
