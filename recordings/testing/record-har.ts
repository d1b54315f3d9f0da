import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import type { Lab } from '../../lab/start-lab';

const shellPath = '/usr/bin/chromium-headless-shell';

/** For tests: a browser in which the lab's host names lead to the lab. */
export function openLabBrowser(lab: Lab): Promise<Browser> {
  const pins = Object.values(lab.serverCertificates).map(({ certPem }) =>
    createHash('sha256')
      .update(new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
  );
  return chromium.launch({
    ...(existsSync(shellPath) ? { executablePath: shellPath } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--host-resolver-rules=MAP *.contoso.test 127.0.0.1', `--ignore-certificate-errors-spki-list=${pins.join(',')}`],
  });
}

/** For tests: what a user does, recorded by the browser as HAR with contents. */
export async function recordHar(browser: Browser, lab: Lab, path: string, act: (page: Page) => Promise<void>): Promise<Buffer> {
  const { user: username, password } = lab.credentials;
  const context = await browser.newContext({
    locale: 'en-US',
    httpCredentials: { username, password, origin: lab.urls.sts },
    recordHar: { path, content: 'embed' },
  });
  try {
    await act(await context.newPage());
  } finally {
    await context.close();
  }
  return readFile(path);
}

/** For tests: the user types name and password into AD FS's form. */
export async function signInWithForm(page: Page, lab: Lab): Promise<void> {
  await page.goto(lab.urls.ifd);
  await page.locator('#userNameInput').fill(lab.credentials.user);
  await page.locator('#passwordInput').fill(lab.credentials.password);
  await page.locator('#submitButton').click();
}
