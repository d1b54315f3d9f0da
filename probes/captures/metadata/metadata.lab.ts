import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Target } from '../../../contracts/target';
import { createLookup } from '../../network/lookup';
import { testAuthority, testServerCertificate } from '../../testing/test-certificates';
import { httpsServer, type TestServer } from '../../testing/test-server';
import { captureCrmMetadata } from './crm-metadata';
import type { FetchContext } from './fetch-document';
import { captureStsMetadata } from './sts-metadata';
import { captureWsdl } from './wsdl';

const path = '/FederationMetadata/2007-06/FederationMetadata.xml';
const document = join(__dirname, '..', '..', '..', '..', 'shared', 'corpus', 'metadata', 'adfs-v4.xml');
const hosts = ['sts', 'internalcrm', 'contoso', 'auth'].map((name) => `${name}.contoso.test`);

let server: TestServer;
let context: (route: 'internal' | 'ifd') => FetchContext;
/** host + path → body; anything else is 404. */
let documents: Record<string, string | Buffer>;
let asked: string[];

test.beforeEach(async ({}, info) => {
  documents = {};
  asked = [];
  const root = await testAuthority('Test root');
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(info.outputPath('ca.pem'), root.cert);
  server = await httpsServer(await testServerCertificate(hosts, { signedBy: root }), (request, response) => {
    const name = `${request.headers.host?.split(':')[0]}${request.url}`;
    asked.push(name);
    const body = documents[name];
    if (body === undefined) response.writeHead(404).end('not here');
    else response.end(body);
  });
  context = (route) => {
    const origin = (name: string): string => `https://${name}.contoso.test:${server.port}`;
    const url = `${origin(route === 'ifd' ? 'contoso' : 'internalcrm')}/Contoso/main.aspx`;
    const target: Target = {
      name: 'contoso',
      route,
      url,
      stsOrigin: origin('sts'),
      account: { kind: 'windows-current' },
      expect: { user: null, organization: null },
      signedInSelector: null,
      api: true,
      metadata: { sts: origin('sts') + path, crm: new URL(url).origin + path },
      metadataCrmConfigured: false,
      caFile: info.outputPath('ca.pem'),
      resolve: Object.fromEntries(hosts.map((host) => [host, '127.0.0.1'])),
      dns: null,
      nodes: {},
      rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
      warnDays: 30,
      deadlineMs: 60_000,
      configFolder: info.outputDir,
    };
    return { target, lookup: createLookup(target) };
  };
});
test.afterEach(() => server.close());

test("AD FS's metadata is read with its signer, and its answer gives a clock reading", async () => {
  test.skip(!existsSync(document), 'the shared corpus is not here');
  documents[`sts.contoso.test${path}`] = readFileSync(document);
  const { metadata, dateSample, text } = await captureStsMetadata(context('internal'));
  expect(metadata).toMatchObject({ ok: true, signature: { status: 'valid' } });
  expect(metadata.ok && metadata.signature.signerSha1).toMatch(/^[0-9A-F]{40}$/);
  expect(dateSample).toMatchObject({ host: 'sts.contoso.test' });
  expect(text).toContain('EntityDescriptor');
});

test('no metadata, something else in its place and no answer say why', async () => {
  expect(await captureStsMetadata(context('internal'))).toMatchObject({
    metadata: { ok: false, status: 404, why: 'Expected the federation metadata (status 200), found status 404.' },
    text: null,
  });
  documents[`sts.contoso.test${path}`] = '<html><body>Sign in</body></html>';
  expect(await captureStsMetadata(context('internal'))).toMatchObject({ metadata: { ok: false, status: 200 } });
  const { target, lookup } = context('internal');
  await server.close();
  expect(await captureStsMetadata({ target, lookup })).toMatchObject({
    metadata: { ok: false, status: null, why: expect.stringContaining('refused') },
    dateSample: null,
  });
});

test("for IFD the auth host is asked when the organization's own has no metadata; a configured address is the only one", async () => {
  test.skip(!existsSync(document), 'the shared corpus is not here');
  documents[`auth.contoso.test${path}`] = readFileSync(document);
  const ifd = context('ifd');
  expect((await captureCrmMetadata(ifd)).metadata).toMatchObject({ ok: true, url: `https://auth.contoso.test:${server.port}${path}` });
  expect((await captureCrmMetadata({ ...ifd, target: { ...ifd.target, metadataCrmConfigured: true } })).metadata).toMatchObject({ ok: false, status: 404 });
  expect((await captureCrmMetadata(context('internal'))).metadata).toMatchObject({ ok: false, url: `https://internalcrm.contoso.test:${server.port}${path}` });
});

test("CRM's WSDL is looked for under the organization, then on the host", async () => {
  const service = '/XRMServices/2011/Organization.svc?wsdl=wsdl0';
  documents[`internalcrm.contoso.test${service}`] =
    '<d:definitions xmlns:d="urn:d"><x:AuthenticationPolicy xmlns:x="urn:x">' +
    '<x:Authentication>Federation</x:Authentication></x:AuthenticationPolicy></d:definitions>';
  const { wsdl, dateSample } = await captureWsdl(context('internal'));
  expect(wsdl).toEqual({ ok: true, url: `https://internalcrm.contoso.test:${server.port}${service}`, authentication: 'Federation', identifier: null });
  expect(dateSample?.host).toBe('internalcrm.contoso.test');
  expect(asked).toEqual([`internalcrm.contoso.test/Contoso${service}`, `internalcrm.contoso.test${service}`]);
  expect((await captureWsdl(context('ifd'))).wsdl).toMatchObject({ ok: false, status: 404 });
});
