import { readFileSync } from 'node:fs';
import { test, expect } from '@playwright/test';
import { createTestClient, type TestClient } from '../client-for-tests';
import { startLab, type Lab } from '../start-lab';
import { wresultOf } from './token-for-tests';

let lab: Lab;
test.beforeAll(async () => {
  lab = await startLab();
});
test.afterAll(() => lab?.close());

const newClient = (): TestClient => createTestClient(lab, readFileSync(lab.ca, 'utf8'));
const parametersOf = (address: string | null): URLSearchParams => new URL(address ?? 'x:').searchParams;

test('the redirect names the requested host with its port, and the organization only where the path names it', async () => {
  const client = newClient();
  const { internal, organization } = lab.crm.addresses;
  const root = await client.get(internal);
  expect(parametersOf(root.location).get('wtrealm')).toBe(internal);
  expect(parametersOf(root.location).get('wctx')).toMatch(/&ru=%2fdefault\.aspx&crmorgid=00000000-0000-0000-0000-000000000000$/);
  const named = await client.get(`${internal}Contoso/`);
  expect(parametersOf(named.location).get('wctx')).toContain(`&ru=%2fContoso%2fdefault.aspx&crmorgid=${lab.crm.organization.id}`);
  const ifd = await client.get(`${organization}main.aspx?etc=2`);
  expect(parametersOf(ifd.location).get('wtrealm')).toBe(organization);
  expect(new URLSearchParams(parametersOf(ifd.location).get('wctx') ?? '').get('ru')).toBe(`${organization}main.aspx?etc=2`);
  expect(root.headers['set-cookie']?.[0]).toMatch(/^ReqClientId=[0-9a-f-]{36}; /);
  expect(named.headers['set-cookie']).toBeUndefined();
});

test('a session leads from default.aspx to main.aspx and ends with sign-out', async () => {
  const client = newClient();
  await client.signIn(lab.urls.ifd);
  const { organization } = lab.crm.addresses;
  expect((await client.get(organization)).location).toBe(lab.urls.ifd);
  expect((await client.get(`${organization}api/data/v9.1/accounts`)).status).toBe(404);
  expect((await client.get(`${organization}api/data/v8.2/WhoAmI`)).text).toContain(
    `${organization}api/data/v8.2/$metadata#Microsoft.Dynamics.CRM.WhoAmIResponse`,
  );
  expect((await client.get(`${organization}nothing.aspx`)).status).toBe(404);
  const out = await client.get(`${organization}signout.aspx`);
  expect(out.location).toBe(`${lab.urls.sts}/adfs/ls/?wa=wsignout1.0`);
  expect(client.cookiesFor(lab.urls.ifd)).not.toContain('MSISAuth');
  expect((await client.get(lab.urls.ifd)).location).toContain('wsignin1.0');
});

test('a good token of somebody whom CRM does not know, or without a UPN, ends on the error page with its own code', async () => {
  const { signingPrimary } = lab.adfs.certificates;
  for (const [upn, code] of [
    ['stranger@contoso.test', '0x80040204'],
    [null, '0x80040203'],
  ] as const) {
    const client = newClient();
    const wresult = wresultOf({
      signing: signingPrimary,
      encryptFor: lab.crm.running.encryption,
      issuer: lab.adfs.entityId,
      audience: lab.crm.addresses.internal,
      notBefore: new Date(),
      upn,
    });
    const posted = await client.post(lab.crm.addresses.internal, { wa: 'wsignin1.0', wresult, wctx: 'rm=1&id=1&ru=%2fContoso%2fmain.aspx' });
    expect(posted.location).toBe(lab.urls.internal);
    expect(parametersOf((await client.get(posted.location ?? '')).location).get('ErrorCode')).toBe(code);
  }
});

test('wctx cannot send a signed-in browser to a foreign host', async () => {
  const wresult = wresultOf({
    signing: lab.adfs.certificates.signingPrimary,
    encryptFor: lab.crm.running.encryption,
    issuer: lab.adfs.entityId,
    audience: lab.crm.addresses.internal,
    notBefore: new Date(),
  });
  for (const ru of ['https://evil.example/', '//evil.example/', 'javascript:alert(1)']) {
    const posted = await newClient().post(lab.crm.addresses.internal, { wa: 'wsignin1.0', wresult, wctx: `rm=1&id=1&ru=${encodeURIComponent(ru)}` });
    expect(posted.location).toBe(lab.crm.addresses.internal);
  }
});
