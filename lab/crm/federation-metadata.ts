import { randomUUID, X509Certificate } from 'node:crypto';
import { SignedXml } from 'xml-crypto';
import type { KeyPair } from './crm-types';
import { escapeXml, namespaces } from './xml-reading';

const { metadata, federation, addressing, instance, authorization, signature } = namespaces;
const excC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#';
const requestedClaims = [
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/upn', 'UPN'],
  ['http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name', 'Name'],
  ['http://schemas.microsoft.com/ws/2008/06/identity/claims/primarysid', 'Primary SID'],
] as const;

export interface RelyingPartyMetadata {
  /** All identifiers of the relying party; the first is the entityID. */
  readonly scopes: readonly string[];
  /** Where AD FS posts tokens. */
  readonly passiveEndpoint: string;
  readonly encryption: KeyPair;
}

const certificateText = (pem: string): string => new X509Certificate(pem).raw.toString('base64');
const endpointReference = (address: string): string => `<EndpointReference xmlns="${addressing}"><Address>${escapeXml(address)}</Address></EndpointReference>`;

/**
 * CRM's FederationMetadata.xml (field guide §5.2): encryption certificate, requested claims, identifiers and passive endpoint, signed with
 * the encryption certificate's key. The element layout follows the WS-Federation schema; no real sample was found (§14).
 */
export function federationMetadata({ scopes, passiveEndpoint, encryption }: RelyingPartyMetadata): string {
  const keyInfo = `<KeyInfo xmlns="${signature}"><X509Data><X509Certificate>${certificateText(encryption.certPem)}</X509Certificate></X509Data></KeyInfo>`;
  const claims = requestedClaims
    .map(
      ([uri, name]) =>
        `<auth:ClaimType Uri="${uri}" Optional="true" xmlns:auth="${authorization}"><auth:DisplayName>${name}</auth:DisplayName></auth:ClaimType>`,
    )
    .join('');
  const document =
    `<EntityDescriptor ID="_${randomUUID()}" entityID="${escapeXml(scopes[0] ?? passiveEndpoint)}" xmlns="${metadata}">` +
    `<RoleDescriptor xsi:type="fed:ApplicationServiceType" protocolSupportEnumeration="${federation}" xmlns:xsi="${instance}" xmlns:fed="${federation}">` +
    `<KeyDescriptor use="encryption">${keyInfo}</KeyDescriptor>` +
    `<fed:ClaimTypesRequested>${claims}</fed:ClaimTypesRequested>` +
    `<fed:TargetScopes>${scopes.map(endpointReference).join('')}</fed:TargetScopes>` +
    `<fed:ApplicationServiceEndpoint>${endpointReference(passiveEndpoint)}</fed:ApplicationServiceEndpoint>` +
    `<fed:PassiveRequestorEndpoint>${endpointReference(passiveEndpoint)}</fed:PassiveRequestorEndpoint>` +
    `</RoleDescriptor></EntityDescriptor>`;
  const signer = new SignedXml({
    privateKey: encryption.keyPem,
    publicCert: encryption.certPem,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    canonicalizationAlgorithm: excC14n,
  });
  signer.addReference({
    xpath: '/*',
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', excC14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signer.computeSignature(document, { prefix: 'ds', location: { reference: '/*', action: 'prepend' } });
  return `<?xml version="1.0" encoding="utf-8"?>${signer.getSignedXml()}`;
}
