import type { Page } from 'playwright';
import type { SeenExchange } from '../captures/exchanges';

const patienceMs = 2_000;

/**
 * Ends the session at the STS, so that the next run is a whole sign-in and no session is left behind (field guide §11.3). Best effort, bounded:
 * the sign-in is proved by then.
 */
export async function signOut(page: Page, exchanges: readonly SeenExchange[], stsOrigin: string): Promise<void> {
  const asked = exchanges.find(({ url }) => url.startsWith(`${stsOrigin}/`) && /[?&]wa=wsignin1\.0\b/i.test(url));
  if (!asked) return; // nobody was asked to sign in, or not by WS-Federation
  await page.goto(`${stsOrigin}${new URL(asked.url).pathname}?wa=wsignout1.0`, { waitUntil: 'domcontentloaded', timeout: patienceMs }).catch(() => undefined);
}
