/** Where a signature stands, and what its KeyInfo says of the key: what a receiver that goes by the schema refuses is not taken here. */
import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { inspectMessage, type Inspection } from './inspect-message';
import { makeAssertion, makeMetadata, makeSigner, makeWresult, signElement, type TestSigner } from './testing/make-test-token';

let adfs: TestSigner;
let other: TestSigner;
test.beforeAll(async () => {
  [adfs, other] = await Promise.all([makeSigner('ADFS Signing - sts.contoso.com'), makeSigner('another')]);
});
const metadata = (): Buffer => Buffer.from(makeMetadata([{ use: 'signing', base64: adfs.base64 }]));
const inspect = (text: string, known = true): Inspection => inspectMessage(Buffer.from(text), known ? { metadata: metadata() } : {}).json;

const signatureIn = (text: string): string => /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(text)?.[0] ?? '';
const moved = (text: string, before: string): string => {
  const signature = signatureIn(text);
  const without = text.replace(signature, '');
  return without.replace(before, `${signature}${before}`);
};

const saml2 = (): string =>
  '<saml:Assertion ID="_a" Version="2.0" IssueInstant="2026-06-01T10:00:00Z" xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">' +
  '<saml:Issuer>http://sts.contoso.com/adfs/services/trust</saml:Issuer>' +
  '<saml:Subject><saml:NameID>probe@contoso.com</saml:NameID></saml:Subject><saml:AuthnStatement AuthnInstant="2026-06-01T10:00:00Z">' +
  '<saml:AuthnContext><saml:AuthnContextClassRef>urn:federation:authentication:windows</saml:AuthnContextClassRef></saml:AuthnContext>' +
  '</saml:AuthnStatement></saml:Assertion>';
const response = (inside: string): string =>
  `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0" IssueInstant="2026-06-01T10:00:00Z"><samlp:Status>` +
  `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${inside}</samlp:Response>`;

test('a signature where its schema has it is judged: last in SAML 1.1, after the Issuer in SAML 2.0, first in a response without one', () => {
  const first = signElement(makeWresult(makeAssertion()), 'Assertion', adfs);
  const second = signElement(saml2(), 'Assertion', adfs, { idAttribute: 'ID', location: 'after-issuer' });
  const around = signElement(response(saml2()), 'Response', adfs, { idAttribute: 'ID', location: 'prepend' });
  for (const text of [first, second, around]) {
    expect(inspect(text)).toMatchObject({ refused: null, signature: { status: 'valid' } });
    expect(inspect(text, false)).toMatchObject({ refused: null, signature: { status: 'untrusted-key' } });
  }
});

test('a misplaced signature is refused as misplaced, whoever made it, and names no signer', () => {
  const first = signElement(makeWresult(makeAssertion()), 'Assertion', adfs);
  const cases: Record<string, string> = {
    'SAML 1.1, before the conditions': moved(first, '<saml:Conditions'),
    'SAML 1.1, between the statements': moved(first, '<saml:AuthenticationStatement'),
    'SAML 2.0, after the statements': signElement(saml2(), 'Assertion', adfs, { idAttribute: 'ID' }),
    'SAML 2.0, before the issuer': signElement(saml2(), 'Assertion', adfs, { idAttribute: 'ID', location: 'prepend' }),
    'a response, after its assertion': signElement(response(saml2()), 'Response', adfs, { idAttribute: 'ID' }),
  };
  for (const [name, text] of Object.entries(cases))
    for (const known of [true, false]) {
      const { refused, why, signature } = inspect(text, known);
      expect({ refused, signature }, name).toEqual({ refused: 'invalid-structure', signature: { status: 'invalid', signerSha1: null, lineEndings: 'as-is' } });
      expect(why, name).toContain('misplaced');
    }
});

test('a signature beside the assertion, or elsewhere in the message, is called misplaced and proves nothing', () => {
  const text = signElement(makeWresult(makeAssertion()), 'Assertion', adfs);
  const signature = signatureIn(text);
  const bare = text.replace(signature, '');
  for (const beside of [
    bare.replace('</t:RequestedSecurityToken>', `${signature}</t:RequestedSecurityToken>`),
    bare.replace('</t:RequestedSecurityToken>', `</t:RequestedSecurityToken>${signature}`),
    bare.replace('</t:RequestSecurityTokenResponse>', `${signature}</t:RequestSecurityTokenResponse>`),
  ])
    for (const known of [true, false]) {
      const { refused, why, signature: judged } = inspect(beside, known);
      expect(refused).toBe('ambiguous');
      expect(judged.status).toBe('ambiguous');
      expect(why).toContain('misplaced');
    }
});

const keyValue = (signer: TestSigner): string => {
  const { n, e } = signer.x509.publicKey.export({ format: 'jwk' });
  const text = (part = ''): string => Buffer.from(part, 'base64url').toString('base64');
  return `<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>${text(n)}</ds:Modulus><ds:Exponent>${text(e)}</ds:Exponent></ds:RSAKeyValue></ds:KeyValue>`;
};
const withKeyValue = (token: string, value: string): string =>
  token.replace(/<ds:KeyInfo>|<ds:X509Data>/, (tag) => (tag === '<ds:KeyInfo>' ? `${tag}${value}` : `${value}${tag}`));

test('a KeyValue that is the certificate’s key says nothing new', () => {
  const text = withKeyValue(signElement(makeWresult(makeAssertion()), 'Assertion', adfs), keyValue(adfs));
  expect(inspect(text)).toMatchObject({ signature: { status: 'valid', signerSha1: adfs.x509.fingerprint.replaceAll(':', '') } });
  expect(inspect(text).why).not.toContain('KeyValue');
});

test('a KeyValue that is not the certificate’s key is mentioned; the signer is named only where a known certificate verifies', () => {
  const { n } = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' });
  const modulus = Buffer.from(String(n), 'base64url').toString('base64');
  const curve =
    '<ds:KeyValue><ECKeyValue xmlns="http://www.w3.org/2009/xmldsig11#"><NamedCurve URI="urn:oid:1.2.840.10045.3.1.7"/>' +
    '<PublicKey>BAAA</PublicKey></ECKeyValue></ds:KeyValue>';
  for (const value of [keyValue(other), keyValue(adfs).replace(/Modulus>[^<]+/, `Modulus>${modulus}`), curve]) {
    const text = withKeyValue(signElement(makeWresult(makeAssertion()), 'Assertion', adfs), value);
    const known = inspect(text);
    expect(known).toMatchObject({ signature: { status: 'valid', signerSha1: adfs.x509.fingerprint.replaceAll(':', '') } });
    expect(known.why).toContain('KeyValue');
    const unknown = inspect(text, false);
    expect(unknown).toMatchObject({ signature: { status: 'untrusted-key', signerSha1: null }, token: { signer: null } });
    expect(unknown.why).toContain('KeyValue');
  }
});

test('a signature by the bare key beside a certificate it does not belong to is not that certificate’s', () => {
  const forged = signElement(makeWresult(makeAssertion()), 'Assertion', other).replace(other.base64, adfs.base64);
  const { signature, why } = inspect(withKeyValue(forged, keyValue(other)));
  expect(signature).toMatchObject({ status: 'untrusted-key', signerSha1: null });
  expect(why).toContain('KeyValue');
});
