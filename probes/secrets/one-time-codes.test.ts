import { expect, test } from '@playwright/test';
import { oneTimeCode, readTotpKey, stepAt, type TotpKey } from './one-time-codes';

const keyOf = (secret: string): TotpKey => {
  const key = readTotpKey(secret);
  if (!key) throw new Error(`no TOTP secret: ${secret}`);
  return key;
};

// RFC 6238 appendix B: ASCII "12345678901234567890", as long as each algorithm's digest.
const sha1 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const sha256 = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQGEZA';

test('the codes of RFC 6238 come out, with eight digits and with six', () => {
  for (const [seconds, ofSha1, ofSha256] of [
    [59, '94287082', '46119246'],
    [1111111109, '07081804', '68084774'],
    [20000000000, '65353130', '77737706'],
  ] as const) {
    const eight = keyOf(`otpauth://totp/Contoso:probe?secret=${sha1}&digits=8`);
    expect(oneTimeCode(eight, stepAt(eight, seconds * 1000))).toBe(ofSha1);
    const six = keyOf(sha1);
    expect(oneTimeCode(six, stepAt(six, seconds * 1000))).toBe(ofSha1.slice(2));
    const longer = keyOf(`otpauth://totp/x?secret=${sha256}&algorithm=SHA256&digits=8&period=30`);
    expect(oneTimeCode(longer, stepAt(longer, seconds * 1000))).toBe(ofSha256);
  }
});

test('a secret is taken as apps print it, and anything else is none', () => {
  expect(keyOf('gezd gnbv-gy3t qojq gezd gnbv gy3t qojq==').bytes.toString()).toBe('12345678901234567890');
  for (const none of [
    '',
    'password',
    'GEZDGNBV1890',
    'otpauth://totp/x?digits=6',
    `otpauth://totp/x?secret=${sha1}&algorithm=MD5`,
    `otpauth://totp/x?secret=${sha1}&period=0`,
  ])
    expect(readTotpKey(none), none).toBeNull();
});
