import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { crmMetadata, exchange, failed, lastGood, page, refused, sample } from '../testing/sample-evidence';
import { crmClaimsDisabledOrHalfReconfigured as rule } from './crm-claims-disabled-or-half-reconfigured';

const url = 'https://internalcrm.contoso.com/Contoso/main.aspx';
const activeDirectory = { ok: true, url: 'x', authentication: 'ActiveDirectory', identifier: null } as const;
const challenged = (over = {}) =>
  sample('internal', {
    journey: failed('crm-redirect', { credentialSubmissions: 0, symptom: 'http-401' }),
    exchanges: [exchange(1, { url, status: 401, challenges: ['Negotiate', 'NTLM'] })],
    pages: [page(1, { kind: 'crm-challenge', url, status: 401, exchange: 1, texts: { challenges: 'Negotiate, NTLM' } })],
    token: null,
    ...over,
  });

test('confirmed when CRM asks for Windows credentials itself and its WSDL is not Federation', () => {
  const { outcome, text } = judged(rule, challenged({ wsdl: activeDirectory, crmMetadata: { ok: false, url: 'x', status: 404, why: 'x' } }));
  expect(outcome).toBe('confirmed');
  for (const words of ['internalcrm.contoso.com', 'Negotiate', 'ActiveDirectory', '404', 'last good sign-in']) expect(text).toContain(words);
});

test('suspected without the WSDL, where it says Federation, and where nothing is known of before', () => {
  expect(judged(rule, challenged({ wsdl: null })).outcome).toBe('suspected');
  expect(judged(rule, challenged({ wsdl: null, lastGood: null })).outcome).toBe('suspected');
  expect(judged(rule, challenged()).outcome).toBe('suspected');
});

test('probable for IFD alone when its address now asks for Windows and its metadata is gone', () => {
  const location = 'https://sts.contoso.com/adfs/ls/?wa=wsignin1.0&wtrealm=x&wauth=urn%3afederation%3aauthentication%3awindows';
  const over = {
    journey: failed('token-post'),
    exchanges: [exchange(1, { url: 'https://contoso.contoso.com/', status: 302, location })],
    crmMetadata: { ok: false as const, url: 'x', status: 404, why: 'x' },
  };
  expect(judged(rule, sample('ifd', over)).outcome).toBe('probable');
  expect(judged(rule, sample('ifd', { ...over, crmMetadata: crmMetadata('ifd') })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { ...over, lastGood: lastGood('ifd', { method: 'windows' }) })).outcome).toBe('clear');
});

test('clear when CRM redirects to the STS, and when sign-in works; cannot tell without any answer', () => {
  expect(judged(rule, refused('ifd', {}, 'http-401')).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, challenged({ exchanges: [], pages: [] })).outcome).toBe('cannot-tell');
});
