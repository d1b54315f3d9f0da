import { SignedXml } from 'xml-crypto';
import { certificateBase64, namespaces } from '../xml';

export interface SigningRequest {
  readonly xml: string;
  /** The root element's local name and the attribute that carries its id. */
  readonly root: string;
  readonly idAttribute: 'AssertionID' | 'ID';
  /** Where the signature goes: AD FS puts it last in an assertion, first in a metadata document. */
  readonly place: 'first' | 'last';
  readonly certPem: string;
  readonly keyPem: string;
}

const exclusiveC14n = 'http://www.w3.org/2001/10/xml-exc-c14n#';

/**
 * Signs the root element as AD FS does: enveloped, exclusive canonicalisation, rsa-sha256, one reference to the root's id, and a KeyInfo
 * with the certificate alone (field guide sections 3.2 and 5.1).
 */
export function signXml({ xml, root, idAttribute, place, certPem, keyPem }: SigningRequest): string {
  const signer = new SignedXml({
    privateKey: keyPem,
    // `ID` is known to the library; naming it again would count it twice.
    ...(idAttribute === 'AssertionID' ? { idAttribute } : {}),
    canonicalizationAlgorithm: exclusiveC14n,
    signatureAlgorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
    getKeyInfoContent: () => `<X509Data><X509Certificate>${certificateBase64(certPem)}</X509Certificate></X509Data>`,
  });
  const rootPath = `/*[local-name(.)='${root}']`;
  signer.addReference({
    xpath: rootPath,
    transforms: ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', exclusiveC14n],
    digestAlgorithm: 'http://www.w3.org/2001/04/xmlenc#sha256',
  });
  signer.computeSignature(xml, { prefix: 'ds', location: { reference: rootPath, action: place === 'first' ? 'prepend' : 'append' } });
  // AD FS writes KeyInfo without a prefix; the signature does not cover it.
  return signer.getSignedXml().replace('<ds:KeyInfo>', `<KeyInfo xmlns="${namespaces.ds}">`).replace('</ds:KeyInfo>', '</KeyInfo>');
}
