import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { expect, test, type TestInfo } from '@playwright/test';
import { testAuthority, testServerCertificate, type TestIdentity } from '../testing/test-certificates';
import { closedPort, httpServer, httpsServer } from '../testing/test-server';
import { captureTls, type TlsCapture } from './tls';

const host = 'sts.contoso.test';
const dayMs = 24 * 3600 * 1000;

function caFile(info: TestInfo, ...certificates: TestIdentity[]): string {
  const path = info.outputPath('ca.pem');
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(path, certificates.map(({ cert }) => cert).join('\n'));
  return path;
}

/** The facts of a server with this certificate and these further certificates in its chain; how many requests it got. */
async function capture(identity: TestIdentity, ca: string | null, chain: readonly TestIdentity[] = []): Promise<TlsCapture & { requests: number }> {
  let requests = 0;
  const server = await httpsServer(
    identity,
    (_, response) => void (requests++, response.end()),
    chain.map(({ cert }) => cert),
  );
  try {
    return { ...(await captureTls(host, server.port, '127.0.0.1', ca)), requests };
  } finally {
    await server.close();
  }
}

test('a good certificate of a configured CA is trusted, its key may be told to the browser, and no data was sent', async ({}, info) => {
  const root = await testAuthority('Test root');
  const { facts, trustedSpki, requests } = await capture(await testServerCertificate([host, '*.crm.contoso.test'], { signedBy: root }), caFile(info, root));
  expect(facts).toMatchObject({
    host,
    address: '127.0.0.1',
    trusted: true,
    error: null,
    protocol: 'TLSv1.3',
    names: [host, '*.crm.contoso.test'],
    incomplete: false,
  });
  expect(facts.chain).toHaveLength(1);
  expect(facts.chain[0]).toMatchObject({ subject: `CN=${host}`, issuer: 'CN=Test root', selfSigned: false });
  expect(facts.chain[0]?.sha1).toMatch(/^[0-9A-F]{40}$/);
  expect(trustedSpki).toMatch(/^[A-Za-z0-9+/]{43}=$/);
  expect(requests).toBe(0);
});

test('without the CA the same certificate is untrusted and no key is told', async () => {
  const root = await testAuthority('Test root');
  const { facts, trustedSpki } = await capture(await testServerCertificate([host], { signedBy: root }), null);
  expect(facts).toMatchObject({ trusted: false, error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', incomplete: false });
  expect(facts.chain).toHaveLength(1);
  expect(trustedSpki).toBeNull();
});

test('an expired certificate, one not valid yet, and one for another name are told apart', async ({}, info) => {
  const root = await testAuthority('Test root', { notBefore: new Date(Date.now() - 100 * dayMs) });
  const ca = caFile(info, root);
  const past = { signedBy: root, notBefore: new Date(Date.now() - 50 * dayMs), notAfter: new Date(Date.now() - dayMs) };
  const expired = await capture(await testServerCertificate([host], past), ca);
  expect(expired.facts).toMatchObject({ trusted: false, error: 'CERT_HAS_EXPIRED', incomplete: false });
  expect(expired.trustedSpki).toBeNull();
  const future = await capture(await testServerCertificate([host], { signedBy: root, notBefore: new Date(Date.now() + dayMs) }), ca);
  expect(future.facts).toMatchObject({ trusted: false, error: 'CERT_NOT_YET_VALID' });
  const other = await capture(await testServerCertificate(['other.contoso.test'], { signedBy: root }), ca);
  expect(other.facts).toMatchObject({ trusted: false, error: 'ERR_TLS_CERT_ALTNAME_INVALID', names: ['other.contoso.test'] });
  expect(other.trustedSpki).toBeNull();
});

test('a self-signed certificate is named as such', async ({}, info) => {
  const { facts } = await capture(await testServerCertificate([host]), caFile(info, await testAuthority('Another root')));
  expect(facts).toMatchObject({ trusted: false, error: 'DEPTH_ZERO_SELF_SIGNED_CERT', incomplete: false });
  expect(facts.chain[0]?.selfSigned).toBe(true);
});

test('a missing intermediate is seen, also where the CA file hides it from Node; a whole chain is complete', async ({}, info) => {
  const root = await testAuthority('Test root');
  const between = await testAuthority('Test intermediate', { signedBy: root });
  const leaf = await testServerCertificate([host], { signedBy: between });
  const whole = await capture(leaf, caFile(info, root), [between]);
  expect(whole.facts).toMatchObject({ trusted: true, incomplete: false });
  expect(whole.facts.chain.map(({ subject }) => subject)).toEqual([`CN=${host}`, 'CN=Test intermediate']);
  const missing = await capture(leaf, caFile(info, root));
  expect(missing.facts).toMatchObject({ trusted: false, error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', incomplete: true });
  const hidden = await capture(leaf, caFile(info, root, between));
  expect(hidden.facts).toMatchObject({ trusted: true, incomplete: true });
  const withRoot = await capture(leaf, caFile(info, root), [between, root]);
  expect(withRoot.facts).toMatchObject({ trusted: true, incomplete: false });
  expect(withRoot.facts.chain).toHaveLength(3);
});

test('nothing listening, plain http, and a server that says nothing are told by code within the limit', async () => {
  const refused = await captureTls(host, await closedPort(), '127.0.0.1', null);
  expect(refused).toMatchObject({ facts: { trusted: false, error: 'ECONNREFUSED', chain: [], names: [], protocol: null }, trustedSpki: null });
  const plain = await httpServer((_, response) => response.end('plain'));
  const wrong = await captureTls(host, plain.port, '127.0.0.1', null);
  await plain.close();
  expect(wrong.facts.error).toMatch(/^ERR_SSL_|^EPROTO$|^ECONNRESET$/);
  const silent = createServer(() => undefined);
  await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
  const port = (silent.address() as { port: number }).port;
  const slow = await captureTls(host, port, '127.0.0.1', null, { timeoutMs: 200, signal: AbortSignal.timeout(1000) });
  expect(slow.facts).toMatchObject({ trusted: false, error: expect.stringMatching(/ETIMEDOUT|EABORTED/) });
  silent.close();
});
