/** What must not be called KB 2686840, or not so surely; and the real one that must not be denied. */
import { expect, test } from '@playwright/test';
import { diagnose } from './diagnose';
import { judged } from './testing/judged';
import { lastGood, newSigning, oldSigning, refusal, refused, rolled, samplesOf, signing, stsMetadata, tokenPost, upToToken } from './testing/sample-evidence';
import { adfsFarmNodesInconsistent } from './causes/adfs-farm-nodes-inconsistent';
import { adfsSigningCertRolled as rule } from './causes/adfs-signing-cert-rolled';
import { crmValidatesSigningChain } from './causes/crm-validates-signing-chain';

const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';
const order = ['clear', 'cannot-tell', 'suspected', 'probable', 'confirmed'];
const atMost = (outcome: string, most: string): void => expect(order.indexOf(outcome), outcome).toBeLessThanOrEqual(order.indexOf(most));

test('nodes that sign differently behind one address are not the KB, with ID4175 or without, and the farm is named', () => {
  const [before, ...after] = samplesOf(stsMetadata(newSigning, oldSigning)) ?? [];
  const stsSamples = [before!, ...after.map((each, index) => ({ ...each, signerSha1: index % 2 ? oldSigning.sha1 : newSigning.sha1 }))];
  for (const evidence of [refused('ifd', { ...rolled, stsSamples }), refused('ifd', { ...rolled, stsSamples }, 'error-page', id4175)]) {
    atMost(judged(rule, evidence).outcome, 'cannot-tell');
    expect(judged(adfsFarmNodesInconsistent, evidence).outcome).toBe('probable');
  }
});

test('without a second look at the signer a refusal without a reason is suspected at most', () => {
  expect(judged(rule, refused('ifd', { ...rolled, stsSamples: null }, 'http-401')).outcome).toBe('suspected');
  expect(judged(rule, refused('ifd', rolled, 'http-401')).outcome).toBe('probable');
});

test('a last good sign-in at another STS, or from before the certificate had to be renewed, shows no change', () => {
  const foreign = lastGood('ifd', { stsPrimarySha1: oldSigning.sha1, stsEntityId: 'http://other.contoso.com/adfs/services/trust' });
  const stale = lastGood('ifd', { stsPrimarySha1: oldSigning.sha1, savedAt: '2025-01-02T09:00:00.000Z', stsKeys: [] });
  for (const state of [foreign, stale]) {
    const silent = judged(rule, refused('ifd', { ...rolled, lastGood: state }, 'http-401'));
    atMost(silent.outcome, 'suspected');
    expect(silent.text).not.toContain('at the last good sign-in (');
    atMost(judged(rule, refused('ifd', { ...rolled, lastGood: state }, 'error-page', id4175)).outcome, 'probable');
  }
});

const answers: readonly (readonly [string, number, string])[] = [
  ['IIS: settings that cannot be read', 500, 'HTTP Error 500.19 - Internal Server Error The requested page cannot be accessed'],
  ['IIS: no right to the file', 401, 'HTTP-Fehler 401.3 – Nicht autorisiert'],
  ['ASP.NET: settings', 500, 'Configuration Error Parser Error Source File: C:\\inetpub\\wwwroot\\web.config Line: 12'],
  ['ASP.NET: too long', 500, 'Maximum request length exceeded. System.Web.HttpException'],
  ['ASP.NET: too long, German', 500, 'Die maximale Anforderungslänge wurde überschritten. [HttpException (0x80004005)]'],
  ['no right on the disk', 500, 'System.UnauthorizedAccessException: Access to the path is denied.'],
  ['the database', 500, 'System.Data.SqlClient.SqlException: Cannot open database "MSCRM_CONFIG"'],
  ['request validation, German', 500, 'Ein möglicherweise gefährlicher Request.Form-Wert wurde vom Client (wresult="<t:RequestSecurity...") erkannt.'],
  ['request validation, French', 500, 'Une valeur Request.Form potentiellement dangereuse a été détectée à partir du client'],
];
for (const [what, status, text] of answers)
  test(`a changed certificate and an answer of the platform's own is not the KB: ${what}`, () => {
    const exchanges = [...upToToken('ifd'), tokenPost('ifd', { status, document: { title: '', text } })];
    atMost(judged(rule, refused('ifd', { ...rolled, exchanges })).outcome, 'cannot-tell');
  });

test('a bare 401 or 500 that nothing shows to be CRM’s is suspected at most; the KB’s own words stay probable', () => {
  const answered = (status: number, text: string, challenges: string[] = []) => {
    const exchanges = [...upToToken('ifd'), tokenPost('ifd', { status, requestId: null, challenges, document: { title: '', text } })];
    return judged(rule, refused('ifd', { ...rolled, exchanges })).outcome;
  };
  atMost(answered(401, ''), 'suspected');
  atMost(answered(500, 'Server Error'), 'suspected');
  atMost(answered(401, '', ['Negotiate', 'NTLM']), 'cannot-tell');
  expect(answered(401, 'HTTP Error 401 - Unauthorized: Access is denied')).toBe('probable');
});

test('CRM’s own ID4175 is never ruled out by metadata that still shows the old signer', () => {
  const { outcome, text } = judged(rule, refused('ifd', {}, 'error-page', id4175));
  expect(['suspected', 'probable']).toContain(outcome);
  expect(text).toContain('it only implies who signs');
});

test('a promotion while the run went on is seen by the second look', () => {
  const stsSamples = (samplesOf(stsMetadata()) ?? []).map((each) => (each.phase === 'before' ? each : { ...each, signerSha1: newSigning.sha1 }));
  const { outcome, text } = judged(rule, refused('ifd', { stsSamples }, 'http-401'));
  expect(outcome).toBe('probable');
  expect(text).toContain(newSigning.sha1.slice(0, 8));
});

test('chain validation needs no new certificate, and a repair on record, a person’s word, does not rule the KB out alone', () => {
  expect(judged(crmValidatesSigningChain, refused('ifd', {}, 'http-401')).outcome).toBe('cannot-tell');
  const repairOnRecord = {
    schema: 1,
    target: 'contoso',
    finishedAt: '2026-03-02T08:00:00.000Z',
    stsPrimarySha1: newSigning.sha1,
    claimsReconfigured: true,
  } as const;
  const repaired = refused('ifd', { ...rolled, repairOnRecord }, 'http-401');
  expect(judged(rule, repaired).outcome).toBe('suspected');
  expect(judged(rule, repaired).text).toContain("a person's word");
  expect(judged(crmValidatesSigningChain, repaired).outcome).toBe('suspected');
});

test('a loop whose wctx carries a nonce is suspected at most, and says why', () => {
  const exchanges = refusal('ifd', 'back-to-sts', null).map((each) => ({
    ...each,
    wsfed: each.wsfed && { ...each.wsfed, wctx: `${each.wsfed.wctx}&nonce=4f1d` },
  }));
  const { outcome, text } = judged(rule, refused('ifd', { ...rolled, exchanges }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('nonce');
});

test('a relying party that is not CRM may say so itself: the cause is as sure as its words, without the KB and without CRM’s steps', () => {
  const notCrm = (text: string, over = {}) => {
    const exchanges = [...upToToken('ifd'), tokenPost('ifd', { status: 500, document: { title: 'Error', text } })].map((each) => ({
      ...each,
      requestId: null,
      wsfed: each.wsfed && { ...each.wsfed, wctx: 'rm=0&id=passive&ru=%2f' },
    }));
    return refused('ifd', { ...rolled, wsdl: null, crmMetadata: null, exchanges, ...over });
  };
  const passport = `Invalid thumbprint (configured: ${oldSigning.sha1.toLowerCase()}. calculated: ${newSigning.sha1.toLowerCase()})`;
  expect(judged(rule, notCrm(passport)).outcome).toBe('confirmed');
  expect(judged(rule, notCrm('Message was signed, but signature could not be verified.')).outcome).toBe('probable');
  const run = {
    id: 'x',
    startedAt: '2026-03-02T09:00:00.000Z',
    finishedAt: '2026-03-02T09:00:02.000Z',
    label: null,
    location: null,
    tool: 'test',
    browser: 'test',
  };
  const [result] = diagnose({ schema: 1, run, results: [notCrm(passport)] }).results;
  const [first] = result?.causes ?? [];
  expect(first).toMatchObject({ id: 'adfs-signing-cert-rolled', kb: null, certainty: 'confirmed' });
  expect(JSON.stringify(first)).not.toMatch(/MSCRM_CONFIG|Crm|No error text|iisreset/);
  expect(signing.sha1).not.toBe(newSigning.sha1);
});
