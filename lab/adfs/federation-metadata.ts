import { randomUUID } from 'node:crypto';
import type { CertificateStore } from './certificate-store';
import { signXml } from './token/sign-xml';
import { certificateBase64, escapeXml, namespaces } from './xml';

export interface FederationMetadataRequest {
  readonly entityId: string;
  readonly origin: string;
  readonly displayName: string;
  readonly certificates: CertificateStore;
}

const protocols = `http://docs.oasis-open.org/ws-sx/ws-trust/200512 ${namespaces.trust} ${namespaces.fed}`;
const saml2Protocol = 'urn:oasis:names:tc:SAML:2.0:protocol';
const saml2Binding = 'urn:oasis:names:tc:SAML:2.0:bindings:HTTP';
const claims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const microsoftClaims = 'http://schemas.microsoft.com/ws/2008/06/identity/claims';

const claimTypes: readonly (readonly [uri: string, name: string])[] = [
  [`${claims}/emailaddress`, 'E-Mail Address'],
  [`${claims}/givenname`, 'Given Name'],
  [`${claims}/name`, 'Name'],
  [`${claims}/upn`, 'UPN'],
  ['http://schemas.xmlsoap.org/claims/CommonName', 'Common Name'],
  ['http://schemas.xmlsoap.org/claims/Group', 'Group'],
  [`${microsoftClaims}/role`, 'Role'],
  [`${claims}/surname`, 'Surname'],
  [`${claims}/nameidentifier`, 'Name ID'],
  [`${microsoftClaims}/authenticationinstant`, 'Authentication time stamp'],
  [`${microsoftClaims}/authenticationmethod`, 'Authentication method'],
  [`${microsoftClaims}/groupsid`, 'Group SID'],
  [`${microsoftClaims}/primarysid`, 'Primary SID'],
  [`${microsoftClaims}/windowsaccountname`, 'Windows account name'],
];

const claimList = (): string =>
  claimTypes
    .map(
      ([uri, name]) =>
        `<auth:ClaimType Uri="${uri}" Optional="true" xmlns:auth="${namespaces.auth}"><auth:DisplayName>${name}</auth:DisplayName></auth:ClaimType>`,
    )
    .join('');

const key = (use: 'signing' | 'encryption', certPem: string): string =>
  `<KeyDescriptor use="${use}"><KeyInfo xmlns="${namespaces.ds}"><X509Data><X509Certificate>${certificateBase64(certPem)}</X509Certificate>` +
  `</X509Data></KeyInfo></KeyDescriptor>`;

const endpoint = (name: string, address: string): string => `<fed:${name}>${reference(address)}</fed:${name}>`;
const reference = (address: string): string =>
  `<EndpointReference xmlns="${namespaces.addressing}"><Address>${escapeXml(address)}</Address></EndpointReference>`;
const binding = (element: string, kind: string, location: string, more = ''): string =>
  `<${element} Binding="${saml2Binding}-${kind}" Location="${escapeXml(location)}"${more}/>`;

/**
 * The federation metadata of AD FS: signed with the primary token-signing key, the signature first; four roles, each with the keys again;
 * both signing keys while two exist, in order of age rather than of rank (field guide section 5.1).
 */
export function createFederationMetadata({ entityId, origin, displayName, certificates }: FederationMetadataRequest): string {
  const { signingPrimary, signingSecondary, decryptingPrimary } = certificates;
  const signingKeys = [signingPrimary, ...(signingSecondary ? [signingSecondary] : [])]
    .sort((a, b) => a.notBefore.getTime() - b.notBefore.getTime())
    .map(({ certPem }) => key('signing', certPem))
    .join('');
  const encryptionKey = key('encryption', decryptingPrimary.certPem);
  const passive = `${origin}/adfs/ls/`;
  const trustAddress = (path: string): string => `${origin}/adfs/services/trust/${path}`;
  const role = (type: string): string =>
    `<RoleDescriptor xsi:type="fed:${type}" protocolSupportEnumeration="${protocols}" ServiceDisplayName="${escapeXml(displayName)}" ` +
    `xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:fed="${namespaces.fed}">`;
  const scopes = [trustAddress('2005/issuedtokenmixedasymmetricbasic256'), trustAddress('13/issuedtokenmixedasymmetricbasic256'), passive, entityId];
  const logout = binding('SingleLogoutService', 'Redirect', passive) + binding('SingleLogoutService', 'POST', passive);
  const nameIds = ['1.1:nameid-format:emailAddress', '2.0:nameid-format:persistent', '2.0:nameid-format:transient']
    .map((format) => `<NameIDFormat>urn:oasis:names:tc:SAML:${format}</NameIDFormat>`)
    .join('');

  const xml =
    `<EntityDescriptor ID="_${randomUUID()}" entityID="${escapeXml(entityId)}" xmlns="${namespaces.saml2Metadata}">` +
    role('ApplicationServiceType') +
    encryptionKey +
    `<fed:ClaimTypesRequested>${claimList()}</fed:ClaimTypesRequested>` +
    `<fed:TargetScopes>${scopes.map(reference).join('')}</fed:TargetScopes>` +
    endpoint('ApplicationServiceEndpoint', trustAddress('2005/issuedtokenmixedasymmetricbasic256')) +
    endpoint('PassiveRequestorEndpoint', passive) +
    '</RoleDescriptor>' +
    role('SecurityTokenServiceType') +
    signingKeys +
    '<fed:TokenTypesOffered><fed:TokenType Uri="urn:oasis:names:tc:SAML:2.0:assertion"/>' +
    '<fed:TokenType Uri="urn:oasis:names:tc:SAML:1.0:assertion"/></fed:TokenTypesOffered>' +
    `<fed:ClaimTypesOffered>${claimList()}</fed:ClaimTypesOffered>` +
    endpoint('SecurityTokenServiceEndpoint', trustAddress('2005/certificatemixed')) +
    endpoint('PassiveRequestorEndpoint', passive) +
    '</RoleDescriptor>' +
    `<SPSSODescriptor WantAssertionsSigned="true" protocolSupportEnumeration="${saml2Protocol}">${encryptionKey}${signingKeys}${logout}${nameIds}` +
    binding('AssertionConsumerService', 'POST', passive, ' index="0" isDefault="true"') +
    binding('AssertionConsumerService', 'Artifact', passive, ' index="1"') +
    '</SPSSODescriptor>' +
    `<IDPSSODescriptor protocolSupportEnumeration="${saml2Protocol}">${encryptionKey}${signingKeys}${logout}${nameIds}` +
    binding('SingleSignOnService', 'Redirect', passive) +
    binding('SingleSignOnService', 'POST', passive) +
    '</IDPSSODescriptor><ContactPerson contactType="support"/></EntityDescriptor>';
  return signXml({ xml, root: 'EntityDescriptor', idAttribute: 'ID', place: 'first', certPem: signingPrimary.certPem, keyPem: signingPrimary.keyPem });
}

/** WS-MEX: enough for a client to find the token endpoints (field guide section 5.4). */
export function createMetadataExchange(origin: string): string {
  const port = (name: string, path: string): string =>
    `<wsdl:port name="${name}"><soap12:address location="${escapeXml(`${origin}/adfs/services/trust/${path}`)}"/></wsdl:port>`;
  return (
    '<Metadata xmlns="http://schemas.xmlsoap.org/ws/2004/09/mex"><MetadataSection Dialect="http://schemas.xmlsoap.org/wsdl/">' +
    '<wsdl:definitions name="SecurityTokenService" targetNamespace="http://schemas.microsoft.com/ws/2008/06/identity/securitytokenservice" ' +
    'xmlns:wsdl="http://schemas.xmlsoap.org/wsdl/" xmlns:soap12="http://schemas.xmlsoap.org/wsdl/soap12/"><wsdl:service name="SecurityTokenService">' +
    port('CertificateWSTrustBinding_IWSTrustFeb2005Async', '2005/certificatemixed') +
    port('UserNameWSTrustBinding_IWSTrust13Async', '13/usernamemixed') +
    '</wsdl:service></wsdl:definitions></MetadataSection></Metadata>'
  );
}
