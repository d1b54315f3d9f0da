import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, sibling, upToToken } from '../testing/sample-evidence';
import { accountLockedDisabledRestricted as rule } from './account-locked-disabled-restricted';

const url = 'https://sts.contoso.com/adfs/ls/';
const refusedForm = sample('ifd', {
  journey: failed('credentials', { symptom: 'repeated-prompt' }),
  exchanges: [...upToToken('ifd').slice(0, 2), exchange(3, { url, method: 'POST', step: 'credentials' })],
  pages: [page(1, { kind: 'sts-forms', url, action: 'typed the credentials' }), page(2, { kind: 'sts-forms', url })],
});
const refusedWindows = sample('internal', {
  journey: failed('credentials', { windowsPrompts: 2 }),
  exchanges: [...upToToken('internal').slice(0, 2), exchange(3, { url: `${url}wia`, step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] })],
  pages: [],
});

test('suspected when the form refuses the account, and says what the last good sign-in means', () => {
  const { outcome, text } = judged(rule, refusedForm);
  expect(outcome).toBe('suspected');
  expect(text).toContain('A wrong password looks exactly the same');
  expect(text).toContain('2026-03-01');
});

test('probable by the contrast: refused here, accepted over the other route of the same run', () =>
  expect(judged(rule, refusedForm, [sibling({ route: 'internal', method: 'windows', password: 'accepted', signedIn: 'yes' })]).outcome).toBe('probable'));

test('suspected where the credentials were withheld, or Windows refuses what the form refused', () => {
  expect(judged(rule, refusedWindows, [sibling({ password: 'refused' })]).outcome).toBe('suspected');
  const withheld = sample('internal', {
    journey: failed('credentials', { credentialSubmissions: 0, withheld: 'not submitted again' }),
    exchanges: [],
    pages: [],
  });
  expect(judged(rule, withheld, [sibling({ password: 'refused' })]).outcome).toBe('suspected');
});

test('clear when the STS took the credentials, named another reason, or accepted the account elsewhere', () => {
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-issue'), exchanges: upToToken('ifd') })).outcome).toBe('clear');
  expect(judged(rule, refusedForm, [sibling({ passwordExpired: true })]).outcome).toBe('clear');
  expect(judged(rule, refusedWindows, [sibling({ password: 'accepted' })]).outcome).toBe('clear');
});

test('cannot tell from a refused Windows sign-in alone', () => expect(judged(rule, refusedWindows).outcome).toBe('cannot-tell'));
