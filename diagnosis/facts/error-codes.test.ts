import { expect, test } from '@playwright/test';
import { tokenCheckCode, type ErrorText } from './error-codes';

const crm = (text: string): ErrorText => ({ side: 'relying-party', text, ref: 'page:1' });
const code = (...texts: ErrorText[]): string | null => tokenCheckCode(texts)?.code ?? null;

test('codes are found by number and by sentence', () => {
  expect(code(crm('Error Details: ID4175: The issuer …'))).toBe('ID4175');
  expect(code(crm('The issuer of the security token was not recognized by the IssuerNameRegistry.'))).toBe('ID4175');
  expect(code(crm('An encrypted security token was received at the relying party which could not be decrypted. Configure …'))).toBe('ID4022');
  expect(code(crm("The SamlSecurityToken is rejected because the SamlAssertion.NotBefore condition is not satisfied. NotBefore: '…'"))).toBe('ID4222');
  expect(code(crm("The SamlSecurityToken is rejected because the SamlAssertion.NotOnOrAfter condition is not satisfied. NotOnOrAfter: '…'"))).toBe('ID4223');
  expect(code(crm('The AudienceRestrictionCondition was not valid because the specified Audience is not present in AudienceUris.'))).toBe('ID1038');
});

test('the last check wins when several codes appear, and longer numbers are no match', () => {
  expect(code(crm('ID4022'), crm('ID4175'))).toBe('ID4175');
  expect(code(crm('ID41751'))).toBeNull();
});

test('what the STS says is not CRM’s verdict', () => expect(code({ side: 'sts', text: 'ID4175', ref: 'page:1' })).toBeNull());
