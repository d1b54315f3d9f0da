import { createCipheriv, publicEncrypt, constants, randomBytes, randomUUID, X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { KeyPair } from './crm-types';

/** A small token issuer for tests of CRM alone, written apart from the lab's AD FS so that both cannot share a mistake. */
export interface TestToken {
  readonly signing: KeyPair;
  /** null leaves the token readable. */
  readonly encryptFor: KeyPair | null;
  readonly issuer: string;
  readonly audience: string;
  readonly notBefore: Date;
  readonly minutes?: number;
  readonly upn?: string | null;
  /** Applied to the assertion after signing. */
  readonly tamper?: (assertion: string) => string;
  readonly keyInfo?: boolean;
}

const excC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#';

function signedAssertion({ signing, issuer, audience, notBefore, minutes = 60, upn = 'probe@contoso.test', keyInfo = true }: TestToken): string {
  const until = new Date(notBefore.getTime() + minutes * 60_000).toISOString();
  const attribute = upn
    ? `<saml:AttributeStatement><saml:Subject/><saml:Attribute AttributeName="upn" ` +
      `AttributeNamespace="http://schemas.xmlsoap.org/ws/2005/05/identity/claims"><saml:AttributeValue>` +
      `${upn}</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>`
    : '';
  const assertion =
    `<saml:Assertion MajorVersion="1" MinorVersion="1" AssertionID="_${randomUUID()}" Issuer="${issuer}" IssueInstant="${notBefore.toISOString()}" ` +
    `xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion">` +
    `<saml:Conditions NotBefore="${notBefore.toISOString()}" NotOnOrAfter="${until}"><saml:AudienceRestrictionCondition>` +
    `<saml:Audience>${audience}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>` +
    `${attribute}</saml:Assertion>`;
  const signer = new SignedXml({
    privateKey: signing.keyPem,
    publicCert: signing.certPem,
    idAttribute: 'AssertionID',
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: excC14n,
    ...(keyInfo ? {} : { getKeyInfoContent: () => null }),
  });
  signer.addReference({
    xpath: '/*',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', excC14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signer.computeSignature(assertion, { prefix: 'ds', location: { reference: '/*', action: 'append' } });
  return signer.getSignedXml();
}

function encrypted(text: string, pair: KeyPair): string {
  const certificate = new X509Certificate(pair.certPem);
  const key = randomBytes(32);
  const vector = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, vector);
  const data = Buffer.concat([vector, cipher.update(text, 'utf8'), cipher.final()]).toString('base64');
  const wrapped = publicEncrypt({ key: pair.certPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, key).toString('base64');
  const xenc = 'http://www.w3.org/2001/04/xmlenc#';
  return (
    `<xenc:EncryptedData Type="${xenc}Element" xmlns:xenc="${xenc}"><xenc:EncryptionMethod Algorithm="${xenc}aes256-cbc"/>` +
    `<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">` +
    `<e:EncryptedKey xmlns:e="${xenc}"><e:EncryptionMethod Algorithm="${xenc}rsa-oaep-mgf1p">` +
    `<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></e:EncryptionMethod>` +
    `<KeyInfo><o:SecurityTokenReference xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><X509Data>` +
    `<X509IssuerSerial>` +
    `<X509IssuerName>${certificate.issuer.split('\n').reverse().join(', ')}</X509IssuerName>` +
    `<X509SerialNumber>${BigInt(`0x${certificate.serialNumber}`)}</X509SerialNumber>` +
    `</X509IssuerSerial></X509Data></o:SecurityTokenReference></KeyInfo><e:CipherData>` +
    `<e:CipherValue>${wrapped}</e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${data}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`
  );
}

/** A wresult as AD FS would post it. */
export function wresultOf(token: TestToken): string {
  const assertion = (token.tamper ?? ((text) => text))(signedAssertion(token));
  return `<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:RequestedSecurityToken>${
    token.encryptFor ? encrypted(assertion, token.encryptFor) : assertion
  }</t:RequestedSecurityToken></t:RequestSecurityTokenResponse>`;
}
