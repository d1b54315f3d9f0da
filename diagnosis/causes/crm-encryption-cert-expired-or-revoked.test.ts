import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { authority, certificate, crmMetadata, failed, page, refused, sample, sibling, upToToken } from '../testing/sample-evidence';
import { crmEncryptionCertExpiredOrRevoked as rule } from './crm-encryption-cert-expired-or-revoked';

const ended = certificate('*.contoso.com (ended)', {
  issuer: authority,
  selfSigned: false,
  notBefore: '2025-02-28T00:00:00.000Z',
  notAfter: '2026-02-28T00:00:00.000Z',
});
const error = (over = {}, texts: Record<string, string> = { relyingParty: 'Relying party: CRM IFD' }) =>
  sample('ifd', {
    journey: failed('token-issue'),
    exchanges: upToToken('ifd'),
    token: null,
    crmMetadata: crmMetadata('ifd', ended),
    pages: [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 4, texts: { message: 'An error occurred.', ...texts } })],
    ...over,
  });

test('probable when the certificate has ended and the error page comes after the credentials', () => {
  const { outcome, text } = judged(rule, error());
  expect(outcome).toBe('probable');
  for (const words of ['2026-02-28', ended.serial, 'CRM IFD', 'event 317']) expect(text).toContain(words);
});

test('only suspected when another route signs in, or only the last good sign-in knows the certificate', () => {
  expect(judged(rule, error(), [sibling({ route: 'internal', signedIn: 'yes' })]).outcome).toBe('suspected');
  const known = { ...sample().lastGood!, crmKeys: [{ certificate: ended, use: 'encryption' as const }] };
  expect(judged(rule, error({ crmMetadata: null, lastGood: known })).outcome).toBe('suspected');
});

test('clear before the credentials, for a blank relying party, another code, an issued token, and a valid self-signed certificate', () => {
  expect(judged(rule, error({ journey: failed('sts-page', { credentialSubmissions: 0 }), exchanges: upToToken('ifd').slice(0, 2) })).outcome).toBe('clear');
  expect(judged(rule, error({}, { relyingParty: 'Relying party:' })).outcome).toBe('clear');
  expect(judged(rule, error({}, { message: 'MSIS3020: could not be located' })).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, error({ crmMetadata: crmMetadata('ifd', certificate('own')) })).outcome).toBe('clear');
});

test('cannot tell revocation of a valid certificate, or without the certificate', () => {
  expect(judged(rule, error({ crmMetadata: crmMetadata('ifd') })).outcome).toBe('cannot-tell');
  expect(judged(rule, error({ crmMetadata: null, lastGood: null })).outcome).toBe('cannot-tell');
});
