import { expect, test } from '@playwright/test';
import type { RepairOnRecord, RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { clocks, failed, lastGood, newSigning, oldSigning, refused, rolled, sample, stsMetadata } from '../testing/sample-evidence';
import { adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { crmValidatesSigningChain as rule } from './crm-validates-signing-chain';

test('confirmed when ID4257 or ID4070 reaches the browser, with a last good state or without', () => {
  for (const text of [
    "ID4257: X.509 certificate 'CN=ADFS Signing' validation failed by the token handler.",
    'ID4070: The X.509 certificate chain building failed.',
  ]) {
    expect(judged(rule, refused('ifd', rolled, 'error-page', text)).outcome).toBe('confirmed');
    expect(judged(rule, refused('ifd', { ...rolled, lastGood: null }, 'error-page', text)).outcome).toBe('confirmed');
  }
});

/** The same certificate, from an authority. */
const issued = (certificate: typeof newSigning): typeof newSigning => ({ ...certificate, selfSigned: false, issuer: 'CN=Contoso Issuing CA' });

test('beside a rollover of AD FS’s own self-signed certificates it is no candidate of its own: nothing but the refusal speaks for it', () => {
  for (const evidence of [rolled, { ...rolled, lastGood: null }]) {
    const { outcome, text } = judged(rule, refused('ifd', evidence, 'http-401'));
    expect(outcome).toBe('cannot-tell');
    expect(text).toContain('self-signed');
    expect(text).toContain('ID4257');
  }
});

test('only suspected, and said to be the rarer one, where an authority issued the certificate of now or of the last good sign-in', () => {
  const now = { ...rolled, stsMetadata: stsMetadata(issued(newSigning), oldSigning) };
  const then = { ...rolled, lastGood: lastGood('ifd', { stsPrimarySha1: oldSigning.sha1, stsKeys: [{ certificate: issued(oldSigning), use: 'signing' }] }) };
  for (const evidence of [now, then]) {
    const { outcome, text } = judged(rule, refused('ifd', evidence, 'http-401'));
    expect(outcome).toBe('suspected');
    expect(text).toContain('adfs-signing-cert-rolled');
  }
});

test('clear for ID4175, and where no token was refused; cannot tell for an unchanged certificate', () => {
  expect(judged(rule, refused('ifd', rolled, 'error-page', 'ID4175: x')).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', {}, 'http-401')).outcome).toBe('cannot-tell');
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('sts-page'), exchanges: [] })).outcome).toBe('clear');
});

test('suspected, and KB 2686840 no more than that, where its whole repair is on record for the certificate in use', () => {
  const repair = (over: Partial<RepairOnRecord> = {}): RepairOnRecord => ({
    schema: 1,
    target: 'contoso',
    finishedAt: '2026-02-28T12:00:00.000Z',
    stsPrimarySha1: newSigning.sha1,
    claimsReconfigured: true,
    ...over,
  });
  const after = (repairOnRecord: RepairOnRecord, text?: string): RouteEvidence => refused('ifd', { ...rolled, repairOnRecord }, 'http-401', text);
  const { outcome, text } = judged(rule, after(repair()));
  expect(outcome).toBe('suspected');
  expect(text).toContain('2026-02-28');
  expect(judged(adfsSigningCertRolled, after(repair())).outcome).toBe('suspected');
  // The short way leaves CRM's stored certificate alone, a record of another certificate is of an earlier rollover, and ID4175 says that the repair did not
  // take.
  for (const other of [{ claimsReconfigured: false }, { stsPrimarySha1: oldSigning.sha1 }, { stsPrimarySha1: null }])
    expect(judged(adfsSigningCertRolled, after(repair(other))).outcome).toBe('probable');
  expect(judged(adfsSigningCertRolled, refused('ifd', { ...rolled, repairOnRecord: repair() }, 'error-page', 'ID4175: x')).outcome).toBe('confirmed');
});

test('cannot tell without text, history and any trace of a rollover, or with another twin open', () => {
  expect(judged(rule, refused('ifd', { lastGood: null }, 'http-401')).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', { ...rolled, clocks: clocks(-600_000) }, 'http-401')).outcome).toBe('cannot-tell');
});
