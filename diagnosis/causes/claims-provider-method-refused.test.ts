import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import type { RouteEvidence } from '../../contracts/evidence';
import { failed, page, refused, sample, upToToken } from '../testing/sample-evidence';
import { serverEvent } from '../testing/sample-server-event';
import { claimsProviderMethodRefused as rule } from './claims-provider-method-refused';

/** AD FS's error page with this text; after the credentials unless told otherwise. */
const stsPage = (message: string, over: Partial<RouteEvidence> = {}): RouteEvidence =>
  sample('ifd', {
    journey: failed('token-issue'),
    exchanges: upToToken('ifd').slice(0, 3),
    token: null,
    whoAmI: null,
    pages: [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 3, texts: { errorMessage: 'An error occurred.', message } })],
    ...over,
  });
/** The same page without a word, and an event of AD FS under its Activity ID. */
const stsEvent = (text: string, over: Partial<RouteEvidence> = {}): RouteEvidence =>
  stsPage('An error occurred.', {
    serverEvents: [
      serverEvent({ source: 'AD FS', log: 'AD FS/Admin', id: 364, side: 'sts', codes: [], text, matchedBy: 'activity-id', exchange: 3, level: 'error' }),
    ],
    ...over,
  });

const method =
  'Microsoft.IdentityServer.Service.Policy.PolicyServer.Engine.InvalidAuthenticationTypePolicyException: MSIS7102: Requested Authentication Method is not supported on the STS.';
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
