import { mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { testAuthority, testServerCertificate } from '../testing/test-certificates';
import { closedPort, httpServer, httpsServer, type TestServer } from '../testing/test-server';
import { httpsGet, type GetOptions } from './https-get';
import { createLookup } from './lookup';

const host = 'sts.contoso.test';
let server: TestServer;
let options: GetOptions;
let received: Record<string, unknown>;

test.beforeEach(async ({}, info) => {
  const root = await testAuthority('Test root');
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(info.outputPath('ca.pem'), root.cert);
  server = await httpsServer(await testServerCertificate([host], { signedBy: root }), (request, response) => {
    received = { url: request.url, host: request.headers.host, agent: request.headers['x-test'] };
    if (request.url === '/redirect') response.writeHead(302, { Location: '/elsewhere' }).end();
    else if (request.url === '/large') response.end(Buffer.alloc(70_000));
    else if (request.url === '/silent') return;
    else if (request.url === '/endless') response.write('beginning');
    else if (request.url === '/cut') response.writeHead(200, { 'Content-Length': 100 }).write('half', () => request.socket.destroy());
    else response.end('hello');
  });
  options = {
    lookup: createLookup({ resolve: { [host]: '127.0.0.1', 'other.contoso.test': '127.0.0.1' }, dns: null }),
    caFile: info.outputPath('ca.pem'),
    timeoutMs: 5000,
    maxBytes: 65_536,
  };
});
test.afterEach(() => server.close());

test('a page comes with status, headers, body and times, asked for under its own name', async () => {
  const result = await httpsGet(`https://${host}:${server.port}/a?b=c`, { ...options, headers: { 'x-test': 'yes' } });
  expect(result).toMatchObject({ ok: true, status: 200, body: Buffer.from('hello') });
  if (!result.ok) return;
  expect(result.headers.date).toBeTruthy();
  expect(Date.parse(result.startedAt)).toBeLessThanOrEqual(result.sentAtMs);
  expect(result.sentAtMs).toBeLessThanOrEqual(result.answeredAtMs);
  expect(received).toEqual({ url: '/a?b=c', host: `${host}:${server.port}`, agent: 'yes' });
});

test('a redirect is an answer and is not followed', async () => {
  expect(await httpsGet(`https://${host}:${server.port}/redirect`, options)).toMatchObject({ ok: true, status: 302, headers: { location: '/elsewhere' } });
  expect(server.connections()).toBe(1);
});

test('too large, too slow, cut and stopped answers are told by code', async () => {
  const get = (path: string, more: Partial<GetOptions> = {}): ReturnType<typeof httpsGet> =>
    httpsGet(`https://${host}:${server.port}${path}`, { ...options, ...more });
  expect(await get('/large')).toMatchObject({ ok: false, code: 'ETOOLARGE' });
  expect(await get('/silent', { timeoutMs: 150 })).toMatchObject({ ok: false, code: 'ETIMEDOUT' });
  expect(await get('/endless', { timeoutMs: 150 })).toMatchObject({ ok: false, code: 'ETIMEDOUT' });
  expect(await get('/cut')).toMatchObject({ ok: false, code: 'ECONNRESET' });
  expect(await get('/silent', { signal: AbortSignal.timeout(100) })).toMatchObject({ ok: false, code: 'EABORTED' });
  expect(await get('/', { signal: AbortSignal.abort() })).toMatchObject({ ok: false, code: 'EABORTED' });
});

test('a certificate of an unknown CA and one for another name end the request before anything is sent', async () => {
  received = {};
  expect(await httpsGet(`https://${host}:${server.port}/`, { ...options, caFile: null })).toMatchObject({ ok: false, code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
  expect(await httpsGet(`https://other.contoso.test:${server.port}/`, options)).toMatchObject({ ok: false, code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  expect(received).toEqual({});
});

test('no address and nothing listening are told apart', async () => {
  expect(await httpsGet(`https://${host}:${await closedPort()}/`, options)).toMatchObject({
    ok: false,
    code: 'ECONNREFUSED',
    why: expect.stringContaining('nothing listens'),
  });
  const dns = {
    lookup: async (name: string) => ({ host: name, addresses: [], address: null, error: 'ENOTFOUND', source: 'system' as const, durationMs: 1 }),
    facts: () => [],
  };
  expect(await httpsGet('https://nowhere.contoso.test/', { ...options, lookup: dns })).toEqual({
    ok: false,
    code: 'ENOTFOUND',
    why: 'nowhere.contoso.test has no address (ENOTFOUND, asked system).',
  });
});

test('plain http is spoken with the loopback host only', async () => {
  const plain = await httpServer((_, response) => response.end('plain'));
  expect(
    await httpsGet(`http://localhost:${plain.port}/`, { ...options, lookup: createLookup({ resolve: { localhost: '127.0.0.1' }, dns: null }) }),
  ).toMatchObject({ ok: true, body: Buffer.from('plain') });
  expect(await httpsGet(`http://${host}:${plain.port}/`, options)).toMatchObject({ ok: false, code: 'EPROTOCOL' });
  expect(await httpsGet('nonsense', options)).toMatchObject({ ok: false, code: 'EPROTOCOL' });
  expect(plain.connections()).toBe(1);
  await plain.close();
});
