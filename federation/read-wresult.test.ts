import { test, expect } from '@playwright/test';
import { tokenFactsSchema, type TokenFacts } from '../contracts/evidence';
import { makeAssertion, makeEncryptedToken, makeSigner, makeWresult, signElement, type TestSigner } from './testing/make-test-token';
import { readWresult } from './read-wresult';

const postedTo = 'https://internalcrm.contoso.com:443/';
let adfs: TestSigner;
test.beforeAll(async () => {
  adfs = await makeSigner('ADFS Signing - sts.contoso.com');
});

/** Reads, and checks that the facts have the shape of the evidence. */
const read = (text: string, trustedCertificates?: readonly string[]): TokenFacts =>
  tokenFactsSchema.parse(readWresult(text, { trustedCertificates, postedTo }));

test('a clear AD FS token is read whole, and its signature judged by base64 or PEM certificates', () => {
  const text = signElement(makeWresult(makeAssertion()), 'Assertion', adfs);
  for (const certificate of [adfs.base64, adfs.certificate])
    expect(read(text, ['nonsense', certificate])).toEqual({
      type: 'urn:oasis:names:tc:SAML:1.0:assertion', encrypted: false, encryptedFor: null, dataAlgorithm: null, keyAlgorithm: null,
      lifetime: { created: '2026-06-01T10:00:00.000Z', expires: '2026-06-01T22:00:00.000Z' }, appliesTo: 'https://internalcrm.contoso.com/',
      issuer: 'http://sts.contoso.com/adfs/services/trust', audience: 'https://internalcrm.contoso.com/', notBefore: '2026-06-01T10:00:00.000Z',
      notOnOrAfter: '2026-06-01T22:00:00.000Z',
      authenticationMethod: 'urn:federation:authentication:windows',
      claims: ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn', 'http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid'],
      signer: { sha1: adfs.x509.fingerprint.replaceAll(':', ''), subject: 'CN=ADFS Signing - sts.contoso.com' }, signature: 'valid', decryption: null,
      bytes: text.length, postedTo, unreadable: null,
    }); // prettier-ignore
});

test('an encrypted token shows lifetime, audience, algorithms and the certificate it is for, and no signer', () => {
  const issuer = 'CN=Go Daddy Secure CA - G2, OU=http://certs.godaddy.com/repository/, O="GoDaddy.com, Inc.", L=Scottsdale, S=Arizona, C=US';
  expect(read(makeWresult(makeEncryptedToken(issuer, '123456789012345678901234567890')))).toMatchObject({
    encrypted: true, encryptedFor: { issuer, serial: '123456789012345678901234567890' }, dataAlgorithm: 'http://www.w3.org/2001/04/xmlenc#aes256-cbc',
    keyAlgorithm: 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p', type: 'urn:oasis:names:tc:SAML:1.0:assertion',
    appliesTo: 'https://internalcrm.contoso.com/',
    lifetime: { created: '2026-06-01T10:00:00.000Z', expires: '2026-06-01T22:00:00.000Z' }, signature: 'encrypted', signer: null, claims: [], unreadable: null,
  }); // prettier-ignore
});

test('WS-Trust 1.3 collections, SOAP envelopes and bare assertions hold their token as well', () => {
  const signed = signElement(makeWresult(makeAssertion()), 'Assertion', adfs);
  const token = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(signed)?.[0] ?? '';
  const newer = signed.replaceAll('http://schemas.xmlsoap.org/ws/2005/02/trust"', 'http://docs.oasis-open.org/ws-sx/ws-trust/200512"');
  for (const text of [
    token,
    newer,
    `<c:RequestSecurityTokenResponseCollection xmlns:c="http://docs.oasis-open.org/ws-sx/ws-trust/200512">${newer}</c:RequestSecurityTokenResponseCollection>`,
    `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope"><s:Header/><s:Body>${signed}</s:Body></s:Envelope>`,
  ])
    expect(read(text, [adfs.base64])).toMatchObject({ signature: 'valid', issuer: 'http://sts.contoso.com/adfs/services/trust', unreadable: null });
});

test('a SAML 2.0 response is covered by its own signature', () => {
  const assertion =
    '<saml:Assertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion" ID="_a" Version="2.0" IssueInstant="2026-06-01T10:00:00.1234567Z">' +
    '<saml:Issuer>http://sts.contoso.com/adfs/services/trust</saml:Issuer><saml:Subject>' +
    '<saml:NameID>probe@<!-- x -->contoso.com</saml:NameID></saml:Subject>' +
    '<saml:Conditions NotBefore="2026-06-01T10:00:00Z" NotOnOrAfter="2026-06-01T11:00:00Z"><saml:AudienceRestriction><saml:Audience>urn:<!-- cut? ' +
    '-->crm</saml:Audience></saml:AudienceRestriction></saml:Conditions>' +
    '<saml:AuthnStatement AuthnInstant="2026-06-01T10:00:00Z"><saml:AuthnContext><saml:AuthnContextClassRef>urn:federation:authentication:windows' +
    '</saml:AuthnContextClassRef></saml:AuthnContext></saml:AuthnStatement></saml:Assertion>';
  const response =
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0" IssueInstant="2026-06-01T10:00:00Z"><samlp:Status>` +
    `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${assertion}</samlp:Response>`;
  const outer = signElement(response, 'Response', adfs, { idAttribute: 'ID', location: 'prepend' });
  expect(read(outer, [adfs.base64])).toMatchObject({
    signature: 'valid',
    audience: 'urn:crm',
    authenticationMethod: 'urn:federation:authentication:windows',
    type: 'urn:oasis:names:tc:SAML:2.0:assertion',
  });
  const inner = signElement(response, 'Assertion', adfs, { idAttribute: 'ID', location: 'after-issuer' });
  const both = signElement(inner, 'Response', adfs, { idAttribute: 'ID', location: 'prepend' });
  expect(read(both, [adfs.base64]).signature).toBe('valid');
  expect(
    read(both.replace('Destination', 'x').replace('Version="2.0" IssueInstant="2026-06-01T10:00:00Z">', 'Version="2.0" IssueInstant="2026-06-01T10:00:01Z">'), [
      adfs.base64,
    ]).signature,
    'a changed response around a good assertion',
  ).toBe('invalid');
  expect(read(response).signature).toBe('absent');
});

test('two assertions, a hidden assertion or a stray signature make the message ambiguous', () => {
  const signed = signElement(makeWresult(makeAssertion()), 'Assertion', adfs);
  const second = makeAssertion({ id: '_second' });
  const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(signed)?.[0] ?? '';
  for (const text of [
    signed.replace('<t:TokenType>', `<x>${second}</x><t:TokenType>`),
    signed.replace('</t:RequestedSecurityToken>', `${second}</t:RequestedSecurityToken>`),
    signed.replace('</t:RequestedSecurityToken>', `${makeEncryptedToken('CN=x', '1')}</t:RequestedSecurityToken>`),
    signed.replace('</saml:Attribute>', `<saml:AttributeValue>${second}</saml:AttributeValue></saml:Attribute>`),
    `<c:RequestSecurityTokenResponseCollection xmlns:c="http://docs.oasis-open.org/ws-sx/ws-trust/200512">` +
      `${signed}${signed}</c:RequestSecurityTokenResponseCollection>`,
    makeWresult('').replace('<t:TokenType>', `<x>${second}</x><t:TokenType>`),
    makeWresult(makeAssertion()).replace('<t:TokenType>', `${signature}<t:TokenType>`),
  ])
    expect(read(text, [adfs.base64])).toMatchObject({ signature: 'ambiguous', unreadable: expect.any(String) });
});

test('SOAP 1.1 and 1.2 faults and SAML status errors are named', () => {
  const fault11 =
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:Server</faultcode><faultstring>ID3242: ' +
    'not authenticated</faultstring></s:Fault></s:Body></s:Envelope>';
  expect(read(fault11).unreadable).toContain('s:Server: ID3242: not authenticated');
  const status =
    '<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0" IssueInstant="2026-06-01T10:00:00Z"><samlp:Status>' +
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Responder">' +
    '<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext"/></samlp:StatusCode></samlp:Status></samlp:Response>';
  expect(read(status).unreadable).toContain('status:Responder / urn:oasis:names:tc:SAML:2.0:status:NoAuthnContext');
});

test('whatever is no token message gives a reason and never throws', () => {
  const broken = [
    '',
    'nonsense',
    '<a/>',
    '<!DOCTYPE a><a/>',
    '<a>'.repeat(100),
    makeWresult(''),
    makeWresult('text only'),
    'x'.repeat(2_000_000),
    makeWresult(makeAssertion()).replace(/ AssertionID="[^"]*"/, ''),
    makeWresult(makeAssertion()).replace('MajorVersion="1"', 'MajorVersion="3"'),
    makeWresult(makeAssertion()).replace('NotBefore="2026', 'NotBefore="20x6'),
    makeWresult(makeAssertion()).replaceAll('ws/2005/02/trust"', 'unsupported"'),
  ];
  for (const text of broken) expect(read(text), text.slice(0, 60)).toMatchObject({ signature: 'absent', unreadable: expect.stringMatching(/\.|\)/) });
});

test('a token of another kind is there, and not read further', () => {
  expect(read(makeWresult('<token xmlns="">dummy</token>'))).toMatchObject({ signature: 'absent', encrypted: false, issuer: null, unreadable: null });
});
