import { expect, test } from '@playwright/test';
import { DOMParser } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import type { LabAccount, RelyingPartyTrust } from '../adfs-types';
import { createKeyPair } from '../../tls/self-signed';
import { dotnetIssuerSerial } from '../../tls/dotnet-name';
import { issueToken } from './issue-token';

/** The library has no types. */
interface XmlEncryption {
  decrypt(
    xml: string,
    options: { key: string; disallowDecryptionWithInsecureAlgorithm: boolean; warnInsecureAlgorithm: boolean },
    done: (error: Error | null, plain: string) => void,
  ): void;
}
// eslint-disable-next-line @typescript-eslint/no-require-imports -- an import wants types
const { decrypt } = require('xml-encryption') as XmlEncryption;

const account: LabAccount = {
  user: 'CONTOSO\\probe',
  upn: 'probe@contoso.test',
  password: 'unused-here',
  displayName: 'Probe & Co',
  sid: 'S-1-5-21-1-2-3-1104',
};
const now = new Date('2026-03-01T10:00:00.123Z');
const realm = 'https://internalcrm.contoso.test/';

const issue = async (change: Partial<RelyingPartyTrust> = {}) => {
  const [signing, receiver] = await Promise.all(
    ['ADFS Signing - sts.contoso.test', '*.contoso.test'].map((commonName) => createKeyPair({ commonName, notBefore: now })),
  );
  const trust: RelyingPartyTrust = {
    name: 'CRM',
    enabled: true,
    identifiers: [realm],
    wsFedEndpoint: realm,
    encryptionCertificatePem: receiver!.certPem,
    encryptClaims: true,
    tokenLifetimeMinutes: 60,
    metadataUrl: null,
    passthroughClaims: ['upn', 'name', 'primarysid'],
    ...change,
  };
  const wresult = issueToken({
    trust,
    realm,
    issuer: 'http://sts.contoso.test/adfs/services/trust',
    account,
    authenticationMethod: 'urn:federation:authentication:windows',
    authenticatedAt: now.toISOString(),
    now,
    signing: signing!,
  });
  return { wresult, signing: signing!, receiver: receiver! };
};

const between = (xml: string, start: string, end: string): string => xml.slice(xml.indexOf(start), xml.indexOf(end) + end.length);
const localNames = (xml: string): string[] => {
  const root = new DOMParser().parseFromString(xml, 'text/xml').documentElement!;
  return Array.from(root.childNodes).map((node) => node.nodeName);
};
const decryptToken = (xml: string, key: string): Promise<string> =>
  new Promise((resolve, reject) =>
    decrypt(xml, { key, disallowDecryptionWithInsecureAlgorithm: false, warnInsecureAlgorithm: false }, (error, plain) =>
      error ? reject(error) : resolve(plain),
    ),
  );

test('an encrypted token has the element order of AD FS and names its receiver by issuer and decimal serial', async () => {
  const { wresult, receiver } = await issue();
  expect(localNames(wresult)).toEqual(['t:Lifetime', 'wsp:AppliesTo', 't:RequestedSecurityToken', 't:TokenType', 't:RequestType', 't:KeyType']);
  const { issuerName, serialNumber } = dotnetIssuerSerial(receiver.certPem);
  expect(wresult).toContain(`<X509IssuerName>${issuerName}</X509IssuerName><X509SerialNumber>${serialNumber}</X509SerialNumber>`);
  expect(wresult).not.toContain('probe@contoso.test');
  expect(wresult).toContain('2026-03-01T10:00:00.123Z</wsu:Created>');
  expect(wresult).toContain('2026-03-01T11:00:00.123Z</wsu:Expires>');
});

test('the receiver can decrypt the token, and its signature verifies with the signing certificate', async () => {
  const { wresult, signing, receiver } = await issue();
  const assertion = await decryptToken(between(wresult, '<xenc:EncryptedData', '</xenc:EncryptedData>'), receiver.keyPem);
  expect(localNames(assertion)).toEqual(['saml:Conditions', 'saml:AttributeStatement', 'saml:AuthenticationStatement', 'ds:Signature']);
  const verifier = new SignedXml({ publicCert: signing.certPem, idAttribute: 'AssertionID', getCertFromKeyInfo: () => null });
  verifier.loadSignature(between(assertion, '<ds:Signature', '</ds:Signature>'));
  expect(verifier.checkSignature(assertion)).toBe(true);
  const [signed] = verifier.getSignedReferences();
  expect(signed).toContain('<saml:AttributeValue>CONTOSO\\probe</saml:AttributeValue>');
  expect(signed).toContain('<saml:AttributeValue>probe@contoso.test</saml:AttributeValue>');
  expect(signed).toContain(account.sid);
  expect(signed).toContain('NotBefore="2026-03-01T10:00:00.123Z" NotOnOrAfter="2026-03-01T11:00:00.123Z"');
  expect(signed).toContain(`<saml:Audience>${realm}</saml:Audience>`);
});

test('a changed token no longer verifies', async () => {
  const { wresult, signing } = await issue({ encryptClaims: false });
  const changed = between(wresult, '<saml:Assertion', '</saml:Assertion>').replace('probe@contoso.test', 'admin@contoso.test');
  const verifier = new SignedXml({ publicCert: signing.certPem, idAttribute: 'AssertionID', getCertFromKeyInfo: () => null });
  verifier.loadSignature(between(changed, '<ds:Signature', '</ds:Signature>'));
  expect(verifier.checkSignature(changed)).toBe(false);
});

test('an unencrypted token still verifies inside the response, and an audience override changes AppliesTo as well', async () => {
  const { wresult, signing } = await issue({ encryptClaims: false, issueAudienceOverride: 'https://other.contoso.test/', passthroughClaims: ['upn'] });
  const assertion = between(wresult, '<saml:Assertion', '</saml:Assertion>');
  const verifier = new SignedXml({ publicCert: signing.certPem, idAttribute: 'AssertionID', getCertFromKeyInfo: () => null });
  verifier.loadSignature(between(assertion, '<ds:Signature', '</ds:Signature>'));
  expect(verifier.checkSignature(wresult)).toBe(true);
  expect(wresult).toContain('<wsa:Address>https://other.contoso.test/</wsa:Address>');
  expect(wresult).toContain('<saml:Audience>https://other.contoso.test/</saml:Audience>');
  expect(wresult).not.toContain('primarysid');
});
