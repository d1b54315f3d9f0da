import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { certificate, crmMetadata, failed, page, refused, sample, sibling, stsMetadata, upToToken } from '../testing/sample-evidence';
import { adfsIssuanceAuthorizationDenied as rule } from './adfs-issuance-authorization-denied';

const error = (texts: Record<string, string> = {}, over = {}) =>
  sample('ifd', {
    journey: failed('token-issue'),
    exchanges: upToToken('ifd'),
    token: null,
    pages: [
      page(1, {
        kind: 'sts-error',
        url: 'https://sts.contoso.com/adfs/ls/',
        exchange: 4,
        texts: { message: 'An error occurred.', relyingParty: 'Relying party: CRM IFD', ...texts },
      }),
    ],
    ...over,
  });
const ended = certificate('ended', { notBefore: '2025-01-01T00:00:00.000Z', notAfter: '2026-01-01T00:00:00.000Z' });

test('only suspected for one account over one path, whatever the page says', () => {
  for (const message of ['An error occurred.', 'Zugriff verweigert.']) {
    const { outcome, text } = judged(rule, error({ message }));
    expect(outcome).toBe('suspected');
    for (const words of ['CRM IFD', 'Event 325', 'second account']) expect(text).toContain(words);
  }
});

test('probable when the same account gets a token over the other route, or the page carries MSIS5007', () => {
  expect(judged(rule, error(), [sibling({ route: 'internal', signedIn: 'yes' })]).outcome).toBe('probable');
  expect(judged(rule, error({ message: 'MSIS5007: The caller authorization failed' })).outcome).toBe('probable');
});

test('clear before the credentials, for a blank relying party, another code, an issued token', () => {
  expect(judged(rule, error({}, { journey: failed('sts-page', { credentialSubmissions: 0 }), exchanges: upToToken('ifd').slice(0, 2) })).outcome).toBe('clear');
  expect(judged(rule, error({ relyingParty: 'Relying party:' })).outcome).toBe('clear');
  expect(judged(rule, error({ message: 'MSIS3020: could not be located' })).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
});

test('cannot tell while an expired certificate explains the page, or when no page was seen', () => {
  expect(judged(rule, error({}, { stsMetadata: stsMetadata(ended) })).outcome).toBe('cannot-tell');
  expect(judged(rule, error({}, { crmMetadata: crmMetadata('ifd', ended) })).outcome).toBe('cannot-tell');
  expect(judged(rule, error({}, { pages: [] })).outcome).toBe('cannot-tell');
});
