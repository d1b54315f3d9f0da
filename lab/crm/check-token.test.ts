import { X509Certificate } from 'node:crypto';
import { test, expect } from '@playwright/test';
import { createKeyPair } from '../tls/self-signed';
import { checkToken } from './check-token';
import type { CrmConfiguration, KeyPair } from './crm-types';
import { wresultOf, type TestToken } from './token-for-tests';

const issuer = 'http://sts.contoso.test/adfs/services/trust';
const audience = 'https://internalcrm.contoso.test:4443/';
const now = new Date('2026-03-02T20:07:22Z');
let signing: KeyPair;
let otherSigning: KeyPair;
let encryption: KeyPair;
let otherEncryption: KeyPair;

test.beforeAll(async () => {
  const pair = (commonName: string): Promise<KeyPair> => createKeyPair({ commonName, notBefore: new Date('2026-01-01T00:00:00Z'), days: 365 });
  [signing, otherSigning, encryption, otherEncryption] = await Promise.all([pair('ADFS Signing - a'), pair('ADFS Signing - b'), pair('crm a'), pair('crm b')]);
});

const configuration = (): CrmConfiguration => ({
  claimsEnabled: true,
  ifdEnabled: true,
  encryption,
  sts: { metadataUrl: '', signInUrl: '', issuerName: issuer, trustedThumbprint: new X509Certificate(signing.certPem).fingerprint.replaceAll(':', '') },
});
const check = (change: Partial<TestToken> = {}) =>
  checkToken({
    wresult: wresultOf({ signing, encryptFor: encryption, issuer, audience, notBefore: now, ...change }),
    configuration: configuration(),
    audiences: [audience],
    now,
  });
const idOf = (change: Partial<TestToken>): string | null => {
  const verdict = check(change);
  return verdict.ok ? 'accepted' : verdict.id;
};

test('a good token is accepted, encrypted or readable, and gives up its UPN', () => {
  expect(check()).toMatchObject({ ok: true, token: { upn: 'probe@contoso.test' } });
  expect(check({ encryptFor: null })).toMatchObject({ ok: true, token: { upn: 'probe@contoso.test' } });
});

test('a token of a signing certificate that CRM does not hold is refused with the KB sentence', () => {
  expect(check({ signing: otherSigning })).toEqual({
    ok: false,
    id: 'ID4175',
    text:
      'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry. To accept security tokens from this issuer, ' +
      'configure the IssuerNameRegistry to return a valid name for this issuer.',
  });
  expect(idOf({ issuer: 'http://other.contoso.test/adfs/services/trust' })).toBe('ID4175');
});

test('the times of a refusal are in its text', () => {
  expect(check({ notBefore: new Date(now.getTime() + 10 * 60_000) })).toMatchObject({
    id: 'ID4222',
    text: expect.stringContaining("NotBefore: '3/2/2026 8:17:22 PM'\r\nCurrent time: '3/2/2026 8:07:22 PM'"),
  });
  expect(check({ notBefore: new Date(now.getTime() - 70 * 60_000) })).toMatchObject({
    id: 'ID4223',
    text: expect.stringContaining('SamlAssertion.NotOnOrAfter'),
  });
});

test('four minutes of skew in either direction are tolerated', () => {
  expect(idOf({ notBefore: new Date(now.getTime() + 4 * 60_000) })).toBe('accepted');
  expect(idOf({ notBefore: new Date(now.getTime() - 64 * 60_000) })).toBe('accepted');
});

test('the audience must match to the last character', () => {
  expect(idOf({ audience: audience.slice(0, -1) })).toBe('ID1038');
  expect(idOf({ audience: audience.toUpperCase() })).toBe('ID1038');
});

test('an earlier failure hides the later ones: decrypt, signature, time, audience, issuer', () => {
  const issuerFault: Partial<TestToken> = { signing: otherSigning };
  const audienceFault: Partial<TestToken> = { ...issuerFault, audience: 'https://other/' };
  const timeFault: Partial<TestToken> = { ...audienceFault, notBefore: new Date(now.getTime() + 3_600_000) };
  const signatureFault: Partial<TestToken> = { ...timeFault, keyInfo: false };
  const decryptFault: Partial<TestToken> = { ...signatureFault, encryptFor: otherEncryption };
  expect([issuerFault, audienceFault, timeFault, signatureFault, decryptFault].map(idOf)).toEqual(['ID4175', 'ID1038', 'ID4222', 'ID4037', 'ID4022']);
});

test('a changed assertion fails at its digest', () => {
  expect(idOf({ tamper: (text) => text.replace('probe@contoso.test', 'admin@contoso.test') })).toBe('ID6018');
});

test('what is no token at all is refused in words, never with an exception', () => {
  const read = (wresult: string) => checkToken({ wresult, configuration: configuration(), audiences: [audience], now });
  expect(read('')).toMatchObject({ ok: false });
  expect(read('<a><b></a>')).toMatchObject({ ok: false });
  expect(read('<!DOCTYPE a><a/>')).toMatchObject({ ok: false, text: 'For security reasons DTD is prohibited in this XML document.' });
  expect(read('<a/>')).toMatchObject({ ok: false, id: 'ID4014' });
});
