import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { clocks, refused, sample, token } from '../testing/sample-evidence';
import { clockSkewCrmVsAdfs as rule } from './clock-skew-crm-vs-adfs';

const later = "ID4222: The SamlSecurityToken is rejected because the SamlAssertion.NotBefore condition is not satisfied. NotBefore: '3/2/2026 9:00:01 AM'";

test('confirmed when CRM is more than five minutes behind', () => {
  const { outcome, text } = judged(rule, refused('ifd', { clocks: clocks(-600_000) }, 'http-401'));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('behind');
  expect(text).toContain('not yet valid');
});

test('confirmed by the text, even when a proxy hides the clock', () => {
  const { outcome, text } = judged(rule, refused('ifd', {}, 'error-page', later));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('The measured clocks do not show it');
});

test('a CRM that is ahead only matters beyond the life of the token', () => {
  expect(judged(rule, refused('ifd', { clocks: clocks(600_000) })).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { clocks: clocks(4_000_000) })).outcome).toBe('confirmed');
});

test('the times the servers write themselves count when a proxy answers with its own Date', () => {
  const byServer = [
    { host: 'contoso.contoso.com', role: 'crm', offsetMs: -600_000, uncertaintyMs: 1_000, source: 'wct' },
    { host: 'sts.contoso.com', role: 'sts', offsetMs: 0, uncertaintyMs: 1_000, source: 'wsu:Created' },
  ] as const;
  const { outcome, text } = judged(rule, refused('ifd', { clocks: [...clocks(), ...byServer] }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('A proxy may answer with its own clock');
});

test('clear below the tolerance and with a code of another kind; cannot tell without clocks', () => {
  expect(judged(rule, refused('ifd', { clocks: clocks(30_000) })).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { clocks: clocks(-600_000) }, 'error-page', 'ID4175: x')).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { clocks: [] })).outcome).toBe('cannot-tell');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('no more than suspected when the clocks agree and the token had ended before it was issued', () => {
  const lifetime = { created: '2026-03-02T09:00:00.000Z', expires: '2026-03-02T08:40:00.000Z' };
  const { outcome, text } = judged(rule, refused('ifd', { clocks: clocks(0), token: token('ifd', { lifetime }) }, 'http-401'));
  expect(outcome).toBe('suspected');
  expect(text).toContain('ends before it begins');
});

test('a token that is years old is no wrong clock where both servers tell the same time', () => {
  const old = { host: 'sts.contoso.com', role: 'sts', offsetMs: -4606 * 86_400_000, uncertaintyMs: 1_000, source: 'wsu:Created' } as const;
  const crm = { host: 'contoso.contoso.com', role: 'crm', offsetMs: 0, uncertaintyMs: 1_000, source: 'wct' } as const;
  const { outcome, text } = judged(rule, refused('ifd', { clocks: [...clocks(), old, crm] }, 'http-401'));
  expect(outcome).toBe('suspected');
  expect(text).toContain('this token is an old one');
});
