import { X509Certificate } from 'node:crypto';
import { XMLSerializer, type Element } from '@xmldom/xmldom';
import { SignedXml } from 'xml-crypto';
import type { StsTrust } from './crm-types';
import { child, descend, descendants, namespaces, parseXml, textOf } from './xml-reading';

const { metadata, federation, signature: ds, instance, addressing } = namespaces;

/**
 * What the claims wizard takes from an AD FS federation metadata document: the issuer's name, the passive endpoint, and the one certificate
 * that signs the document (the primary token-signing certificate, field guide §5.1). Throws, saying what is missing.
 */
export function readStsMetadata(text: string, metadataUrl: string): StsTrust {
  const root = parseXml(text).documentElement;
  const fail = (what: string): never => {
    throw new Error(`${metadataUrl}: expected the federation metadata of a security token service, found ${what}.`);
  };
  if (root?.localName !== 'EntityDescriptor' || root.namespaceURI !== metadata) return fail(`a document with root ${root?.localName ?? '(none)'}`);
  const signatureElement = child(root, ds, 'Signature');
  const embedded = signatureElement ? textOf(descend(signatureElement, [ds, 'KeyInfo'], [ds, 'X509Data'], [ds, 'X509Certificate'])) : null;
  if (!signatureElement || !embedded) return fail('no signature with a certificate');
  const signer = new X509Certificate(Buffer.from(embedded, 'base64'));
  if (!isSignedBy(text, signatureElement, signer)) return fail('a signature that does not fit the document');
  const issuerName = root.getAttribute('entityID');
  if (!issuerName) return fail('no entityID');
  const role = descendants(root, metadata, 'RoleDescriptor').find((element) =>
    (element.getAttributeNS(instance, 'type') ?? '').endsWith('SecurityTokenServiceType'),
  );
  const endpoint = role ? descend(role, [federation, 'PassiveRequestorEndpoint']) : null;
  const signInUrl = endpoint ? textOf(descendants(endpoint, addressing, 'Address')[0] ?? null) : null;
  if (!signInUrl) return fail('no PassiveRequestorEndpoint in a SecurityTokenServiceType role');
  return { metadataUrl, issuerName, signInUrl, trustedThumbprint: signer.fingerprint.replaceAll(':', '') };
}

function isSignedBy(text: string, signatureElement: Element, signer: X509Certificate): boolean {
  try {
    const verifier = new SignedXml({ publicCert: signer.toString(), getCertFromKeyInfo: () => null });
    verifier.loadSignature(new XMLSerializer().serializeToString(signatureElement));
    return verifier.checkSignature(text) && verifier.getSignedReferences().length === 1;
  } catch {
    return false;
  }
}
