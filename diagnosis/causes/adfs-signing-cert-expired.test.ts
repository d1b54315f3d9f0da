import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { certificate, clocks, failed, newSigning, page, refused, sample, sibling, stsMetadata, upToToken } from '../testing/sample-evidence';
import { adfsSigningCertExpired as rule } from './adfs-signing-cert-expired';

const ended = certificate('ADFS Signing - sts.contoso.com (ended)', { notBefore: '2025-03-01T00:00:00.000Z', notAfter: '2026-03-01T00:00:00.000Z' });
const error = (over = {}) =>
  sample('ifd', {
    journey: failed('token-issue'),
    exchanges: upToToken('ifd'),
    token: null,
    stsMetadata: stsMetadata(ended),
    pages: [
      page(1, {
        kind: 'sts-error',
        url: 'https://sts.contoso.com/adfs/ls/',
        exchange: 4,
        texts: { message: 'An error occurred.', relyingParty: 'Relying party: CRM IFD' },
      }),
    ],
    ...over,
  });

test('probable when the primary has ended by the clock of AD FS and the error page comes after the credentials', () => {
  const { outcome, text } = judged(rule, error());
  expect(outcome).toBe('probable');
  for (const words of ['2026-03-01', 'rollover is off or failed', 'after the credentials']) expect(text).toContain(words);
  expect(judged(rule, error({ stsMetadata: stsMetadata(ended, newSigning) })).text).toContain('was not promoted');
});

test('only suspected when the page comes before the credentials', () => {
  const before = { journey: failed('sts-page', { credentialSubmissions: 0 }), exchanges: upToToken('ifd').slice(0, 2) };
  expect(judged(rule, error(before)).outcome).toBe('suspected');
});

test('clear while it is valid by the clock of AD FS, when tokens are issued, for another code, and when another route signs in', () => {
  expect(judged(rule, error({ stsMetadata: stsMetadata() })).outcome).toBe('clear');
  expect(judged(rule, error({ clocks: clocks(0).map((clock) => ({ ...clock, offsetMs: -3 * 86_400_000 })) })).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { stsMetadata: stsMetadata(ended) })).outcome).toBe('clear');
  expect(judged(rule, error(), [sibling({ route: 'internal', signedIn: 'yes' })]).outcome).toBe('clear');
  const coded = [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 4, texts: { message: 'MSIS3020: could not be located' } })];
  expect(judged(rule, error({ pages: coded })).outcome).toBe('clear');
});

test('cannot tell without the metadata', () => expect(judged(rule, error({ stsMetadata: null })).outcome).toBe('cannot-tell'));
