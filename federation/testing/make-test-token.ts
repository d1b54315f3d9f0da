/** Messages like those of AD FS (field guide §3 and §5.1), made and signed for the tests of this folder. */
import { X509Certificate } from 'node:crypto';
import { generate } from 'selfsigned';
import { SignedXml } from 'xml-crypto';

export interface TestSigner {
  readonly privateKey: string;
  /** PEM. */
  readonly certificate: string;
  readonly x509: X509Certificate;
  /** Base64 DER, as KeyInfo holds it. */
  readonly base64: string;
}

export const makeSigner = async (commonName: string, keyPair?: { privateKey: string; publicKey: string }): Promise<TestSigner> => {
  const made = await generate([{ name: 'commonName', value: commonName }], {
    keySize: 2048,
    algorithm: 'sha256',
    notBeforeDate: new Date('2026-01-01T00:00:00Z'),
    notAfterDate: new Date('2027-01-01T00:00:00Z'),
    ...(keyPair ? { keyPair } : {}),
  });
  const x509 = new X509Certificate(made.cert);
  return { privateKey: made.private, certificate: made.cert, x509, base64: x509.raw.toString('base64') };
};

export const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
export const excC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const enveloped = 'http://www.w3.org/2000/09/xmldsig#enveloped-signature';

export interface SigningOptions {
  /** Where the signature goes: last child of the element (SAML 1.1), first (metadata, a response), or right after the Issuer (SAML 2.0). */
  readonly location?: 'append' | 'prepend' | 'after-issuer';
  readonly algorithm?: string;
  readonly digest?: string;
  readonly canonicalization?: string;
  readonly transforms?: readonly string[];
  readonly inclusivePrefixes?: readonly string[];
  readonly idAttribute?: string;
  readonly keyInfo?: boolean;
}

const placeFor = (xpath: string, location: NonNullable<SigningOptions['location']>): { reference: string; action: 'append' | 'prepend' | 'after' } =>
  location === 'after-issuer' ? { reference: `${xpath}/*[local-name(.)='Issuer']`, action: 'after' } : { reference: xpath, action: location };

/** Signs the element of that local name inside the message, as AD FS does: enveloped, exc-c14n, rsa-sha256, KeyInfo with the certificate. */
export const signElement = (xml: string, localName: string, signer: TestSigner, options: SigningOptions = {}): string => {
  const signing = new SignedXml({
    privateKey: signer.privateKey,
    ...(options.keyInfo === false ? {} : { publicCert: signer.certificate }),
    idAttribute: options.idAttribute ?? 'AssertionID',
    signatureAlgorithm: options.algorithm ?? rsaSha256,
    canonicalizationAlgorithm: options.canonicalization ?? excC14n,
    inclusiveNamespacesPrefixList: [],
  });
  const xpath = `//*[local-name(.)='${localName}']`;
  signing.addReference({
    xpath,
    transforms: [...(options.transforms ?? [enveloped, excC14n])],
    digestAlgorithm: options.digest ?? 'http://www.w3.org/2001/04/xmlenc#sha256',
    inclusiveNamespacesPrefixList: [...(options.inclusivePrefixes ?? [])],
  });
  signing.computeSignature(xml, { prefix: 'ds', location: placeFor(xpath, options.location ?? 'append') });
  return signing.getSignedXml();
};

export interface TokenParts {
  readonly id?: string;
  readonly upn?: string | undefined;
  readonly issuer?: string;
}

/** An unsigned SAML 1.1 assertion in AD FS's element order. */
export const makeAssertion = ({
  id = '_6f8e1e8b-d3df-43b7-8b39-2681776af63d',
  upn = 'probe@contoso.com',
  issuer = 'http://sts.contoso.com/adfs/services/trust',
}: TokenParts = {}): string => {
  const subject =
    '<saml:Subject><saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod>' +
    '</saml:SubjectConfirmation></saml:Subject>';
  return (
    `<saml:Assertion MajorVersion="1" MinorVersion="1" AssertionID="${id}" Issuer="${issuer}" IssueInstant="2026-06-01T10:00:00.000Z" ` +
    `xmlns:saml="urn:oasis:names:tc:SAML:1.0:assertion">` +
    '<saml:Conditions NotBefore="2026-06-01T10:00:00.000Z" NotOnOrAfter="2026-06-01T22:00:00.000Z"><saml:AudienceRestrictionCondition>' +
    '<saml:Audience>https://internalcrm.contoso.com/</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>' +
    `<saml:AttributeStatement>${subject}<saml:Attribute AttributeName="upn" ` +
    `AttributeNamespace="http://schemas.xmlsoap.org/ws/2005/05/identity/claims"><saml:AttributeValue>${upn}</saml:AttributeValue></saml:Attribute>` +
    '<saml:Attribute AttributeName="primarysid" AttributeNamespace="http://schemas.microsoft.com/ws/2008/06/identity/claims">' +
    '<saml:AttributeValue>S-1-5-21-1-2-3-1104</saml:AttributeValue></saml:Attribute></saml:AttributeStatement>' +
    `<saml:AuthenticationStatement AuthenticationMethod="urn:federation:authentication:windows" AuthenticationInstant="2026-06-01T10:00:00.000Z">` +
    `${subject}</saml:AuthenticationStatement></saml:Assertion>`
  );
};

/** A RequestSecurityTokenResponse of WS-Trust 2005/02 around a token, in AD FS's element order. */
export const makeWresult = (token: string): string =>
  '<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:Lifetime>' +
  '<wsu:Created xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">' +
  '2026-06-01T10:00:00.000Z</wsu:Created>' +
  '<wsu:Expires xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">2026-06-01T22:00:00.000Z' +
  '</wsu:Expires></t:Lifetime><wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy">' +
  '<wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing"><wsa:Address>https://internalcrm.contoso.com/</wsa:Address>' +
  '</wsa:EndpointReference></wsp:AppliesTo>' +
  `<t:RequestedSecurityToken>${token}</t:RequestedSecurityToken><t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</t:TokenType>` +
  `<t:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</t:RequestType>` +
  '<t:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</t:KeyType></t:RequestSecurityTokenResponse>';

/** The frame of an encrypted token as CRM gets it; the cipher text is arbitrary. */
export const makeEncryptedToken = (issuer: string, serial: string): string =>
  '<xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">' +
  '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc"/>' +
  '<KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><e:EncryptedKey xmlns:e="http://www.w3.org/2001/04/xmlenc#">' +
  '<e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">' +
  '<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1"/></e:EncryptionMethod>' +
  '<KeyInfo><o:SecurityTokenReference xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><X509Data>' +
  '<X509IssuerSerial>' +
  `<X509IssuerName>${issuer}</X509IssuerName><X509SerialNumber>${serial}</X509SerialNumber></X509IssuerSerial></X509Data>` +
  `</o:SecurityTokenReference></KeyInfo>` +
  '<e:CipherData><e:CipherValue>AAECAwQFBgcICQ==</e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo><xenc:CipherData>' +
  '<xenc:CipherValue>AAECAwQFBgcICQ==</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>';

const keyDescriptor = (use: string | null, base64: string): string =>
  `<KeyDescriptor${use === null ? '' : ` use="${use}"`}><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#"><X509Data>` +
  `<X509Certificate>${base64}</X509Certificate></X509Data></KeyInfo></KeyDescriptor>`;

/** Unsigned metadata of an STS; every key stands in two roles, as AD FS writes it. */
export const makeMetadata = (keys: readonly { readonly use: string | null; readonly base64: string }[], extra = ''): string => {
  const descriptors = keys.map(({ use, base64 }) => keyDescriptor(use, base64)).join('');
  return (
    '<EntityDescriptor ID="_43144f19-220f-44a7-b8d9-12207fc27b25" entityID="http://sts.contoso.com/adfs/services/trust" ' +
    'xmlns="urn:oasis:names:tc:SAML:2.0:metadata">' +
    '<RoleDescriptor xsi:type="fed:SecurityTokenServiceType" protocolSupportEnumeration="http://docs.oasis-open.org/wsfed/federation/200706" ' +
    'xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="http://docs.oasis-open.org/wsfed/federation/200706">' +
    `${descriptors}<fed:TargetScopes><EndpointReference xmlns="http://www.w3.org/2005/08/addressing">` +
    `<Address>https://internalcrm.contoso.com/</Address></EndpointReference></fed:TargetScopes>` +
    '<fed:PassiveRequestorEndpoint><EndpointReference xmlns="http://www.w3.org/2005/08/addressing">' +
    '<Address>https://sts.contoso.com/adfs/ls/</Address></EndpointReference></fed:PassiveRequestorEndpoint></RoleDescriptor>' +
    `<IDPSSODescriptor protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol">${descriptors}</IDPSSODescriptor>${extra}</EntityDescriptor>`
  );
};

export const signMetadata = (xml: string, signer: TestSigner): string =>
  signElement(xml, 'EntityDescriptor', signer, { idAttribute: 'ID', location: 'prepend' });
