/** What can be said of the signer where the STS's metadata is not signed: the last good sign-in's list of keys is all there is to compare with. */
import { expect, test } from '@playwright/test';
import type { RouteEvidence } from '../contracts/evidence';
import { adfsSigningCertRolled as rule } from './causes/adfs-signing-cert-rolled';
import { breakWords, forecast } from './forecast';
import { judged } from './testing/judged';
import { certificate, lastGood, newSigning, oldSigning, refused, samplesOf, signing, stsMetadata } from './testing/sample-evidence';

type Metadata = NonNullable<RouteEvidence['stsMetadata']>;
const unsigned = (...certificates: Parameters<typeof stsMetadata>): Metadata => {
  const metadata = stsMetadata(...certificates);
  return metadata.ok ? { ...metadata, signature: { status: 'absent', signerSha1: null } } : metadata;
};
const listedThen = (...certificates: readonly (typeof signing)[]) =>
  lastGood('ifd', { stsPrimarySha1: null, stsKeys: certificates.map((each) => ({ certificate: each, use: 'signing' as const })) });
const refusedWith = (stsMetadata: Metadata, then: ReturnType<typeof listedThen>, text: string | null = null) =>
  judged(rule, refused('ifd', { stsMetadata, stsSamples: samplesOf(stsMetadata), lastGood: then }, text ? 'error-page' : 'http-401', text));
const short = ({ sha1 }: typeof signing): string => sha1.slice(0, 8);

test('of two keys in unsigned metadata the one the last good sign-in did not list is named as new, and the KB is suspected', () => {
  const { outcome, text, refs } = refusedWith(unsigned(oldSigning, newSigning), listedThen(oldSigning));
  expect(outcome).toBe('suspected');
  expect(text).toContain('not signed');
  expect(text).toMatch(new RegExp(`${short(newSigning)}\\S* is new`));
  expect(text).toMatch(new RegExp(`${short(oldSigning)}\\S* was listed then`));
  expect(text, 'which of them signs was not seen').not.toMatch(/AD FS signs with|The primary|already signs/);
  expect(refs).toEqual(expect.arrayContaining(['metadata:sts', 'last-good', `certificate:${newSigning.sha1}`]));
});

test('a key of the last good sign-in that unsigned metadata lists no longer is named as gone', () => {
  const another = certificate('another', { notBefore: '2026-02-25T00:00:00.000Z' });
  const { outcome, text } = refusedWith(unsigned(newSigning, another), listedThen(oldSigning));
  expect(outcome).toBe('suspected');
  expect(text).toMatch(new RegExp(`${short(oldSigning)}\\S* is no longer listed`));
});

test('the same two keys as at the last good sign-in do not tell which of them signs, and no reason reached the browser', () => {
  const { outcome, text } = refusedWith(unsigned(oldSigning, newSigning), listedThen(oldSigning, newSigning));
  expect(outcome).toBe('cannot-tell');
  expect(text).toContain('the same as at the last good sign-in');
});

test('CRM’s own ID4175 with two unsigned keys stays what the words allow', () => {
  const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';
  const { outcome, text } = refusedWith(unsigned(oldSigning, newSigning), listedThen(oldSigning), id4175);
  expect(outcome).toBe('probable');
  expect(text).toMatch(new RegExp(`${short(newSigning)}\\S* is new`));
});

test('a last good sign-in at another STS says nothing of which key is new', () => {
  const foreign = { ...listedThen(oldSigning), stsEntityId: 'http://other.contoso.com/adfs/services/trust' };
  expect(refusedWith(unsigned(oldSigning, newSigning), foreign).outcome).toBe('cannot-tell');
});

test('a signature by an algorithm that is not known is not called absent', () => {
  const metadata = { ...unsigned(oldSigning, newSigning), signature: { status: 'unknown-algorithm' as const, signerSha1: null } };
  const { text } = refusedWith(metadata, listedThen(oldSigning));
  expect(text).not.toContain('not signed');
  expect(text).toContain('unknown-algorithm');
});

const rollover = { generationDays: 20, promotionDays: 5, criticalDays: 2 };
const input = { lastGood: null, rollover, now: '2026-08-30T09:00:00.000Z', signedIn: 'unknown' as const };

test('the one line of a forecast says that its date rests on unsigned metadata', () => {
  expect(breakWords(forecast({ ...input, stsMetadata: unsigned(signing) }))).toContain('metadata that is not signed');
  expect(breakWords(forecast({ ...input, stsMetadata: stsMetadata(signing) }))).not.toContain('not signed');
});

test('without a date, the forecast names the key that is new since the last good sign-in', () => {
  const { state, why } = forecast({
    ...input,
    stsMetadata: unsigned(oldSigning, newSigning),
    lastGood: listedThen(oldSigning),
    now: '2026-03-02T09:00:00.000Z',
  });
  expect(state).toBe('unknown');
  expect(why).toMatch(new RegExp(`${short(newSigning)}\\S* is new`));
});
