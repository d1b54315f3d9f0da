import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, lastGood, page, refused, sample, sibling, upToToken } from '../testing/sample-evidence';
import { rpTrustDisabled as rule } from './rp-trust-disabled';

const error = (texts: Record<string, string> = {}, over = {}) =>
  sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    exchanges: upToToken('ifd').slice(0, 2),
    token: null,
    pages: [
      page(1, {
        kind: 'sts-error',
        url: 'https://sts.contoso.com/adfs/ls/',
        exchange: 2,
        texts: { message: 'An error occurred.', relyingParty: 'Relying party:', ...texts },
      }),
    ],
    ...over,
  });

test('suspected, never more, when a realm that signed in before meets the error page, with the code or without', () => {
  for (const message of ['An error occurred.', 'MSIS7007: The requested relying party trust is unspecified or unsupported.']) {
    const { outcome, text } = judged(rule, error({ message }), [sibling({ route: 'internal', signedIn: 'yes' })]);
    expect(outcome).toBe('suspected');
    for (const words of ['https://contoso.contoso.com/', '2026-03-01', 'internal route', 'event 364']) expect(text).toContain(words);
  }
});

test('suspected without a last good sign-in, naming its twin', () => {
  const { outcome, text } = judged(rule, error({}, { lastGood: null }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('rp-identifier-missing');
});

test('clear when the realm or the scopes changed', () => {
  expect(judged(rule, error({}, { lastGood: lastGood('ifd', { wtrealm: 'https://old.contoso.com/' }) })).outcome).toBe('clear');
  expect(judged(rule, error({}, { lastGood: lastGood('ifd', { crmScopes: ['https://auth.contoso.com/'] }) })).outcome).toBe('clear');
});

test('clear when AD FS found the trust, after the credentials, for another code, an incomplete request or an issued token', () => {
  expect(judged(rule, error({ relyingParty: 'Relying party: CRM IFD' })).outcome).toBe('clear');
  expect(judged(rule, error({}, { journey: failed('token-issue') })).outcome).toBe('clear');
  expect(judged(rule, error({ message: 'MSIS7065: There are no registered protocol handlers' })).outcome).toBe('clear');
  expect(judged(rule, error({}, { exchanges: [exchange(2, { url: 'https://sts.contoso.com/adfs/ls/' })] })).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, error({}, { pages: [] })).outcome).toBe('cannot-tell'));
