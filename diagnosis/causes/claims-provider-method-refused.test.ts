import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, page, refused, sample, upToToken } from '../testing/sample-evidence';
import { stsEvent, stsPage } from '../testing/sample-sts-failures';
import { claimsProviderMethodRefused as rule } from './claims-provider-method-refused';

const method =
  'Microsoft.IdentityServer.Service.Policy.PolicyServer.Engine.InvalidAuthenticationTypePolicyException: MSIS7102: ' +
  'Requested Authentication Method is not supported on the STS.';
const home = page(2, { kind: 'sts-home-realm', url: 'https://sts.contoso.com/adfs/ls/', exchange: 2 });

test('probable after a home realm page, suspected after credentials alone', () => {
  const evidence = stsEvent(method);
  expect(judged(rule, { ...evidence, pages: [home, ...evidence.pages] }).outcome).toBe('probable');
  expect(judged(rule, evidence).outcome).toBe('suspected');
});

test('clear before any sign-in: then AD FS itself does not offer the method', () => {
  const before = { journey: failed('sts-page', { credentialSubmissions: 0 }), exchanges: upToToken('ifd').slice(0, 2) };
  expect(judged(rule, stsEvent(method, before)).outcome).toBe('clear');
  expect(judged(rule, stsPage('MSIS5007: The caller authorization failed.')).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, stsPage('', { pages: [] })).outcome).toBe('cannot-tell'));
