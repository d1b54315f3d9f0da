import { expect, test } from '@playwright/test';
import { findBrowser } from './browser';
import { freshBrowsers } from './browser-pool';
import { inBrowser } from './in-browser';

test('a browser that never comes to an end does not keep the probe: it is closed, and that is said', async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const settings = {
    spkis: [],
    proxyUrl: null,
    authServerAllowlist: null,
    hideEnvironment: [],
    browsers: freshBrowsers,
    account: 'probe',
    withinMs: 300,
  };
  let closed = false;
  const never = inBrowser(search.choice, settings, async ({ page }) => {
    page.on('close', () => (closed = true));
    await new Promise(() => undefined);
  });
  await expect(never).rejects.toThrow(
    /^The browser \S+ [\d.]+ no longer answered: .+Try again; if it stays so, look at the load and memory of this machine\.$/,
  );
  expect(closed).toBe(true);
});
