import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, sibling, upToToken } from '../testing/sample-evidence';
import { adfsIssuanceAuthorizationDenied } from './adfs-issuance-authorization-denied';
import { rpIdentifierMissing } from './rp-identifier-missing';
import { wrongPassword as rule } from './wrong-password';

const sts = 'https://sts.contoso.com';
const again = { kind: 'sts-forms', url: `${sts}/adfs/ls/`, action: 'stopped', exchange: 3 } as const;
const forms = (
  texts: Record<string, string> = { errorText: 'Incorrect user ID or password. Type the correct user ID and password, and try again.' },
  url = `${sts}/adfs/ls/`,
) =>
  sample('ifd', {
    journey: failed('credentials', { symptom: 'repeated-prompt' }),
    exchanges: [...upToToken('ifd').slice(0, 2), exchange(3, { url, method: 'POST', step: 'credentials' })],
    pages: [page(1, { kind: 'sts-forms', url, exchange: 2, action: 'typed the credentials' }), page(2, { ...again, url, texts })],
  });
const windows = (over = {}) =>
  sample('internal', {
    journey: failed('credentials', { symptom: 'repeated-prompt', windowsPrompts: 2, ...over }),
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: `${sts}/adfs/ls/wia`, step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] }),
    ],
    pages: [page(1, { kind: 'sts-windows-challenge', url: `${sts}/adfs/ls/wia`, status: 401, exchange: 3 })],
  });

test('probable when the form comes back, with or without a text, at AD FS or elsewhere', () => {
  const { outcome, text } = judged(rule, forms());
  expect(outcome).toBe('probable');
  expect(text).toContain('Incorrect user ID or password');
  expect(text).toContain('locked, disabled, expired or restricted');
  expect(judged(rule, forms({}, `${sts}/login`)).outcome).toBe('probable');
});

test('probable when the STS answers the credentials with 401, suspected with 403, and then no trust is blamed', () => {
  const answered = (status: number) =>
    sample('ifd', {
      journey: failed('credentials', { symptom: status === 401 ? 'http-401' : 'error-page' }),
      exchanges: [...upToToken('ifd').slice(0, 2), exchange(3, { url: `${sts}/login`, method: 'POST', step: 'credentials', status })],
      pages: [
        page(1, { kind: 'sts-forms', url: `${sts}/login`, exchange: 2, action: 'typed the credentials' }),
        page(2, { kind: 'http-error', url: `${sts}/login`, exchange: 3, status, action: 'stopped', texts: { message: 'Unauthorized' } }),
      ],
    });
  expect(judged(rule, answered(401)).outcome).toBe('probable');
  expect(judged(rule, answered(401)).text).toContain('HTTP 401');
  expect(judged(rule, answered(403)).outcome).toBe('suspected');
  for (const other of [rpIdentifierMissing, adfsIssuanceAuthorizationDenied]) expect(judged(other, answered(401)).outcome).toBe('clear');
});

test('clear when the page itself refused what was typed and nothing was sent, in any language', () => {
  const nothingSent = {
    ...forms({ errorText: 'Geben Sie Ihre Benutzer-ID im Format „Domäne\\Benutzer“ ein.' }),
    exchanges: upToToken('ifd').slice(0, 2),
    journey: failed('credentials', { symptom: 'other' }),
  };
  expect(judged(rule, nothingSent).outcome).toBe('clear');
});

test('suspected when the submission is not in the evidence, or the other route accepted the same password', () => {
  expect(judged(rule, { ...forms(), exchanges: upToToken('ifd').slice(0, 2) }).outcome).toBe('suspected');
  expect(judged(rule, forms(), [sibling({ route: 'internal', password: 'accepted' })]).outcome).toBe('suspected');
});

test('a final 401 after Windows credentials is suspected alone, probable with a refusing form, clear with an accepting one', () => {
  expect(judged(rule, windows()).outcome).toBe('suspected');
  expect(judged(rule, windows(), [sibling({ password: 'refused' })]).outcome).toBe('probable');
  expect(judged(rule, windows(), [sibling({ password: 'accepted' })]).outcome).toBe('clear');
  expect(judged(rule, windows(), [sibling({ password: 'refused', sameAccount: false })]).outcome).toBe('suspected');
});

test('a route whose credentials were withheld follows the route that refused them', () => {
  const withheld = windows({
    credentialSubmissions: 0,
    windowsPrompts: 1,
    withheld: 'not submitted again: the STS refused this account on route ifd in this run',
  });
  expect(judged(rule, withheld, [sibling({ password: 'refused' })]).outcome).toBe('probable');
  expect(judged(rule, withheld).outcome).toBe('clear');
});

test('clear when the STS took the password, or refused the format of the name', () => {
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-issue'), exchanges: upToToken('ifd') })).text).toContain('MSISAuth');
  expect(judged(rule, forms({ errorText: 'Enter your user ID in the format "domain\\user" or "user@domain".' })).outcome).toBe('clear');
});

test('clear for the two steps of a paginated form', () => {
  const two = [
    page(1, { kind: 'sts-forms', url: `${sts}/adfs/ls/`, action: 'typed the user name' }),
    page(2, { kind: 'sts-forms', url: `${sts}/adfs/ls/`, action: 'typed the credentials' }),
  ];
  expect(judged(rule, sample('ifd', { journey: failed('token-issue'), pages: two, exchanges: upToToken('ifd') })).outcome).toBe('clear');
});

test('cannot tell when nothing was submitted and the run did not fail', () => {
  expect(judged(rule, sample('ifd', { journey: failed('dns', { signedIn: 'unknown', credentialSubmissions: 0 }), exchanges: [], pages: [] })).outcome).toBe(
    'cannot-tell',
  );
});
