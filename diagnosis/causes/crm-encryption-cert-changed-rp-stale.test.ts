import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { crmEncryption, crmEncryptionNew, crmMetadata, failed, refused, sample, token, upToToken } from '../testing/sample-evidence';
import { crmEncryptionCertChangedRpStale as rule } from './crm-encryption-cert-changed-rp-stale';

test('confirmed when the serial in the token is not the one CRM publishes', () => {
  const { outcome, text } = judged(rule, refused('ifd', { crmMetadata: crmMetadata('ifd', crmEncryptionNew) }, 'http-401'));
  expect(outcome).toBe('confirmed');
  expect(text).toContain(crmEncryption.serial);
  expect(text).toContain(crmEncryptionNew.serial);
});

test('the serial decides, however the issuer is written', () => {
  const written = token('ifd', { encryptedFor: { issuer: 'C=US, O="Contoso, Ltd", CN=Contoso Issuing CA', serial: `0${crmEncryption.serial}` } });
  expect(judged(rule, refused('ifd', { token: written })).outcome).toBe('clear');
});

test('clear when serials match, the token is not encrypted, ID4175 is shown, or the sign-in ended earlier', () => {
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { token: token('ifd', { encrypted: false, encryptedFor: null }) })).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', {}, 'error-page', 'ID4175: x')).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('credentials'), exchanges: upToToken('ifd') })).outcome).toBe('clear');
});

test('probable by the text alone; cannot tell without CRM metadata and text', () => {
  const text =
    'An encrypted security token was received at the relying party which could not be decrypted. ' +
    'Configure the relying party with a suitable decryption certificate.';
  expect(judged(rule, refused('ifd', { crmMetadata: null }, 'error-page', text)).outcome).toBe('probable');
  expect(judged(rule, refused('ifd', { crmMetadata: null })).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', {}, 'error-page', text)).outcome).toBe('cannot-tell');
});
