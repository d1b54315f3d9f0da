import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import type { Browser, BrowserContext, Page } from 'playwright';
import { findBrowser, launchBrowser } from '../browser/browser';
import { captureTls } from '../captures/tls';
import { testAuthority, testServerCertificate } from '../testing/test-certificates';
import { closedPort, httpServer, httpsServer, ntlmHandler, type TestServer } from '../testing/test-server';
import { startConnectProxy, type ConnectProxy } from './connect-proxy';
import { createLookup } from './lookup';

const sts = 'sts.contoso.test';
const crm = 'crm.contoso.test';
let browser: Browser;
let server: TestServer;
let proxy: ConnectProxy;

test.beforeEach(async ({}, info) => {
  const root = await testAuthority('Test root');
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(info.outputPath('ca.pem'), root.cert);
  const ntlm = ntlmHandler();
  server = await httpsServer(await testServerCertificate([sts, crm], { signedBy: root }), (request, response) =>
    request.headers.host?.startsWith(sts) ? ntlm(request, response) : response.writeHead(200, { 'Content-Type': 'text/html' }).end('<title>CRM</title>'),
  );
  const { trustedSpki } = await captureTls(sts, server.port, '127.0.0.1', info.outputPath('ca.pem'));
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [trustedSpki!], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
  proxy = await startConnectProxy(createLookup({ resolve: { [sts]: '127.0.0.1', [crm]: '127.0.0.1', localhost: '127.0.0.1' }, dns: null }));
});
test.afterEach(async () => {
  await browser.close();
  await proxy.close();
  await server.close();
});

/** As the journey does it: an own session answers the proxy's challenge, and the STS's with the account. */
async function guarded(context: BrowserContext): Promise<{ page: Page; challenges: string[] }> {
  const page = await context.newPage();
  const session = await context.newCDPSession(page);
  const challenges: string[] = [];
  session.on('Fetch.requestPaused', ({ requestId }) => void session.send('Fetch.continueRequest', { requestId }).catch(() => undefined));
  session.on('Fetch.authRequired', ({ requestId, authChallenge: { source, scheme } }) => {
    challenges.push(`${source} ${scheme}`);
    const given = source === 'Proxy' ? { username: proxy.username, password: proxy.password } : { username: 'CONTOSO\\probe', password: 'canary-9' };
    void session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse: { response: 'ProvideCredentials', ...given } }).catch(() => undefined);
  });
  await session.send('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*', resourceType: 'Document' }] });
  return { page, challenges };
}

test('names keep their certificates and NTLM signs in through the proxy, its own challenge answered by the session', async () => {
  const context = await browser.newContext({ proxy: { server: proxy.url } });
  const { page, challenges } = await guarded(context);
  expect((await page.goto(`https://${crm}:${server.port}/`))?.status()).toBe(200);
  expect(await page.title()).toBe('CRM');
  expect((await page.goto(`https://${sts}:${server.port}/`))?.status()).toBe(200);
  expect(await page.title()).toBe('signed in as probe');
  expect(challenges).toEqual(['Proxy basic', 'Server ntlm']);
  expect(proxy.failures.size).toBe(0);
});

test("it works as well with Playwright's own proxy and NTLM credentials", async () => {
  const context = await browser.newContext({
    proxy: { server: proxy.url, username: proxy.username, password: proxy.password },
    httpCredentials: { username: 'CONTOSO\\probe', password: 'canary-9', origin: `https://${sts}:${server.port}` },
  });
  const page = await context.newPage();
  await page.goto(`https://${sts}:${server.port}/`);
  expect(await page.title()).toBe('signed in as probe');
});

test('without the right password the proxy dials nothing', async () => {
  const ask = (header: string): Promise<string> =>
    new Promise((resolve) => {
      const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1', () =>
        socket.write(`CONNECT ${crm}:${server.port} HTTP/1.1\r\nHost: ${crm}\r\n${header}\r\n`),
      );
      let text = '';
      socket.on('data', (chunk) => (text += chunk.toString())).on('close', () => resolve(text));
    });
  const before = server.connections();
  expect(await ask('')).toMatch(/^HTTP\/1\.1 407 /);
  expect(await ask(`Proxy-Authorization: Basic ${Buffer.from(`${proxy.username}:wrong`).toString('base64')}\r\n`)).toMatch(/^HTTP\/1\.1 407 /);
  expect(server.connections()).toBe(before);
});

test('why a host could not be reached is kept: no address, and nothing listening', async () => {
  const context = await browser.newContext({ proxy: { server: proxy.url } });
  const { page } = await guarded(context);
  await expect(page.goto('https://nowhere.invalid/')).rejects.toThrow('ERR_TUNNEL_CONNECTION_FAILED');
  expect(proxy.failures.get('nowhere.invalid')).toMatchObject({ stage: 'dns', code: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) });
  await expect(page.goto(`https://${crm}:${await closedPort()}/`)).rejects.toThrow('ERR_TUNNEL_CONNECTION_FAILED');
  expect(proxy.failures.get(crm)).toMatchObject({ stage: 'connect', code: 'ECONNREFUSED' });
  const next = await guarded(context); // Chromium may still be moving the first page to its own error page
  await next.page.goto(`https://${crm}:${server.port}/`);
  expect(proxy.failures.has(crm)).toBe(false);
});

test('plain http passes to the loopback host and nowhere else, NTLM included', async () => {
  const plain = await httpServer(ntlmHandler());
  const context = await browser.newContext({ proxy: { server: proxy.url } });
  const { page } = await guarded(context);
  await page.goto(`http://localhost:${plain.port}/`);
  expect(await page.title()).toBe('signed in as probe');
  expect((await page.goto(`http://${crm}:${plain.port}/`))?.status()).toBe(403);
  await plain.close();
});

test('closing destroys open tunnels at once', async () => {
  const own = await startConnectProxy(createLookup({ resolve: { [crm]: '127.0.0.1' }, dns: null }));
  const credentials = Buffer.from(`${own.username}:${own.password}`).toString('base64');
  const socket = connect(Number(new URL(own.url).port), '127.0.0.1');
  const established = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString())));
  socket.write(`CONNECT ${crm}:${server.port} HTTP/1.1\r\nHost: ${crm}\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`);
  expect(await established).toMatch(/^HTTP\/1\.1 200 /);
  const closed = new Promise<void>((resolve) => socket.on('error', () => undefined).once('close', () => resolve()));
  await own.close();
  await closed;
});

test('a request that is to be alone gets a new connection; others wait for its answer, and get none when it ended without one', async () => {
  const credentials = Buffer.from(`${proxy.username}:${proxy.password}`).toString('base64');
  const tunnel = (): { answer: Promise<string>; closed: Promise<void>; end: () => void } => {
    const socket = connect(Number(new URL(proxy.url).port), '127.0.0.1').on('error', () => undefined);
    socket.write(`CONNECT ${sts}:${server.port} HTTP/1.1\r\nHost: ${sts}\r\nProxy-Authorization: Basic ${credentials}\r\n\r\n`);
    const answer = new Promise<string>((resolve) => socket.once('data', (chunk) => resolve(chunk.toString().slice(9, 12))));
    return { answer, closed: new Promise((resolve) => socket.once('close', () => resolve())), end: () => socket.destroy() };
  };
  const before = tunnel();
  expect(await before.answer).toBe('200');
  const release = proxy.alone(`https://${sts}:${server.port}/adfs/ls/`);
  await before.closed;
  const mine = tunnel();
  expect(await mine.answer).toBe('200');
  const waiting = tunnel();
  release();
  expect(await waiting.answer).toBe('200');

  proxy.alone(`https://${sts}:${server.port}/adfs/ls/`);
  const first = tunnel();
  expect(await first.answer).toBe('200');
  const second = tunnel();
  first.end();
  expect(await second.answer).toBe('502');
  expect(await tunnel().answer).toBe('502');
  expect(proxy.failures.get(sts)?.code).toBe('ECONNRESET');
});
