import { expect, test } from '@playwright/test';
import { createTotpVerifier, newTotpSecret, totpCode, totpStep } from './totp';

// RFC 6238 appendix B, the last six of its eight digits; the secret is "12345678901234567890".
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

test('the codes of RFC 6238 come out', () => {
  for (const [seconds, code] of [
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ] as const)
    expect(totpCode(secret, totpStep(new Date(seconds * 1000)))).toBe(code);
});

test('a code is accepted in its step and the one after, and only once', () => {
  let now = new Date('2026-01-01T00:00:00Z');
  const verify = createTotpVerifier(() => now);
  const own = newTotpSecret();
  const first = totpCode(own, totpStep(now));
  const second = totpCode(own, totpStep(now) + 1);
  expect(verify(own, second)).toBe(false);
  expect(verify(own, first)).toBe(true);
  expect(verify(own, first)).toBe(false);
  now = new Date('2026-01-01T00:01:00Z');
  expect(verify(own, second)).toBe(true);
  now = new Date('2026-01-01T00:02:00Z');
  expect(verify(own, second)).toBe(false);
});
