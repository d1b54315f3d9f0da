import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, page, sample } from '../testing/sample-evidence';
import { mfaRequiredForProbe as rule } from './mfa-required-for-probe';

const mfa = page(2, {
  kind: 'sts-mfa',
  url: 'https://sts.contoso.com/adfs/ls/',
  texts: { mfaGreetingDescription: 'For security reasons, we require additional information to verify your account' },
});

test('confirmed when the page for the second factor appears', () => {
  const { outcome, refs } = judged(rule, sample('ifd', { journey: failed('token-issue'), pages: [mfa] }));
  expect(outcome).toBe('confirmed');
  expect(refs).toContain('page:2');
});

test('clear when no page asked for it', () => expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear'));

test('cannot tell when no page was seen', () => expect(judged(rule, sample('ifd', { journey: failed('dns'), pages: [] })).outcome).toBe('cannot-tell'));

test('a one-time code that was typed and not taken is said', () => {
  const typed = { ...mfa, n: 1, action: 'typed a one-time code' };
  const { outcome, text, refs } = judged(rule, sample('ifd', { journey: failed('token-issue'), pages: [typed, mfa] }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('the code was not taken');
  expect(text).toContain('clock of the probe machine');
  expect(refs).toContain('page:1');
});

test('cannot tell when the probe kept its one-time code back, as it had given it before', () => {
  const kept = { ...mfa, n: 1, action: 'kept its one-time code back' };
  const journey = { ...failed('token-issue'), signedIn: 'unknown' as const, failedAt: null };
  expect(judged(rule, sample('ifd', { journey, pages: [kept] })).outcome).toBe('cannot-tell');
});
