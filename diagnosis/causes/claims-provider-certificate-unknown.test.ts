import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { refused, sample } from '../testing/sample-evidence';
import { stsEvent, stsPage } from '../testing/sample-sts-failures';
import { claimsProviderCertificateUnknown as rule } from './claims-provider-certificate-unknown';

const unknown =
  'Microsoft.IdentityServer.Web.RequestFailedException ---> SecurityTokenException: ID4175: ' +
  'The issuer of the security token was not recognized by the IssuerNameRegistry.';

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
