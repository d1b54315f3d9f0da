import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, sample, token } from '../testing/sample-evidence';
import { sessionLifetimeReprompt as rule } from './session-lifetime-reprompt';

/** The healthy sign-in, and the same again so many minutes later. */
const twice = (minutes: number, over = {}) => {
  const { exchanges } = sample();
  const later = exchanges.map((each) => ({
    ...each,
    seq: each.seq + 10,
    redirectedFrom: each.redirectedFrom === null ? null : each.redirectedFrom + 10,
    startedAtMs: each.startedAtMs + minutes * 60_000,
  }));
  return sample('ifd', { exchanges: [...exchanges, ...later], ...over });
};

test('confirmed benign when good sign-ins follow one another at the interval of a lifetime', () => {
  for (const minutes of [60, 40, 480]) {
    const { outcome, text } = judged(rule, twice(minutes));
    expect(outcome, String(minutes)).toBe('confirmed');
    expect(text).toContain('nothing is broken');
  }
  expect(rule.nature).toBe('warns');
});

test('probable when the interval fits no lifetime, or when the token is far shorter than the default', () => {
  expect(judged(rule, twice(200)).outcome).toBe('probable');
  const short = token('ifd', { lifetime: { created: '2026-03-02T09:00:00.000Z', expires: '2026-03-02T09:10:00.000Z' } });
  expect(judged(rule, sample('ifd', { token: short })).text).toContain('10 min only');
});

test('clear for one sign-in with an ordinary token, for a loop, and for a failure', () => {
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, twice(0.1)).outcome).toBe('clear');
  expect(judged(rule, twice(60, { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell without a token', () => expect(judged(rule, sample('ifd', { token: null })).outcome).toBe('cannot-tell'));
