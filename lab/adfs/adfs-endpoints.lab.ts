import { request as httpRequest } from 'node:http';
import { request as httpsRequest, type RequestOptions } from 'node:https';
import { connect } from 'node:tls';
import { expect, test } from '@playwright/test';
import { startTestBench, type TestBench } from './test-bench';

let bench: TestBench;
test.describe.configure({ mode: 'serial' });
test.beforeAll(async () => {
  bench = await startTestBench();
});
test.afterAll(() => bench.close());
test.beforeEach(() => {
  bench.adfs.resetSettings();
});

/** One request without a browser, over a connection of its own, the chain verified. */
const ask = (path: string, options: RequestOptions = {}): Promise<{ status: number; headers: Record<string, string | string[] | undefined>; body: string }> =>
  new Promise((resolve, reject) => {
    const { adfs, authority } = bench;
    const call = httpsRequest(
      { host: '127.0.0.1', port: adfs.port, servername: adfs.host, ca: authority.certificatePem, agent: false, path, ...options },
      (response) => {
        let body = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (body += chunk));
        response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body }));
      },
    );
    call.on('error', reject).end();
  });

const pathOf = (url: string): string => url.slice(bench.adfs.origin.length);

test('unknown relying party, foreign method and a request without parameters end on the error page', async () => {
  const { adfs } = bench;
  const lastCode = async (path: string): Promise<string> => {
    const { status, body } = await ask(path);
    expect(status).toBe(200);
    expect(body).toContain('id="errorArea"');
    expect(body).not.toContain('MSIS');
    return adfs.log.at(-1)!.code;
  };
  expect(await lastCode('/adfs/ls/?wa=wsignin1.0&wtrealm=https%3a%2f%2funknown.contoso.test%2f')).toBe('MSIS7007');
  expect(await lastCode(pathOf(bench.signInUrl(null, '&wauth=urn%3aietf%3arfc%3a2246')))).toBe('MSIS7102');
  expect(await lastCode('/adfs/ls/')).toBe('MSIS7065');
  expect(await lastCode('/adfs/ls/idpinitiatedsignon.aspx')).toBe('idp-initiated-sign-on-disabled');
  bench.trust.enabled = false;
  expect(await lastCode(pathOf(bench.signInUrl('forms')))).toBe('MSIS7007');
  bench.trust.enabled = true;
  adfs.settings.showErrorDetails = true;
  expect((await ask('/adfs/ls/')).body).toContain('MSIS7065');
});

test('redirect and challenge have the headers of HTTP.sys', async () => {
  const redirect = await ask(pathOf(bench.signInUrl('windows')));
  expect(redirect.status).toBe(302);
  expect(redirect.headers).toMatchObject({ server: 'Microsoft-HTTPAPI/2.0', 'content-length': '0' });
  const location = String(redirect.headers.location);
  expect(location.startsWith(`${bench.adfs.origin}/adfs/ls/wia?${bench.signInUrl('windows').split('?')[1]}&client-request-id=`)).toBe(true);
  const challenge = await ask(pathOf(location));
  expect(challenge.status).toBe(401);
  expect(challenge.body).toBe('');
  expect(challenge.headers).toMatchObject({ 'www-authenticate': 'Negotiate, NTLM', 'proxy-support': 'Session-Based-Authentication', 'content-length': '0' });
});

test('the clock of AD FS moves its Date header and its tokens', async () => {
  bench.adfs.clock.offsetSeconds = 600;
  const { headers } = await ask('/adfs/services/trust/mex');
  expect(Math.abs(Date.parse(String(headers.date)) - Date.now() - 600_000)).toBeLessThan(5000);
  bench.adfs.clock.offsetSeconds = 0;
});

test('metadata, mex and probe answer; a stopped service answers 503 everywhere', async () => {
  const { adfs } = bench;
  const probe = (): Promise<number> =>
    new Promise((resolve, reject) =>
      httpRequest(adfs.probeUrl, (response) => resolve(response.resume().statusCode ?? 0))
        .on('error', reject)
        .end(),
    );
  expect((await ask('/FederationMetadata/2007-06/FederationMetadata.xml')).body).toContain(`entityID="${adfs.entityId}"`);
  expect((await ask('/adfs/services/trust/mex')).body).toContain('/adfs/services/trust/13/usernamemixed');
  expect((await ask('/nothing')).status).toBe(404);
  expect(await probe()).toBe(200);
  adfs.settings.serviceDown = true;
  for (const path of ['/adfs/ls/', '/FederationMetadata/2007-06/FederationMetadata.xml']) {
    const { status, body, headers } = await ask(path);
    expect(status).toBe(503);
    expect(headers.server).toBe('Microsoft-HTTPAPI/2.0');
    expect(body).toContain('HTTP Error 503. The service is unavailable.');
  }
  expect(await probe()).toBe(503);
});

test('a replaced server certificate is presented on the next connection', async () => {
  const { adfs, authority } = bench;
  const serial = (): Promise<string> =>
    new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port: adfs.port, servername: adfs.host, ca: authority.certificatePem }, () => {
        resolve(socket.getPeerCertificate().serialNumber);
        socket.destroy();
      }).on('error', reject);
    });
  const before = await serial();
  adfs.setServerCertificate(await authority.issueServerCertificate({ hosts: [adfs.host] }));
  expect(await serial()).not.toBe(before);
});
