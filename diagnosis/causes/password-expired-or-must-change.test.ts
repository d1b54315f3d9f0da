import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, sibling, upToToken } from '../testing/sample-evidence';
import { passwordExpiredOrMustChange as rule } from './password-expired-or-must-change';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';
import { wrongPassword } from './wrong-password';

const sts = 'https://sts.contoso.com';
const journey = failed('credentials', { symptom: 'other' });
const typed = page(1, { kind: 'sts-forms', url: `${sts}/adfs/ls/`, action: 'typed the credentials' });
const posted = [...upToToken('ifd').slice(0, 2), exchange(3, { url: `${sts}/adfs/ls/`, method: 'POST', step: 'credentials' })];
const update = page(2, {
  kind: 'sts-update-password',
  url: `${sts}/adfs/portal/updatepassword/`,
  texts: { expiredNotification: 'You must update your password because your password has expired.' },
});
const again = (errorText: string) =>
  sample('ifd', { journey, exchanges: posted, pages: [typed, page(2, { kind: 'sts-forms', url: `${sts}/adfs/ls/`, texts: { errorText } })] });
const windows = sample('internal', {
  journey: failed('credentials', { windowsPrompts: 2 }),
  exchanges: [
    ...upToToken('internal').slice(0, 2),
    exchange(3, { url: `${sts}/adfs/ls/wia`, step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] }),
  ],
  pages: [],
});

test('confirmed when the update-password page comes, whatever its words', () => {
  const { outcome, refs } = judged(rule, sample('ifd', { journey, exchanges: posted, pages: [typed, update] }));
  expect(outcome).toBe('confirmed');
  expect(refs).toContain('page:2');
  expect(judged(rule, sample('ifd', { journey, exchanges: posted, pages: [typed, { ...update, texts: {} }] })).outcome).toBe('confirmed');
});

test('probable by the words of the form, and the wrong-password rule stands back', () => {
  const evidence = again('Your password has expired. Type your updated password and try again');
  expect(judged(rule, evidence).outcome).toBe('probable');
  expect(judged(wrongPassword, evidence).outcome).toBe('clear');
});

test('a Windows sign-in refused in the same run follows what the form said', () => {
  const expired = [sibling({ password: 'accepted', passwordExpired: true })];
  expect(judged(rule, windows, expired).outcome).toBe('probable');
  expect(judged(wiaSpnMissingOrDuplicate, windows, expired).outcome).toBe('clear');
  expect(judged(wrongPassword, windows, expired).outcome).toBe('clear');
});

test('clear when the STS took the password', () => {
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell when the refusal names no reason', () => {
  expect(judged(rule, again('Incorrect user ID or password.')).outcome).toBe('cannot-tell');
  expect(judged(rule, windows).outcome).toBe('cannot-tell');
});
