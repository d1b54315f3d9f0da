import { expect, test } from '@playwright/test';
import { adfsLoopDetectedMsis7042 } from '../causes/adfs-loop-detected-msis7042';
import { adfsSigningCertRolled } from '../causes/adfs-signing-cert-rolled';
import { clockSkewCrmVsAdfs } from '../causes/clock-skew-crm-vs-adfs';
import { crmEncryptionCertChangedRpStale } from '../causes/crm-encryption-cert-changed-rp-stale';
import { wiaSpnMissingOrDuplicate } from '../causes/wia-spn-missing-or-duplicate';
import { judged } from '../testing/judged';
import { exchange, failed, page, refused, rolled, sample, sibling, tokenPost, upToToken } from '../testing/sample-evidence';
import { serverEvent } from '../testing/sample-server-event';
import { contradicting, eventFor } from './server-events';
import { tokenRefusal } from './token-refusal';

const silent = (over = {}) => refused('ifd', { lastGood: null, ...over }, 'http-401');

test('ID4175 in a server log lifts the KB to confirmed, without a last good state and without any text in the browser', () => {
  for (const event of [serverEvent(), serverEvent({ side: 'sts', source: 'AD FS', log: 'AD FS/Admin', id: 364 })]) {
    const { outcome, refs, text } = judged(adfsSigningCertRolled, silent({ serverEvents: [event] }));
    expect(outcome).toBe('confirmed');
    expect(refs).toContain('server-event:1');
    expect(text).toContain("The server's event log says");
  }
});

test('it is probable where the issuer’s names could not be compared, and suspected where the other route signed in', () => {
  expect(judged(adfsSigningCertRolled, silent({ serverEvents: [serverEvent()], wsdl: null })).outcome).toBe('probable');
  expect(judged(adfsSigningCertRolled, silent({ serverEvents: [serverEvent()] }), [sibling({ signedIn: 'yes' })]).outcome).toBe('suspected');
});

test('the log adds its proof where the browser had the text as well', () => {
  const text = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';
  const { outcome, refs } = judged(adfsSigningCertRolled, refused('ifd', { ...rolled, lastGood: null, serverEvents: [serverEvent()] }, 'error-page', text));
  expect(outcome).toBe('confirmed');
  expect(refs).toContain('server-event:1');
});

test('a check made before the issuer’s clears the KB and speaks for its own cause', () => {
  const decrypt = silent({
    crmMetadata: null,
    serverEvents: [serverEvent({ codes: ['ID4022'], text: 'ID4022: The key needed to decrypt the encrypted security token could not be resolved.' })],
  });
  expect(judged(adfsSigningCertRolled, decrypt).outcome).toBe('clear');
  expect(judged(crmEncryptionCertChangedRpStale, decrypt).outcome).toBe('probable');
  const time = silent({ serverEvents: [serverEvent({ codes: ['ID4222'], text: 'ID4222: The SamlAssertion.NotBefore condition is not satisfied.' })] });
  expect(judged(adfsSigningCertRolled, time).outcome).toBe('clear');
  expect(judged(clockSkewCrmVsAdfs, time).outcome).toBe('confirmed');
});

test('MSIS7042 in the AD FS log confirms the loop its page does not name', () => {
  const event = serverEvent({ side: 'sts', source: 'AD FS', codes: ['MSIS7042'], text: "MSIS7042: The same client browser session has made '6' requests." });
  const { outcome, refs } = judged(
    adfsLoopDetectedMsis7042,
    sample('ifd', { journey: failed('crm-session', { symptom: 'redirect-loop' }), serverEvents: [event] }),
  );
  expect(outcome).toBe('confirmed');
  expect(refs).toContain('server-event:1');
});

test('a recording without any cookie does not tell a refused token from a lost session', () => {
  const bare = [
    ...upToToken('ifd'),
    tokenPost('ifd', { location: 'https://contoso.contoso.com/main.aspx' }),
    exchange(6, { url: 'https://contoso.contoso.com/main.aspx', redirectedFrom: 5, status: 302, location: 'https://sts.contoso.com/adfs/ls/?wa=wsignin1.0' }),
  ].map((each) => ({ ...each, cookiesSet: [], cookiesSent: [] }));
  const over = { journey: failed('crm-session', { symptom: 'redirect-loop' as const, tokenPosts: 1 }), pages: [], exchanges: bare };
  expect(tokenRefusal(sample('ifd', over))).toMatchObject({ state: 'cannot-tell', why: expect.stringContaining('no cookies') });
  const recorded = bare.map((each) =>
    each.seq === 6 ? { ...each, cookiesSent: [{ name: 'ReqClientId', bytes: 36 }] as { name: string; bytes: number }[] } : each,
  );
  expect(tokenRefusal(sample('ifd', { ...over, exchanges: recorded }))).toMatchObject({ state: 'refused' });
});

test('a last 401 in a recording that hides what was sent is suspected, not cleared', () => {
  const wia = 'https://sts.contoso.com/adfs/ls/wia';
  const evidence = sample('internal', {
    journey: failed('credentials', { symptom: 'http-401', credentialSubmissions: 0 }),
    exchanges: [...upToToken('internal').slice(0, 2), exchange(3, { url: wia, step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] })],
    pages: [
      page(1, { kind: 'sts-windows-challenge', url: wia, status: 401, exchange: 3, texts: { challenges: 'Negotiate, NTLM', authorization: 'not recorded' } }),
    ],
  });
  expect(judged(wiaSpnMissingOrDuplicate, evidence).outcome).toBe('suspected');
});

test("an event that says something else withdraws the KB and leads to its own cause; one of another program's does not", () => {
  const lead = (text: string, over = {}) => eventFor(silent({ serverEvents: [serverEvent({ codes: [], text, ...over })] }), 'crm-internal-error');
  expect(lead('SqlException: A network-related error')?.said.refs).toEqual(['server-event:1']);
  const kb = (event: ReturnType<typeof serverEvent>) => contradicting(silent({ serverEvents: [event] }), 'adfs-signing-cert-rolled', 'relying-party', []);
  expect(kb(serverEvent({ codes: ['ID1032'], text: 'ID1032: At least one audienceUri must be specified' }))?.n).toBe(1);
  expect(kb(serverEvent({ codes: [], text: 'System.IO.IOException: disk', source: 'Backup Exec' }))).toBeNull();
  expect(kb(serverEvent({ side: 'sts', source: 'AD FS', text: 'MSIS7066: Authentication failed', codes: ['MSIS7066'] }))).toBeNull();
});

test("ID4175 of AD FS's own code is about an upstream provider, never the KB", () => {
  const text = 'ID4175: The issuer of the security token was not recognized. at Microsoft.IdentityServer.Service.Tokens.MSISSaml2TokenHandler';
  const { outcome } = judged(adfsSigningCertRolled, silent({ serverEvents: [serverEvent({ side: 'sts', source: 'AD FS', id: 364, text })] }));
  expect(outcome).not.toBe('confirmed');
});
