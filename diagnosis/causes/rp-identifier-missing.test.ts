import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, lastGood, page, sample, sibling, tokenPost, upToToken } from '../testing/sample-evidence';
import { rpIdentifierMissing as rule } from './rp-identifier-missing';

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
        texts: { message: 'An error occurred. Contact your administrator for more information.', ...texts },
      }),
    ],
    ...over,
  });

test('confirmed when the page carries MSIS7007 or MSIS3020', () => {
  const { outcome, text } = judged(
    rule,
    error({ message: "MSIS7007: The requested relying party trust 'https://contoso.contoso.com/' is unspecified or unsupported." }),
  );
  expect(outcome).toBe('confirmed');
  expect(text).toContain('https://contoso.contoso.com/');
});

test('probable when AD FS hides the code and CRM asked for another realm before, naming what only its log can part', () => {
  const { outcome, text } = judged(rule, error({ relyingParty: 'Relying party:' }, { lastGood: lastGood('ifd', { wtrealm: 'https://old.contoso.com/' }) }), [
    sibling({ route: 'internal', signedIn: 'yes' }),
  ]);
  expect(outcome).toBe('probable');
  expect(text).toContain('https://old.contoso.com/');
  for (const word of ['rp-trust-disabled', 'MSIS7065', 'MSIS7102', 'event 364', 'internal route']) expect(text).toContain(word);
});

test('without a last good sign-in only suspected; with one of the same realm left to rp-trust-disabled', () => {
  expect(judged(rule, error({}, { lastGood: null })).outcome).toBe('suspected');
  expect(judged(rule, error()).outcome).toBe('cannot-tell');
});

test('clear when the page names the relying party, in any language', () => {
  expect(judged(rule, error({ relyingParty: 'Vertrauende Seite: CRM IFD' })).outcome).toBe('clear');
});

test('only suspected after the credentials', () => {
  expect(judged(rule, error({}, { journey: failed('token-issue') })).outcome).toBe('suspected');
});

test('clear for another code, an incomplete request, an issued token and no error page', () => {
  expect(judged(rule, error({ message: 'MSIS7102: Requested Authentication Method is not supported on the STS.' })).outcome).toBe('clear');
  expect(judged(rule, error({}, { exchanges: [exchange(1, { url: 'https://sts.contoso.com/adfs/ls/' })] })).outcome).toBe('clear');
  expect(judged(rule, error({}, { exchanges: [...upToToken('ifd'), tokenPost('ifd', {})] })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('credentials'), exchanges: upToToken('ifd').slice(0, 2) })).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, error({}, { pages: [] })).outcome).toBe('cannot-tell'));
