import { escapeXml, namespaces } from '../xml';

export interface TokenResponseRequest {
  readonly created: Date;
  readonly expires: Date;
  readonly appliesTo: string;
  /** The assertion, or the EncryptedData around it. */
  readonly tokenXml: string;
}

/** The RequestSecurityTokenResponse that travels as `wresult`, in the element order of AD FS (field guide section 3.1). */
export function createTokenResponse({ created, expires, appliesTo, tokenXml }: TokenResponseRequest): string {
  const instant = (name: string, date: Date): string => `<wsu:${name} xmlns:wsu="${namespaces.utility}">${date.toISOString()}</wsu:${name}>`;
  return (
    `<t:RequestSecurityTokenResponse xmlns:t="${namespaces.trust}">` +
    `<t:Lifetime>${instant('Created', created)}${instant('Expires', expires)}</t:Lifetime>` +
    `<wsp:AppliesTo xmlns:wsp="${namespaces.policy}"><wsa:EndpointReference xmlns:wsa="${namespaces.addressing}">` +
    `<wsa:Address>${escapeXml(appliesTo)}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>` +
    `<t:RequestedSecurityToken>${tokenXml}</t:RequestedSecurityToken>` +
    '<t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</t:TokenType>' +
    '<t:RequestType>http://schemas.xmlsoap.org/ws/2005/02/trust/Issue</t:RequestType>' +
    '<t:KeyType>http://schemas.xmlsoap.org/ws/2005/05/identity/NoProofKey</t:KeyType>' +
    '</t:RequestSecurityTokenResponse>'
  );
}
