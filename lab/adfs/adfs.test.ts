import { X509Certificate } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { SignedXml } from 'xml-crypto';
import { createClock } from '../clock';
import { findAccountByParts, findAccountByTypedName } from './accounts';
import type { LabAccount, RelyingPartyTrust } from './adfs-types';
import { createCertificateStore } from './certificate-store';
import { authenticatedValue, loopValue, readLoopValue } from './cookies';
import { createFederationMetadata } from './federation-metadata';
import { judgeLoop } from './loop-detection';
import { readRelyingPartyMetadata } from './relying-party-metadata';
import { findTrust } from './service';
import { createSsoSessions } from './sso-session';
import { workingPage } from './pages/working-page';

const day = 86_400;

test('the cookie values have the captured formats', () => {
  const time = new Date('2020-06-07T08:27:59Z');
  expect(authenticatedValue(time)).toBe('Ni83LzIwMjAgODoyNzo1OSBBTQ==');
  expect(loopValue(time, 1)).toBe('MjAyMC0wNi0wNzowODoyNzo1OVpcMQ==');
  expect(readLoopValue('MjAyMC0wNi0wNzowODoyNzo1OVpcMQ==')).toEqual({ since: time, count: 1 });
  expect(readLoopValue('bm9uc2Vuc2U=')).toBeNull();
});

test('the sixth token within twenty seconds is a loop, a later one starts anew', () => {
  const settings = { enabled: true, maxTokens: 5, intervalSeconds: 20 };
  const start = Date.parse('2026-01-01T00:00:00Z');
  let cookie: string | null = null;
  for (let second = 0; second < 5; second += 1) {
    const verdict = judgeLoop(settings, cookie, new Date(start + second * 1000));
    if (verdict.kind !== 'issue') throw new Error('expected a token');
    cookie = verdict.cookie;
  }
  expect(judgeLoop(settings, cookie, new Date(start + 5000))).toEqual({ kind: 'loop', requests: 6, seconds: 5 });
  expect(judgeLoop({ ...settings, enabled: false }, cookie, new Date(start + 5000)).kind).toBe('issue');
  expect(judgeLoop(settings, cookie, new Date(start + 20_000))).toEqual({ kind: 'issue', cookie: loopValue(new Date(start + 20_000), 1) });
});

test('the certificates follow the rollover: generated, promoted after five days, the old one removed', async () => {
  const clock = createClock();
  const store = await createCertificateStore({ serviceName: 'sts.contoso.test', clock });
  const first = store.signingPrimary;
  expect(first.notAfter.getTime() - first.notBefore.getTime()).toBe(365 * day * 1000);
  expect(first.sha1).toMatch(/^[0-9A-F]{40}$/);
  expect(store.decryptingPrimary.subject).toBe('CN=ADFS Encryption - sts.contoso.test');

  expect(await store.tick()).toBe('none');
  clock.offsetSeconds = 246 * day;
  expect(await store.tick()).toBe('generated');
  expect(store.signingPrimary).toBe(first);
  const second = store.signingSecondary!;
  clock.offsetSeconds += 4 * day;
  expect(await store.tick()).toBe('none');
  clock.offsetSeconds += 2 * day;
  expect(await store.tick()).toBe('promoted');
  expect([store.signingPrimary, store.signingSecondary]).toEqual([second, first]);
  expect(await store.tick()).toBe('none');
  await store.removeOld();
  expect(store.signingSecondary).toBeNull();
  await store.reset();
  expect(store.signingPrimary).toBe(first);
});

test('two days before the end, a missing successor is made and promoted at once; promoting twice never brings the old one back', async () => {
  const clock = createClock();
  const store = await createCertificateStore({ serviceName: 'sts.contoso.test', clock, initialAgeDays: 363.5 });
  const first = store.signingPrimary;
  expect(await store.tick()).toBe('urgent');
  const second = store.signingPrimary;
  expect(second).not.toBe(first);
  clock.offsetSeconds += 10;
  await store.promote();
  expect(store.signingPrimary).not.toBe(first);
  expect(store.signingSecondary).toBe(second);
});

test('the properties of the rollover are changed while AD FS runs, and count from its next look', async () => {
  const clock = createClock();
  const store = await createCertificateStore({ serviceName: 'sts.contoso.test', clock });
  Object.assign(store.properties, {
    autoCertificateRollover: false,
    certificateDuration: 730,
    certificateGenerationThreshold: 40,
    certificatePromotionThreshold: 9,
  });
  clock.offsetSeconds = 264 * day;
  expect(await store.tick()).toBe('none');
  store.properties.autoCertificateRollover = true;
  clock.offsetSeconds = 226 * day;
  expect(await store.tick()).toBe('generated');
  const second = store.signingSecondary!;
  expect(second.notAfter.getTime() - second.notBefore.getTime()).toBe(730 * day * 1000);
  clock.offsetSeconds += 8 * day;
  expect(await store.tick()).toBe('none');
  clock.offsetSeconds += day;
  expect(await store.tick()).toBe('promoted');
  await store.reset();
  expect(store.properties).toMatchObject({ autoCertificateRollover: true, certificateDuration: 365 });
});

test('the metadata is signed by the primary, lists both signing keys while two exist, and repeats the keys in every role', async () => {
  const store = await createCertificateStore({ serviceName: 'sts.contoso.test', clock: createClock() });
  const make = () =>
    createFederationMetadata({
      entityId: 'http://sts.contoso.test/adfs/services/trust',
      origin: 'https://sts.contoso.test:4443',
      displayName: 'Contoso',
      certificates: store,
    });
  const signerOf = (xml: string): string => {
    const signature = xml.slice(xml.indexOf('<ds:Signature'), xml.indexOf('</ds:Signature>') + '</ds:Signature>'.length);
    const base64 = /<X509Certificate>([^<]+)/.exec(signature)![1]!;
    const certificate = new X509Certificate(Buffer.from(base64, 'base64'));
    const verifier = new SignedXml({ publicCert: certificate.toString(), getCertFromKeyInfo: () => null });
    verifier.loadSignature(signature);
    expect(verifier.checkSignature(xml)).toBe(true);
    return certificate.fingerprint.replaceAll(':', '');
  };
  const before = make();
  expect(before).toMatch(/^<EntityDescriptor [^>]*><ds:Signature/);
  expect(signerOf(before)).toBe(store.signingPrimary.sha1);
  expect(before.match(/use="signing"/g)).toHaveLength(3);

  await store.generate();
  const pending = make();
  expect(pending.match(/use="signing"/g)).toHaveLength(6);
  expect(signerOf(pending)).toBe(store.signingPrimary.sha1);
  await store.promote();
  expect(signerOf(make())).toBe(store.signingPrimary.sha1);
  expect(store.signingPrimary.sha1).not.toBe(store.signingSecondary!.sha1);
});

test('a trust is found with and without the trailing slash and by nothing else', () => {
  const trust = { identifiers: ['https://internalcrm.contoso.test:4443'] } as RelyingPartyTrust;
  expect(findTrust([trust], 'https://internalcrm.contoso.test:4443/')).toBe(trust);
  expect(findTrust([trust], 'https://internalcrm.contoso.test:4443')).toBe(trust);
  expect(findTrust([trust], 'https://internalcrm.contoso.test/')).toBeNull();
  expect(findTrust([trust], '')).toBeNull();
});

test('a relying party without a usable endpoint is refused with its address', () => {
  const empty = '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="https://crm.contoso.test/"/>';
  expect(() => readRelyingPartyMetadata(empty, 'https://crm.contoso.test/metadata')).toThrow(
    /https:\/\/crm\.contoso\.test\/metadata: expected a PassiveRequestorEndpoint/,
  );
});

test('accounts are found by DOMAIN\\user, user@domain and, over NTLM, the bare name', () => {
  const account: LabAccount = { user: 'CONTOSO\\probe', upn: 'probe@contoso.test', password: 'unused', displayName: 'Probe', sid: 'S-1-5-21-1' };
  expect(findAccountByTypedName([account], 'contoso\\PROBE')).toBe(account);
  expect(findAccountByTypedName([account], 'Probe@Contoso.test')).toBe(account);
  expect(findAccountByTypedName([account], 'probe')).toBeNull();
  expect(findAccountByTypedName([account], 'OTHER\\probe')).toBeNull();
  expect(findAccountByParts([account], '', 'probe')).toBe(account);
  expect(findAccountByParts([account], 'contoso.test', 'probe')).toBe(account);
});

test('an SSO cookie is opaque, opens only where it was sealed, and ends after eight hours', () => {
  const clock = createClock();
  const sessions = createSsoSessions(clock);
  const session = { upn: 'probe@contoso.test', method: 'forms' as const, authenticatedAt: clock.now().toISOString(), requestId: null };
  const value = sessions.seal(session);
  expect(Buffer.from(value, 'base64').toString('latin1')).not.toContain('probe');
  expect(sessions.open(value)).toEqual(session);
  expect(createSsoSessions(clock).open(value)).toBeNull();
  expect(sessions.open('not a session')).toBeNull();
  clock.offsetSeconds = 8 * 3600 + 1;
  expect(sessions.open(value)).toBeNull();
});

test('the auto-POST page is the captured one, byte for byte', () => {
  expect(workingPage('https://host:443/', '<t a="1">&</t>', 'rm=1&id=x')).toBe(
    '<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="https://host:443/">' +
      '<input type="hidden" name="wa" value="wsignin1.0" /><input type="hidden" name="wresult" value="&lt;t a=&quot;1&quot;>&amp;&lt;/t>" />' +
      '<input type="hidden" name="wctx" value="rm=1&amp;id=x" /><noscript><p>Script is disabled. Click Submit to continue.</p>' +
      '<input type="submit" value="Submit" /></noscript></form>' +
      '<script language="javascript">window.setTimeout(\'document.forms[0].submit()\', 0);</script></body></html>',
  );
});
