import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, newSigning, oldSigning, sample, stsMetadata } from '../testing/sample-evidence';
import { adfsSigningCertSecondaryPending as rule } from './adfs-signing-cert-secondary-pending';

test('confirmed when sign-in works and the older of two certificates signs', () => {
  const { outcome, text } = judged(rule, sample('ifd', { stsMetadata: stsMetadata(oldSigning, newSigning) }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('2026-02-25 00:00 UTC');
});

test('clear with one certificate, and when the newer one already signs', () => {
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { stsMetadata: stsMetadata(newSigning, oldSigning) })).outcome).toBe('clear');
});

test('cannot tell without metadata, and when sign-in does not work', () => {
  expect(judged(rule, sample('ifd', { stsMetadata: null })).outcome).toBe('cannot-tell');
  expect(judged(rule, sample('ifd', { stsMetadata: stsMetadata(oldSigning, newSigning), journey: failed('token-post') })).outcome).toBe('cannot-tell');
});

test('suspected, and without a date, where AD FS does not promote by itself: rollover off, or a certificate of an authority', () => {
  const both = stsMetadata(oldSigning, newSigning);
  const off = sample('ifd', { stsMetadata: both });
  const settings = { ...off.settings, rollover: { ...off.settings.rollover, automatic: false } };
  const authority = stsMetadata(oldSigning, { ...newSigning, selfSigned: false, issuer: 'CN=Contoso Issuing CA' });
  for (const evidence of [{ ...off, settings }, sample('ifd', { stsMetadata: authority })]) {
    const { outcome, text } = judged(rule, evidence);
    expect(outcome).toBe('suspected');
    expect(text).not.toContain('will switch about');
  }
});
