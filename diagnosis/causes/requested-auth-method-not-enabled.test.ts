import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, refused, sample, sibling, upToToken } from '../testing/sample-evidence';
import { requestedAuthMethodNotEnabled as rule } from './requested-auth-method-not-enabled';

const error = (texts: Record<string, string> = {}, over = {}) =>
  sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    exchanges: upToToken('ifd').slice(0, 2),
    token: null,
    pages: [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 2, texts: { message: 'An error occurred.', ...texts } })],
    ...over,
  });
const named = { relyingParty: 'Relying party: CRM IFD' };

test('confirmed when the page carries MSIS7102, naming what was asked for', () => {
  const { outcome, text } = judged(rule, error({ message: 'MSIS7102: Requested Authentication Method is not supported on the STS.' }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('a password in a form');
});

test('probable when the code is hidden and the page names the relying party before any sign-in was offered', () => {
  const { outcome, text } = judged(rule, error(named), [sibling({ route: 'internal', signedIn: 'yes', method: 'windows' })]);
  expect(outcome).toBe('probable');
  for (const words of ['CRM IFD', 'Windows sign-in', 'event 364']) expect(text).toContain(words);
});

test('only suspected when the page does not say whether the trust was found', () => expect(judged(rule, error()).outcome).toBe('suspected'));

test('clear for a blank relying party, another code, no wauth, an incomplete request, an offered sign-in and an issued token', () => {
  expect(judged(rule, error({ relyingParty: 'Relying party:' })).outcome).toBe('clear');
  expect(judged(rule, error({ message: 'MSIS7007: The requested relying party trust' })).outcome).toBe('clear');
  expect(
    judged(rule, error(named, { exchanges: [exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', wsfed: { wa: 'wsignin1.0', wtrealm: 'x' } })] })).outcome,
  ).toBe('clear');
  expect(judged(rule, error(named, { exchanges: [exchange(2, { url: 'https://sts.contoso.com/adfs/ls/' })] })).outcome).toBe('clear');
  expect(judged(rule, error(named, { journey: failed('token-issue') })).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, error({}, { pages: [] })).outcome).toBe('cannot-tell'));
