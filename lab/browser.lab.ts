import { createHash, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { test, expect, chromium, type Browser, type BrowserContext, type Page } from '@playwright/test';
import { startLab, type Lab } from './start-lab';

const shellPath = '/usr/bin/chromium-headless-shell';

let lab: Lab;
let browser: Browser;
test.beforeAll(async () => {
  lab = await startLab();
  const pins = Object.values(lab.serverCertificates).map(({ certPem }) =>
    createHash('sha256')
      .update(new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' }))
      .digest('base64'),
  );
  browser = await chromium.launch({
    ...(existsSync(shellPath) ? { executablePath: shellPath } : {}),
    chromiumSandbox: process.getuid?.() !== 0,
    args: ['--host-resolver-rules=MAP *.contoso.test 127.0.0.1', `--ignore-certificate-errors-spki-list=${pins.join(',')}`],
  });
});
test.afterAll(async () => {
  await browser?.close();
  await lab?.close();
});

async function inContext(use: (page: Page, context: BrowserContext) => Promise<void>, httpCredentials = true): Promise<void> {
  const { user: username, password } = lab.credentials;
  const context = await browser.newContext({ locale: 'en-US', ...(httpCredentials ? { httpCredentials: { username, password, origin: lab.urls.sts } } : {}) });
  try {
    await use(await context.newPage(), context);
  } finally {
    await context.close();
  }
}

const signInWithForm = async (page: Page, url: string): Promise<void> => {
  await page.goto(url);
  await page.locator('#userNameInput').fill(lab.credentials.user);
  await page.locator('#passwordInput').fill(lab.credentials.password);
  await page.locator('#submitButton').click();
};

test('a real browser signs in over the internal route with Windows authentication, into the classic shell', async () => {
  await lab.setFaults([]);
  await inContext(async (page, context) => {
    await page.goto(lab.urls.internal);
    await page.waitForURL(lab.urls.internal);
    await expect(page.locator('#crmTopBar')).toBeVisible();
    await expect(page.locator('#navTabButtonUserInfoLinkId')).toContainText('Sign-in Probe');
    await expect(page.frameLocator('#contentIFrame0').getByText('Welcome, Sign-in Probe')).toBeVisible();
    const crmCookies = (await context.cookies(lab.urls.internal)).filter(({ name }) => name.startsWith('MSISAuth'));
    expect(crmCookies.map(({ name, domain, secure, httpOnly }) => ({ name, domain, secure, httpOnly }))).toEqual(
      ['MSISAuth', 'MSISAuth1'].map((name) => ({ name, domain: 'internalcrm.contoso.test', secure: true, httpOnly: true })),
    );
    await page.screenshot({ path: test.info().outputPath('classic.png') });
  });
});

test('a real browser signs in over IFD with the form, into the Unified Interface', async () => {
  await lab.setFaults([]);
  await inContext(async (page, context) => {
    const url = `${lab.urls.ifd}?appid=7c1d6a3e-0f4b-4c8a-9b0e-3a5d2f1e6b70`;
    await signInWithForm(page, url);
    await page.waitForURL(url);
    await expect(page.locator('#ApplicationShell')).toBeVisible();
    await expect(page.locator('[data-id*="topBar"]')).toBeVisible();
    await expect(page.locator('xpath=//*[@id="userInformationLauncher_buttoncrm_header_global_me-control"]/button/span/span/span')).toHaveText('Sign-in Probe');
    const domains = (await context.cookies(url)).filter(({ name }) => name.startsWith('MSISAuth')).map(({ domain }) => domain);
    expect(new Set(domains)).toEqual(new Set(['.contoso.test']));
    await page.screenshot({ path: test.info().outputPath('unified.png') });
  }, false);
});

test('after a rollover the browser ends on the error page with the WIF text in its address', async () => {
  await lab.setFaults(['adfs-signing-cert-rolled']);
  await inContext(async (page) => {
    await signInWithForm(page, lab.urls.ifd);
    await page.waitForURL(/errorhandler\.aspx/);
    await expect(page.getByText('An error has occurred.')).toBeVisible();
    expect(new URL(page.url()).searchParams.get('Parm0')).toContain('IssuerNameRegistry');
    await page.screenshot({ path: test.info().outputPath('error.png') });
  }, false);
});

test('a refused token with wfresh=0 brings the form again', async () => {
  await lab.setFaults(['adfs-signing-cert-rolled']);
  lab.setFace('sts-prompt');
  await inContext(async (page) => {
    await signInWithForm(page, lab.urls.ifd);
    await page.waitForURL(/wfresh=0/);
    await expect(page.locator('#passwordInput')).toBeVisible();
    expect(lab.crm.counters.tokenPosts).toBeGreaterThan(0);
  }, false);
  lab.setFace('errorhandler');
});

test('a session cookie for a foreign domain is refused by the browser, and the loop ends at AD FS', async () => {
  await lab.setFaults(['cookies-blocked-or-context-lost']);
  await inContext(async (page, context) => {
    await signInWithForm(page, lab.urls.ifd);
    await expect(page.getByText('An error occurred').first()).toBeVisible();
    expect((await context.cookies(lab.urls.ifd)).filter(({ name }) => name.startsWith('MSISAuth'))).toEqual([]);
  }, false);
});

test('with Windows sign-in refused the internal route ends on a 401 from AD FS, and IFD stays healthy', async () => {
  await lab.setFaults(['wia-spn-missing-or-duplicate']);
  await inContext(async (page) => {
    const answer = page.waitForEvent('response', (response) => response.status() === 401);
    // Chromium may also report the refusal as an exception of the navigation.
    await page.goto(lab.urls.internal).catch(() => null);
    expect(new URL((await answer).url()).pathname).toBe('/adfs/ls/wia');
  });
  await inContext(async (page) => {
    await signInWithForm(page, lab.urls.ifd);
    await page.waitForURL(lab.urls.ifd);
    await expect(page.locator('#crmTopBar')).toBeVisible();
  }, false);
});
