import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import {
  certificate,
  clocks,
  crmEncryptionNew,
  crmMetadata,
  failed,
  lastGood,
  newSigning,
  oldSigning,
  refusal,
  refused,
  rolled,
  sample,
  sibling,
  stsMetadata,
  tokenPost,
  upToToken,
  type SampleRoute,
} from '../testing/sample-evidence';
import { crmUserMissingDisabledOrNoRole } from './crm-user-missing-disabled-or-no-role';
import { adfsSigningCertRolled as rule } from './adfs-signing-cert-rolled';

const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';
const rolledOn = (route: SampleRoute) => ({ ...rolled, lastGood: lastGood(route, { stsPrimarySha1: oldSigning.sha1 }) });

test('confirmed when ID4175 reaches the browser, the primary changed and the names agree', () => {
  for (const route of ['ifd', 'internal'] as const) {
    const { outcome, text, refs } = judged(rule, refused(route, rolledOn(route), 'error-page', id4175));
    expect(outcome).toBe('confirmed');
    expect(text).toContain(newSigning.sha1.slice(0, 8));
    expect(text).toContain(oldSigning.sha1.slice(0, 8));
    expect(refs).toEqual(expect.arrayContaining(['exchange:5', 'metadata:sts', 'last-good', `certificate:${newSigning.sha1}`]));
  }
});

test('confirmed by the sentence alone, without the number', () => {
  expect(judged(rule, refused('ifd', rolled, 'error-page', 'The issuer of the security token was not recognized by the IssuerNameRegistry.')).outcome).toBe(
    'confirmed',
  );
});

test('probable in every face without text, when the primary changed and all twins are refuted', () => {
  for (const face of ['error-page', 'http-401', 'http-500', 'back-to-sts'] as const)
    expect(judged(rule, refused('ifd', rolled, face)).outcome, face).toBe('probable');
});

test('probable without a last good state, when ID4175 is shown and the names agree', () => {
  expect(judged(rule, refused('ifd', { ...rolled, lastGood: null }, 'error-page', id4175)).outcome).toBe('probable');
});

test('suspected without text and without a last good state, when the metadata shows a rollover', () => {
  const { outcome, text } = judged(rule, refused('ifd', { ...rolled, lastGood: null }, 'http-401'));
  expect(outcome).toBe('suspected');
  expect(text).toMatch(/On the CRM server, event 3005 .* with ID4175 would settle it/);
});

test('suspected when a twin could not be refuted', () => {
  const { outcome, text } = judged(rule, refused('ifd', { ...rolled, clocks: [] }, 'http-401'));
  expect(outcome).toBe('suspected');
  expect(text).toContain('Not excluded, clock skew');
});

test('suspected at most for a relying party that is not CRM', () => {
  const exchanges = refusal('ifd', 'http-500', null).map((exchange) => ({
    ...exchange,
    requestId: null,
    wsfed: exchange.wsfed && { ...exchange.wsfed, wctx: 'rm=0&id=passive&ru=%2f' },
  }));
  const { outcome, text } = judged(rule, refused('ifd', { ...rolled, exchanges, wsdl: null }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('Nothing shows that the relying party is Dynamics CRM');
});

test('clear when the primary is the one of the last good sign-in, another code is shown, the token was taken or never left', () => {
  expect(judged(rule, refused()).text).toContain('still');
  expect(
    judged(rule, refused('ifd', rolled, 'error-page', 'ID4022: The key needed to decrypt the encrypted security token could not be resolved.')).outcome,
  ).toBe('clear');
  expect(judged(rule, sample('ifd', { ...rolled, journey: failed('crm-page', { tokenPosts: 1 }) })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { ...rolled, journey: failed('credentials'), exchanges: upToToken('ifd') })).outcome).toBe('clear');
});

test('clear when the issuer name differs, and when the other route signed in', () => {
  const wsdl = {
    ok: true,
    url: 'https://contoso.contoso.com/',
    authentication: 'Federation',
    identifier: 'http://adfs.contoso.com/adfs/services/trust',
  } as const;
  expect(judged(rule, refused('ifd', { ...rolled, wsdl }, 'error-page', id4175)).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', rolled), [sibling({ route: 'internal', signedIn: 'yes' })]).outcome).toBe('clear');
});

test('cannot tell when a filter answered, a twin is present, or nothing is known about the certificate', () => {
  const blocked = [...upToToken('ifd'), tokenPost('ifd', { status: 403, server: 'cloudflare' })];
  expect(judged(rule, refused('ifd', { ...rolled, exchanges: blocked })).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', { ...rolled, clocks: clocks(-600_000) })).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', { ...rolled, crmMetadata: crmMetadata('ifd', crmEncryptionNew) })).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', { stsMetadata: { ok: false, url: 'https://sts.contoso.com/', status: 503, why: 'HTTP 503' } })).outcome).toBe(
    'cannot-tell',
  );
});

test('suspected, no more, when CRM answers without session and without reason and the primary changed; without a change it cannot tell', () => {
  for (const answer of [{ status: 403 }, { status: 200, document: { title: 'エラー', text: 'エラーが発生しました' } }]) {
    const exchanges = [...upToToken('ifd'), tokenPost('ifd', answer)];
    const { outcome, text } = judged(rule, refused('ifd', { ...rolled, exchanges }));
    expect(outcome).toBe('suspected');
    expect(text).toContain("does not show CRM's verdict");
    expect(judged(rule, refused('ifd', { ...rolled, exchanges, lastGood: null })).outcome).toBe('cannot-tell');
    expect(judged(rule, refused('ifd', { ...rolled, exchanges, clocks: clocks(-600_000) })).outcome).toBe('cannot-tell');
  }
});

const coded = (errorCode: string) => {
  const exchanges = refusal('ifd', 'error-page', null).map((each) => (each.crmError ? { ...each, crmError: { ...each.crmError, errorCode } } : each));
  return refused('ifd', { ...rolled, exchanges });
};

test('clear when CRM asks about the user, with or without a session: that comes after the token has passed', () => {
  for (const code of ['0x80040203', '0x80040204', '0x80040225', '0x80042f09']) {
    const { outcome, text } = judged(rule, coded(code));
    expect(outcome, code).toBe('clear');
    expect(text).toContain(code);
  }
  const { outcome, text } = judged(crmUserMissingDisabledOrNoRole, coded('0x80040204'));
  expect(outcome).not.toBe('clear');
  expect(text).not.toContain('set its session cookie');
});

test('suspected at most when CRM gives a code of another kind', () => {
  const { outcome, text } = judged(rule, coded('0x80040216'));
  expect(outcome).toBe('suspected');
  expect(text).toContain('0x80040216');
});

test('cannot tell when CRM names a failure of its own, such as its database, although the primary changed', () => {
  const text = 'Ausnahmedetails: System.Data.SqlClient.SqlException: Cannot open database "MSCRM_CONFIG" requested by the login.';
  const exchanges = [...upToToken('ifd'), tokenPost('ifd', { status: 500, document: { title: 'Laufzeitfehler', text } })];
  const judgement = judged(rule, refused('ifd', { ...rolled, exchanges }));
  expect(judgement.outcome).toBe('cannot-tell');
  expect(judgement.text).toContain('SqlException');
});

test('cannot tell without text and last good state, when the metadata shows no trace of a rollover', () => {
  const long = certificate('long-lived', { notBefore: '2024-01-01T00:00:00.000Z', notAfter: '2034-01-01T00:00:00.000Z' });
  expect(judged(rule, refused('ifd', { lastGood: null, stsMetadata: stsMetadata(long) })).outcome).toBe('cannot-tell');
});
