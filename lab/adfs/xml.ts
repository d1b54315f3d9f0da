/** Escapes text for XML element content and double-quoted attributes. */
export const escapeXml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

/** Escapes as AD FS does in the hidden fields of its auto-POST page: `>` stays bare (field guide section 2). */
export const escapeHiddenField = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');

/** A certificate's DER as one line of base64. */
export const certificateBase64 = (certPem: string): string => certPem.replace(/-----[^-]+-----/g, '').replace(/\s+/g, '');

export const namespaces = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  saml11: 'urn:oasis:names:tc:SAML:1.0:assertion',
  saml2Metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  fed: 'http://docs.oasis-open.org/wsfed/federation/200706',
  auth: 'http://docs.oasis-open.org/wsfed/authorization/200706',
  trust: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  addressing: 'http://www.w3.org/2005/08/addressing',
  policy: 'http://schemas.xmlsoap.org/ws/2004/09/policy',
  utility: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd',
  secext: 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd',
} as const;
