import { readFileSync } from 'node:fs';
import { test, expect } from '@playwright/test';
import { causeIds, type CauseId } from '../../contracts/causes';
import { createTestClient, type TestAnswer, type TestClient } from '../client-for-tests';
import { startLab, type Lab } from '../start-lab';
import { faults } from './index';

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

/** What a client meets at each fault; called once per route. */
const effects: Readonly<Record<CauseId, (url: string) => Promise<void>>> = {
  'adfs-signing-cert-rolled': refusedWith('ID4175'),
  'adfs-signing-cert-secondary-pending': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
  },
  'crm-encryption-cert-changed-rp-stale': refusedWith('ID4022'),
  'adfs-issuer-name-changed': refusedWith('ID4175'),
  'audience-realm-mismatch': refusedWith('ID1038'),
  'clock-skew-crm-vs-adfs': refusedWith('ID4222'),
  'rp-identifier-missing': async (url) => {
    const answer = await signIn(url);
    expect(answer.url).toContain('/adfs/ls/');
    expect(answer.text).toContain('An error occurred');
  },
  'wrong-password': async (url) => {
    expect((await signIn(url)).text).toContain('Incorrect user ID or password.');
  },
  'mfa-required-for-probe': async (url) => {
    expect((await signIn(url)).text).toContain('we require additional information');
  },
  // The client asks for the form on both routes, which is unaffected; the Windows refusal needs a browser.
  'wia-spn-missing-or-duplicate': async (url) => {
    expect((await signIn(url)).headers['set-cookie']?.join()).toContain('MSISAuth=');
    const wia = await newClient().get(`${lab.urls.sts}/adfs/ls/wia?wa=wsignin1.0&wtrealm=${encodeURIComponent(lab.crm.addresses.internal)}`);
    expect(wia.status).toBe(401);
  },
  'tls-cert-expired': async (url) => {
    await expect(signIn(url)).rejects.toMatchObject({ code: 'CERT_HAS_EXPIRED' });
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
};

for (const id of causeIds)
  test(`${id} breaks sign-in by its own mechanism and is cleared without a trace`, async () => {
    expect(faults[id].id).toBe(id);
    await lab.setFaults([id]);
    expect(lab.state().faults).toEqual([id]);
    expect(lab.state().obstacles.length > 0).toBe(id !== 'adfs-signing-cert-secondary-pending');
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
