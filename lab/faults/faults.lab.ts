import { readFileSync } from 'node:fs';
import { test, expect } from '@playwright/test';
import { expectedVerdict } from '../../runs/testing/fault-expectations';
import type { FaultId } from '../lab-types';
import { createTestClient, type TestAnswer, type TestClient } from '../client-for-tests';
import { fetchText } from '../fetch-text';
import { startLab, type Lab } from '../start-lab';
import { faultIds, faults } from './index';

let lab: Lab;
let before: ReturnType<Lab['state']>;
test.beforeAll(async () => {
  lab = await startLab();
  before = lab.state();
});
test.afterAll(() => lab?.close());

const newClient = (): TestClient => createTestClient(lab, readFileSync(lab.ca, 'utf8'));
const detailsOf = ({ location }: TestAnswer): string => new URL(location ?? 'x:').searchParams.get('Parm0') ?? '';
const signIn = (url: string): Promise<TestAnswer> => newClient().signIn(url);
const refusedWith =
  (id: string) =>
  async (url: string): Promise<void> => {
    expect(detailsOf(await signIn(url))).toContain(`Error Details: ${id}: `);
  };

/** AD FS takes the credentials, then shows its error page; the reason stands in its log. */
const afterCredentials =
  (code: string) =>
  async (url: string): Promise<void> => {
    const answer = await signIn(url);
    expect(answer.text).toContain('An error occurred');
    expect(lab.adfs.log.at(-1)?.code).toBe(code);
  };

/** The page behind a token that CRM has taken. */
const pageAfter = async (url: string): Promise<TestAnswer> => {
  const client = newClient();
  return client.get((await client.signIn(url)).location ?? '');
};

/** What a client meets at each fault; called once per route. */
const effects: Readonly<Record<FaultId, (url: string) => Promise<void>>> = {
  'adfs-directory-failure': afterCredentials('MSIS7012'),
  'claims-provider-certificate-unknown': afterCredentials('ID4175'),
  'claims-provider-method-refused': afterCredentials('MSIS7102'),
  'crm-ifd-domain-malformed': async () => {
    const answer = await newClient().get(lab.urls.ifd);
    expect([answer.status, answer.text]).toEqual([500, expect.stringContaining('UpdateRedirectingEventArgs')]);
  },
  'token-replayed': refusedWith('System.IdentityModel.Tokens.SecurityTokenReplayDetectedException'),
  'wap-preauthentication': async (url) => {
    const { location } = await newClient().get(url);
    expect(location).toContain('realm=urn%3AAppProxy%3Acom');
    expect((await newClient().get(location ?? '')).text).toContain('An error occurred');
  },
  'adfs-signing-cert-rolled': refusedWith('ID4175'),
  'adfs-signing-cert-secondary-pending': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
  },
  'crm-encryption-cert-changed-rp-stale': refusedWith('ID4022'),
  // DNS gives the unsynchronised node first.
  'adfs-farm-nodes-inconsistent': refusedWith('ID4175'),
  'adfs-issuer-name-changed': refusedWith('ID4175'),
  'audience-realm-mismatch': refusedWith('ID1038'),
  'clock-skew-crm-vs-adfs': refusedWith('ID4222'),
  'rp-identifier-missing': async (url) => {
    const answer = await signIn(url);
    expect(answer.url).toContain('/adfs/ls/');
    expect(answer.text).toContain('An error occurred');
  },
  'session-lifetime-reprompt': async (url) => {
    const client = newClient();
    const answer = await client.signIn(url);
    expect((await client.follow(answer.location ?? '')).status).toBe(200);
    lab.setClock('crm', 11 * 60);
    expect((await client.get(url)).location).toContain('/adfs/ls/?wa=wsignin1.0');
    lab.setClock('crm', 0);
  },
  'wrong-password': async (url) => {
    expect((await signIn(url)).text).toContain('Incorrect user ID or password.');
  },
  'account-locked-disabled-restricted': async (url) => {
    expect((await signIn(url)).text).toContain('Incorrect user ID or password.');
  },
  'password-expired-or-must-change': async (url) => {
    const answer = await signIn(url);
    expect(answer.url).toContain('/adfs/portal/updatepassword/');
    expect(answer.text).toContain('id="updatePasswordArea"');
  },
  'adfs-s4u-silent-loop': async () => {
    const client = newClient();
    const answer = await client.signIn(lab.urls.ifd);
    expect(client.cookiesFor(answer.url)).toContain('MSISAuth');
    expect(answer.text).toContain('id="loginForm"');
    expect(answer.text).not.toContain('Incorrect');
  },
  'crm-user-missing-disabled-or-no-role': async (url) => {
    const client = newClient();
    const posted = await client.signIn(url);
    expect(client.cookiesFor(url)).toContain('MSISAuth');
    expect((await client.follow(posted.location ?? '')).url).toContain('ErrorCode=0x80040225');
  },
  'upn-or-account-renamed-lsa-cache': async (url) => {
    const client = newClient();
    const posted = await client.signIn(url);
    expect(client.cookiesFor(url)).toContain('MSISAuth');
    expect((await client.follow(posted.location ?? '')).url).toContain('ErrorCode=0x80040204');
  },
  'mfa-required-for-probe': async (url) => {
    expect((await signIn(url)).text).toContain('we require additional information');
  },
  // The client asks for the form on both routes, which is unaffected; the Windows refusal needs a browser.
  'hrd-page-shown': async (url) => {
    const answer = await signIn(url);
    expect(answer.text).toContain('Home Realm Discovery');
    expect(answer.text).toContain("HRD.selection('AD AUTHORITY')");
  },
  'wia-spn-missing-or-duplicate': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
    const wia = await newClient().get(`${lab.urls.sts}/adfs/ls/wia?wa=wsignin1.0&wtrealm=${encodeURIComponent(lab.crm.addresses.internal)}`);
    expect(wia.status).toBe(401);
  },
  // The device itself is seen here; that it breaks Windows sign-in takes a browser, which binds its answer to the channel.
  'wia-extended-protection-tls-interception': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
    expect(await lab.dns.lookup('sts.contoso.test')).toBe('127.0.0.2');
  },
  'wia-user-agent-not-supported': async () => {
    const answer = await newClient().follow(lab.urls.internal);
    expect(answer.text).toContain('id="loginForm"');
  },
  // The servers are as ever; it is the client that has nothing to answer with.
  'wia-intranet-zone-not-configured': async () => {
    expect((await signIn(lab.urls.ifd)).headers['set-cookie']?.join()).toContain('MSISAuth=');
    expect(readFileSync(lab.config, 'utf8')).toContain('windows: current');
  },
  'ntlm-loopback-check': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
    expect(await lab.dns.lookup('sts.contoso.test')).toBe('127.0.0.2');
  },
  'request-header-too-long': async (url) => {
    const client = newClient();
    const posted = await client.signIn(url);
    const answer = await client.get(posted.location ?? '');
    expect(answer.status).toBe(400);
    expect(answer.text).toContain('Request Too Long');
  },
  'tls-cert-expired': async (url) => {
    await expect(signIn(url)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
  },
  'tls-name-mismatch': async (url) => {
    await expect(signIn(url)).rejects.toMatchObject({ code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  },
  'tls-protocol-disabled': async (url) => {
    await expect(signIn(url)).rejects.toMatchObject({ message: expect.stringContaining('tlsv1 alert protocol version') });
  },
  'tls-untrusted-chain': async (url) => {
    await expect(signIn(url)).rejects.toMatchObject({ code: expect.stringMatching(/UNABLE_TO_(GET_ISSUER_CERT|VERIFY)|SELF_SIGNED/) });
  },
  'dns-missing-or-wrong-target': async () => {
    await expect(lab.dns.lookup('sts.contoso.test')).rejects.toMatchObject({ code: 'ENOTFOUND' });
  },
  'adfs-service-down': async (url) => {
    expect((await signIn(url)).status).toBe(503);
  },
  'wap-proxy-trust-broken': async (url) => {
    expect((await signIn(url)).status).toBe(503);
    expect(await fetchText(lab.adfs.metadataUrl, { ca: readFileSync(lab.ca, 'utf8'), lookup: async () => '127.0.0.1' })).toContain('EntityDescriptor');
  },
  'wap-congestion-or-adfs-slow': async (url) => {
    const client = newClient();
    expect((await client.follow(url)).status).not.toBe(503);
    expect((await client.signIn(url)).status).toBe(503);
  },
  'crm-internal-error': async (url) => {
    expect((await pageAfter(url)).location).toContain('ErrorCode=0x80040216');
  },
  'crm-organization-disabled': async (url) => {
    expect((await pageAfter(url)).status).toBe(404);
  },
  'farm-session-key-mismatch': async (url) => {
    expect((await pageAfter(url)).location).toContain('/adfs/ls/?wa=wsignin1.0');
  },
  'iis-binding-host-header': async (url) => {
    const answer = await newClient().get(url);
    if (url === lab.urls.internal) return expect(answer.location).toContain('/adfs/ls/?wa=wsignin1.0');
    expect(answer.status).toBe(400);
    expect(answer.headers.server).toBe('Microsoft-HTTPAPI/2.0');
  },
  'token-post-blocked': async (url) => {
    const answer = await signIn(url);
    expect(answer.status).toBe(403);
    expect(answer.headers.via).toBe('1.1 gateway');
  },
  'msisauth-cookie-collision': async (url) => {
    const client = newClient();
    const posted = await client.signIn(url);
    const page = await client.get(posted.location ?? '');
    if (url === lab.urls.internal) return expect(page.status).toBe(200);
    expect((await client.follow(page.location ?? '')).text).toContain('name="Password"');
  },
  'crm-app-pool-down': async (url) => {
    const answer = await newClient().get(url);
    expect(answer.status).toBe(503);
    expect(answer.headers.server).toBe('Microsoft-HTTPAPI/2.0');
    expect(answer.text).toContain('HTTP Error 503. The service is unavailable.');
  },
  'cookies-blocked-or-context-lost': async (url) => {
    const client = newClient();
    const posted = await client.signIn(url);
    expect(posted.headers['set-cookie']?.join()).toContain('domain=crm.contoso.invalid');
    expect(client.cookiesFor(url)).not.toContain('MSISAuth');
    expect((await client.get(posted.location ?? '')).location).toContain('/adfs/ls/?wa=wsignin1.0');
  },
  'adfs-loop-detected-msis7042': async (url) => {
    const client = newClient();
    expect((await client.signIn(url)).location).toContain('/adfs/ls/?wa=wsignin1.0');
    expect((await client.signIn(url)).text).toContain('An error occurred');
    expect(lab.adfs.log.at(-1)?.code).toBe('MSIS7042');
  },
  'crm-claims-disabled-or-half-reconfigured': async (url) => {
    const answer = await newClient().get(url);
    expect(answer.status).toBe(401);
    expect(answer.headers['www-authenticate']).toContain('Negotiate');
  },
  'crm-encryption-key-inaccessible': async (url) => {
    expect(detailsOf(await signIn(url))).toContain('Keyset does not exist');
    expect((await newClient().get(`${new URL(url).origin}/FederationMetadata/2007-06/FederationMetadata.xml`)).status).toBe(500);
  },
  'crm-validates-signing-chain': refusedWith('ID4257'),
  'rp-trust-disabled': async (url) => {
    expect((await signIn(url)).text).toContain('An error occurred');
    expect(lab.adfs.log.at(-1)?.code).toBe('MSIS7007');
  },
  'requested-auth-method-not-enabled': async (url) => {
    expect((await signIn(url)).text).toContain('An error occurred');
    expect(lab.adfs.log.at(-1)?.code).toBe('MSIS7102');
  },
  'malformed-passive-request': async (url) => {
    expect((await signIn(url)).url).toMatch(/\/adfs\/ls\/$/);
    expect(lab.adfs.log.at(-1)?.code).toBe('MSIS7065');
  },
  'adfs-issuance-authorization-denied': afterCredentials('MSIS5007'),
  'crm-encryption-cert-expired-or-revoked': afterCredentials('event-317'),
  'adfs-signing-cert-expired': afterCredentials('event-385'),
  'rp-passive-endpoint-mismatch': async (url) => {
    await expect(signIn(url)).rejects.toMatchObject({ message: expect.stringContaining('ENOTFOUND oldcrm.contoso.test') });
  },
  'claim-rules-missing-upn': async (url) => {
    const client = newClient();
    const posted = await client.signIn(url);
    expect(posted.headers['set-cookie']?.join()).toContain('MSISAuth=');
    expect((await client.get(posted.location ?? '')).location).toContain('ErrorCode=0x80040203');
  },
  'adfs-decrypting-cert-rolled': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
  },
  'proxy-clock-skew': async (url) => {
    const { status, headers } = await signIn(url);
    expect(status).toBe(503);
    expect(Math.abs(Date.now() - 20 * 60_000 - new Date(headers.date ?? '').getTime())).toBeLessThan(60_000);
    expect(await fetchText(lab.adfs.metadataUrl, { ca: readFileSync(lab.ca, 'utf8'), lookup: async () => '127.0.0.1' })).toContain('EntityDescriptor');
  },
};

/** Faults that leave sign-in working. */
const stillWorks: readonly FaultId[] = faultIds.filter((id) => expectedVerdict(id) === 'at-risk');

for (const id of faultIds)
  test(`${id} breaks sign-in by its own mechanism and is cleared without a trace`, async () => {
    expect(faults[id].id).toBe(id);
    await lab.setFaults([id]);
    expect(lab.state().faults).toEqual([id]);
    expect(lab.state().obstacles.length > 0).toBe(!stillWorks.includes(id));
    for (const url of [lab.urls.internal, lab.urls.ifd]) await effects[id](url);
    await lab.setFaults([]);
    const { certificates, adfs, crm, obstacles } = lab.state();
    expect({ certificates, adfs, obstacles, crm: { ...crm, lastRefusal: null } }).toEqual({
      certificates: before.certificates,
      adfs: before.adfs,
      obstacles: [],
      crm: { ...before.crm, lastRefusal: null },
    });
    expect((await signIn(lab.urls.ifd)).headers['set-cookie']?.join()).toContain('MSISAuth=');
  });

test('with several faults at once the earlier check hides the later one', async () => {
  await lab.setFaults(['adfs-signing-cert-rolled', 'clock-skew-crm-vs-adfs']);
  await refusedWith('ID4222')(lab.urls.internal);
  await lab.setFaults(['adfs-signing-cert-rolled', 'clock-skew-crm-vs-adfs', 'crm-encryption-cert-changed-rp-stale']);
  await refusedWith('ID4022')(lab.urls.internal);
  await lab.setFaults(['adfs-signing-cert-rolled', 'audience-realm-mismatch']);
  await refusedWith('ID1038')(lab.urls.ifd);
  await lab.setFaults([]);
});
