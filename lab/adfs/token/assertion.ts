import { randomUUID } from 'node:crypto';
import type { ClaimName, LabAccount } from '../adfs-types';
import { escapeXml, namespaces } from '../xml';
import { signXml } from './sign-xml';

export interface AssertionRequest {
  readonly issuer: string;
  readonly audience: string;
  readonly account: LabAccount;
  readonly claims: readonly ClaimName[];
  /** `urn:federation:authentication:windows`, … */
  readonly authenticationMethod: string;
  /** ISO */
  readonly authenticatedAt: string;
  readonly issuedAt: Date;
  readonly expiresAt: Date;
  readonly signing: { readonly certPem: string; readonly keyPem: string };
}

const identityClaims = 'http://schemas.xmlsoap.org/ws/2005/05/identity/claims';
const claimSources: Readonly<Record<ClaimName, { namespace: string; value: (account: LabAccount) => string }>> = {
  upn: { namespace: identityClaims, value: ({ upn, upnInLsaCache }) => upnInLsaCache ?? upn },
  name: { namespace: identityClaims, value: ({ user }) => user },
  primarysid: { namespace: 'http://schemas.microsoft.com/ws/2008/06/identity/claims', value: ({ sid }) => sid },
};

const subject =
  '<saml:Subject><saml:SubjectConfirmation><saml:ConfirmationMethod>urn:oasis:names:tc:SAML:1.0:cm:bearer</saml:ConfirmationMethod>' +
  '</saml:SubjectConfirmation></saml:Subject>';

/** A signed SAML 1.1 assertion in the element order of AD FS: conditions, attributes, authentication, signature (field guide section 3.2). */
export function createAssertion(request: AssertionRequest): string {
  const { account, claims, issuedAt, expiresAt, signing } = request;
  const attributes = claims.map((name) => {
    const { namespace, value } = claimSources[name];
    return (
      `<saml:Attribute AttributeName="${name}" AttributeNamespace="${namespace}">` +
      `<saml:AttributeValue>${escapeXml(value(account))}</saml:AttributeValue></saml:Attribute>`
    );
  });
  const xml =
    `<saml:Assertion MajorVersion="1" MinorVersion="1" AssertionID="_${randomUUID()}" Issuer="${escapeXml(request.issuer)}" ` +
    `IssueInstant="${issuedAt.toISOString()}" xmlns:saml="${namespaces.saml11}">` +
    `<saml:Conditions NotBefore="${issuedAt.toISOString()}" NotOnOrAfter="${expiresAt.toISOString()}">` +
    `<saml:AudienceRestrictionCondition><saml:Audience>${escapeXml(request.audience)}</saml:Audience></saml:AudienceRestrictionCondition></saml:Conditions>` +
    `<saml:AttributeStatement>${subject}${attributes.join('')}</saml:AttributeStatement>` +
    `<saml:AuthenticationStatement AuthenticationMethod="${escapeXml(request.authenticationMethod)}" ` +
    `AuthenticationInstant="${request.authenticatedAt}">${subject}</saml:AuthenticationStatement></saml:Assertion>`;
  return signXml({ xml, root: 'Assertion', idAttribute: 'AssertionID', place: 'last', ...signing });
}
