import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import type { RouteEvidence } from '../../contracts/evidence';
import { failed, page, refused, sample, upToToken } from '../testing/sample-evidence';
import { serverEvent } from '../testing/sample-server-event';
import { claimsProviderCertificateUnknown as rule } from './claims-provider-certificate-unknown';

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

const unknown =
  'Microsoft.IdentityServer.Web.RequestFailedException ---> SecurityTokenException: ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';

test('confirmed where AD FS itself says ID4175, on its page or in its event', () => {
  for (const evidence of [stsPage('ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.'), stsEvent(unknown)]) {
    const { outcome, text } = judged(rule, evidence);
    expect(outcome).toBe('confirmed');
    expect(text).toContain('claims provider');
  }
});

test("clear where CRM says ID4175 about a token of AD FS: that is KB 2686840's place", () => {
  expect(judged(rule, refused('ifd', {}, 'error-page', 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.')).outcome).toBe(
    'clear',
  );
  expect(judged(rule, stsPage('MSIS7007: The requested relying party trust is unspecified.')).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, stsPage('', { pages: [] })).outcome).toBe('cannot-tell'));
