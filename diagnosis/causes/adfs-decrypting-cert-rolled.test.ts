import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { certificate, decrypting, failed, lastGood, newSigning, oldSigning, page, sample, signing, stsMetadata } from '../testing/sample-evidence';
import { adfsDecryptingCertRolled as rule } from './adfs-decrypting-cert-rolled';

const keys = (decryptingThen = decrypting) => [
  { certificate: signing, use: 'signing' as const },
  { certificate: decryptingThen, use: 'encryption' as const },
];
const before = certificate('ADFS Encryption - sts.contoso.com (before)');
const alone = lastGood('ifd', { stsKeys: keys(before) });

test('only suspected, as a warning beside a working sign-in, when it changed alone', () => {
  const { outcome, text } = judged(rule, sample('ifd', { lastGood: alone }));
  expect(outcome).toBe('suspected');
  for (const words of [decrypting.sha1.slice(0, 8), before.sha1.slice(0, 8), 'is not affected']) expect(text).toContain(words);
  expect(rule.nature).toBe('warns');
});

test('probable when a partner could be chosen and the sign-in failed', () => {
  const homeRealm = [page(1, { kind: 'sts-home-realm', url: 'https://sts.contoso.com/adfs/ls/' })];
  expect(judged(rule, sample('ifd', { lastGood: alone, journey: failed('sts-page'), pages: homeRealm })).outcome).toBe('probable');
  expect(judged(rule, sample('ifd', { lastGood: alone, journey: failed('token-post') })).text).toContain('does not explain a failed sign-in');
});

test('without a last good sign-in suspected when it is much younger than the signing certificate', () => {
  const young = certificate('young', { notBefore: '2026-02-25T00:00:00.000Z', notAfter: '2027-02-25T00:00:00.000Z' });
  const metadata = stsMetadata();
  const rolledAlone = { ...metadata, keys: keys(young) } as typeof metadata;
  expect(judged(rule, sample('ifd', { lastGood: null, stsMetadata: rolledAlone })).outcome).toBe('suspected');
  expect(judged(rule, sample('ifd', { lastGood: null })).outcome).toBe('clear');
});

test('clear when it is the same, when an older one came back, and when the signing certificate changed as well', () => {
  const newer = certificate('newer', { notBefore: '2026-02-25T00:00:00.000Z', notAfter: '2027-02-25T00:00:00.000Z' });
  expect(judged(rule, sample('ifd', { lastGood: lastGood('ifd', { stsKeys: keys(newer) }) })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { lastGood: lastGood('ifd', { stsKeys: keys() }) })).outcome).toBe('clear');
  expect(
    judged(rule, sample('ifd', { lastGood: { ...alone, stsPrimarySha1: oldSigning.sha1 }, stsMetadata: stsMetadata(newSigning, oldSigning) })).outcome,
  ).toBe('clear');
});

test('cannot tell without the metadata, or when the last good sign-in recorded none', () => {
  expect(judged(rule, sample('ifd', { stsMetadata: null })).outcome).toBe('cannot-tell');
  expect(judged(rule, sample()).outcome).toBe('cannot-tell');
});
