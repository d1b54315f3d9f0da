import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { browserOrder } from './browser-candidates';
import { findBrowser, launchBrowser } from './browser';
import { captureTls } from '../captures/tls';
import { startConnectProxy } from '../network/connect-proxy';
import { createLookup } from '../network/lookup';
import { testAuthority, testServerCertificate } from '../testing/test-certificates';
import { httpsServer } from '../testing/test-server';

test('the first browser of the order that starts is chosen, with version and why others were passed over', async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  expect(search.choice.version).toMatch(/^\d+\.\d+/);
  const order = browserOrder(process.platform);
  expect(search.passedOver.map(({ name }) => name)).toEqual(order.slice(0, order.indexOf(search.choice.name as (typeof order)[number])));
  expect(search.warnings.length).toBe(process.getuid?.() === 0 ? 1 : 0);
});

test('a configured browser that is none is said so, and no other is taken', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const broken = info.outputPath('browser');
  writeFileSync(broken, '#!/bin/sh\nexit 1\n', { mode: 0o700 });
  expect(await findBrowser({ configured: info.outputPath('missing') })).toMatchObject({
    ok: false,
    why: expect.stringContaining('found no such file'),
  });
  expect(await findBrowser({ configured: 'crome' })).toMatchObject({ ok: false, why: expect.stringContaining('did you mean "chrome"?') });
  const search = await findBrowser({ configured: broken });
  expect(search).toMatchObject({ ok: false, why: expect.stringMatching(/does not start: .+ Correct `browser` or leave it out\.$/) });
});

test("Playwright's protocol log is refused, because it prints what is typed", async () => {
  process.env.DEBUG = 'pw:protocol';
  try {
    expect(await findBrowser({ configured: null })).toMatchObject({ ok: false, why: expect.stringContaining('DEBUG') });
    expect(await launchBrowser({ executablePath: null }, { spkis: [], authServerAllowlist: null })).toMatchObject({ ok: false });
  } finally {
    delete process.env.DEBUG;
  }
});

test('a private CA is believed for the verified key only: another certificate stays an error in the browser', async ({}, info) => {
  const root = await testAuthority('Test root');
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(info.outputPath('ca.pem'), root.cert);
  const page200 = (_: unknown, response: import('node:http').ServerResponse): void =>
    void response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>good</title>');
  const good = await httpsServer(await testServerCertificate(['good.contoso.test'], { signedBy: root }), page200);
  const bad = await httpsServer(await testServerCertificate(['bad.contoso.test']), page200);
  const { trustedSpki } = await captureTls('good.contoso.test', good.port, '127.0.0.1', info.outputPath('ca.pem'));
  const proxy = await startConnectProxy(createLookup({ resolve: { 'good.contoso.test': '127.0.0.1', 'bad.contoso.test': '127.0.0.1' }, dns: null }));
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [trustedSpki!], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  try {
    const page = await (await launched.browser.newContext({ proxy: { server: proxy.url, username: proxy.username, password: proxy.password } })).newPage();
    await page.goto(`https://good.contoso.test:${good.port}/`);
    expect(await page.title()).toBe('good');
    await expect(page.goto(`https://bad.contoso.test:${bad.port}/`)).rejects.toThrow('ERR_CERT_AUTHORITY_INVALID');
  } finally {
    await launched.browser.close();
    await Promise.all([proxy.close(), good.close(), bad.close()]);
  }
});
