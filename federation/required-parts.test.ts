import { test, expect } from '@playwright/test';
import { inspectMessage } from './inspect-message';
import { makeAssertion, makeEncryptedToken, makeMetadata, makeWresult } from './testing/make-test-token';

const inspect = (text: string): { refused: string | null; why: string } => inspectMessage(Buffer.from(text)).json;

const saml2 = (body: string): string =>
  `<a:Assertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0" IssueInstant="2026-06-01T10:00:00Z">${body}</a:Assertion>`;
const issuer = '<a:Issuer>https://idp.example/</a:Issuer>';
const subject = '<a:Subject><a:NameID>jane</a:NameID><a:SubjectConfirmation Method="urn:oasis:names:tc:SAML:2.0:cm:bearer"/></a:Subject>';
const conditions = '<a:Conditions><a:AudienceRestriction><a:Audience>urn:crm</a:Audience></a:AudienceRestriction></a:Conditions>';
const authentication =
  '<a:AuthnStatement AuthnInstant="2026-06-01T10:00:00Z"><a:AuthnContext><a:AuthnContextClassRef>urn:x</a:AuthnContextClassRef>' +
  '</a:AuthnContext></a:AuthnStatement>';
const attributes = '<a:AttributeStatement><a:Attribute Name="urn:mail"/><a:EncryptedAttribute/></a:AttributeStatement>';
const whole = saml2(issuer + subject + conditions + authentication + attributes);
const status = (inside = '<p:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/>'): string => `<p:Status>${inside}</p:Status>`;
const response = (body: string, attribute = ' ID="_r" Version="2.0" IssueInstant="2026-06-01T10:00:00Z"'): string =>
  `<p:Response xmlns:p="urn:oasis:names:tc:SAML:2.0:protocol"${attribute}>${body}</p:Response>`;
const response1 = (body: string, attribute = ' ResponseID="_r" MajorVersion="1" MinorVersion="1" IssueInstant="2026-06-01T10:00:00Z"'): string =>
  `<p:Response xmlns:p="urn:oasis:names:tc:SAML:1.0:protocol"${attribute}>${body}</p:Response>`;

test('assertions and responses that have every part their schema asks for are read', () => {
  const first = makeAssertion();
  for (const text of [
    makeWresult(first),
    makeWresult(first.replace(/<saml:AttributeValue>[^<]*/, '<saml:AttributeValue>')),
    makeWresult(first.replace(/<saml:Conditions .*<\/saml:Conditions>/, '')),
    whole,
    saml2(issuer + subject),
    saml2(issuer + subject + attributes.replace('<a:Attribute Name="urn:mail"/>', '')),
    saml2(issuer + subject.replace(/<a:SubjectConfirmation .*\/>/, '') + authentication),
    // What stands in a value or in Advice is of no concern here.
    saml2(`${issuer}${subject}<a:Advice><a:AssertionIDRef>_x</a:AssertionIDRef><a:Subject/></a:Advice>`),
    saml2(
      issuer +
        subject +
        attributes.replace('<a:Attribute Name="urn:mail"/>', '<a:Attribute Name="n"><a:AttributeValue><a:Subject/></a:AttributeValue></a:Attribute>'),
    ),
    response(status() + whole),
    response1(status('<p:StatusCode Value="p:Success"/>') + first),
  ])
    expect(inspect(text), text.slice(0, 3000)).toMatchObject({ refused: null });
});

test('a part the schema asks for and the message lacks is named', () => {
  const first = makeAssertion();
  const statement = (inside: string): string =>
    first.replace(/<saml:AttributeStatement>.*<\/saml:AttributeStatement>/, `<saml:AttributeStatement>${inside}</saml:AttributeStatement>`);
  const attribute = '<saml:Attribute AttributeName="a" AttributeNamespace="urn:n"><saml:AttributeValue>1</saml:AttributeValue></saml:Attribute>';
  const cases: readonly (readonly [string, string])[] = [
    [first.replace(/<saml:Audience>.*?<\/saml:Audience>/, ''), '<saml:AudienceRestrictionCondition> has no Audience'],
    [first.replace(' AttributeName="upn"', ''), '<saml:Attribute> has no AttributeName'],
    [first.replace(/ AttributeNamespace="[^"]*"/, ''), '<saml:Attribute> has no AttributeNamespace'],
    [first.replace(/<saml:AttributeValue>.*?<\/saml:AttributeValue>/, ''), '<saml:Attribute> has no AttributeValue'],
    [statement(attribute), '<saml:AttributeStatement> has no Subject'],
    [statement(`<saml:Subject/>${attribute}`), '<saml:Subject> has no NameIdentifier or SubjectConfirmation'],
    [first.replace(/(<saml:AttributeStatement><saml:Subject>.*?<\/saml:Subject>).*<\/saml:AttributeStatement>/, '$1</saml:AttributeStatement>'),
      '<saml:AttributeStatement> has no Attribute'],
    [first.replace(/<saml:ConfirmationMethod>.*?<\/saml:ConfirmationMethod>/, ''), '<saml:SubjectConfirmation> has no ConfirmationMethod'],
    [first.replace(/ AuthenticationMethod="[^"]*"/, ''), '<saml:AuthenticationStatement> has no AuthenticationMethod'],
    [first.replace(/ AuthenticationInstant="[^"]*"/, ''), '<saml:AuthenticationStatement> has no AuthenticationInstant'],
    [first.replace(/ AuthenticationInstant="[^"]*"/, ' AuthenticationInstant="today"'), 'AuthenticationInstant "today", which is no date and time'],
    [saml2(issuer + conditions + authentication), 'makes statements about no Subject'],
    [saml2(issuer + issuer + subject), 'has 2 Issuer elements; expected one'],
    [saml2(issuer + subject + subject), 'has 2 Subject elements; expected one'],
    [whole.replace('Name="urn:mail"', ''), '<a:Attribute> has no Name'],
    [whole.replace(/<a:Audience>.*<\/a:Audience>/, ''), '<a:AudienceRestriction> has no Audience'],
    [whole.replace(' AuthnInstant="2026-06-01T10:00:00Z"', ''), '<a:AuthnStatement> has no AuthnInstant'],
    [whole.replace(/<a:AuthnContext>.*<\/a:AuthnContext>/, ''), '<a:AuthnStatement> has no AuthnContext'],
    [whole.replace(/ Method="[^"]*"/, ''), '<a:SubjectConfirmation> has no Method'],
    [saml2(`${issuer}<a:Subject/>`), '<a:Subject> has no BaseID, NameID, EncryptedID or SubjectConfirmation'],
    [saml2(`${issuer + subject}<a:AttributeStatement/>`), '<a:AttributeStatement> has no Attribute or EncryptedAttribute'],
    [response(whole), '<p:Response> has no Status'],
    [response(status('') + whole), '<p:Status> has no StatusCode'],
    [response(status('<p:StatusCode/>') + whole), '<p:StatusCode> has no Value'],
    [response(status() + whole, ' Version="2.0" IssueInstant="2026-06-01T10:00:00Z"'), '<p:Response> has no ID'],
    [response(status() + whole, ' ID="_r" IssueInstant="2026-06-01T10:00:00Z"'), '<p:Response> has no Version'],
    [response(status() + whole, ' ID="_r" Version="1.1" IssueInstant="2026-06-01T10:00:00Z"'), 'Version "1.1"; expected "2.0"'],
    [response(status() + whole, ' ID="_r" Version="2.0"'), '<p:Response> has no IssueInstant'],
    [response1(first), '<p:Response> has no Status'],
    [response1(status('<p:StatusCode Value="p:Success"/>') + first, ' ResponseID="_r" MajorVersion="2" MinorVersion="1" IssueInstant="2026-06-01T10:00:00Z"'),
      'MajorVersion "2"; expected "1"'],
    [makeWresult('<a:EncryptedAssertion xmlns:a="urn:oasis:names:tc:SAML:2.0:assertion"/>'), '<a:EncryptedAssertion> has no EncryptedData'],
    [makeWresult('<e:EncryptedData xmlns:e="http://www.w3.org/2001/04/xmlenc#"/>'), '<e:EncryptedData> has no CipherData'],
    [makeWresult(makeEncryptedToken('CN=x', '1').replace(/<xenc:CipherData>.*<\/xenc:CipherData>/, '<xenc:CipherData/>')),
      '<xenc:CipherData> has no CipherValue or CipherReference'],
    [makeMetadata([{ use: 'signing', base64: 'x' }]).replace(/<X509Data>.*?<\/X509Data>/, ''), 'KeyInfo is empty'],
  ]; // prettier-ignore
  for (const [text, why] of cases)
    expect(inspect(text), text.slice(0, 3000)).toMatchObject({ refused: 'invalid-structure', why: expect.stringContaining(why) });
});
