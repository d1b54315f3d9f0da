import { createPublicKey, type KeyObject, type X509Certificate } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import { base64Bytes, openCertificate } from './certificate-facts';
import { childElements, descendantElements, namespaces, textOf } from './xml-elements';

/** Keys a ds:KeyInfo offers. They say who claims to have signed, and are never a reason to trust. */
export interface OfferedKeys {
  readonly certificates: readonly X509Certificate[];
  /** Bare keys (ds:KeyValue). */
  readonly keys: readonly KeyObject[];
  /** Why an X509Certificate in it could not be read. */
  readonly unreadable: string | null;
  /** It holds a KeyValue that is the key of none of its certificates: XML-DSig §4.5 wants all of one KeyInfo to mean one key. */
  readonly contradicts: boolean;
}

const rsaKeyValue = (element: Element): KeyObject | null => {
  const [modulus, exponent] = ['Modulus', 'Exponent'].map((name) => base64Bytes(textOf(childElements(element, namespaces.ds, name)[0]) ?? ''));
  if (!modulus || !exponent) return null;
  try {
    return createPublicKey({ format: 'jwk', key: { kty: 'RSA', n: modulus.toString('base64url'), e: exponent.toString('base64url') } });
  } catch {
    return null;
  }
};

/** Whether a KeyValue is the key of one of the certificates. One that cannot be read belongs to none of another kind. */
const belongs = (value: Element, certificates: readonly X509Certificate[]): boolean => {
  const [content] = childElements(value);
  const isRsa = content?.localName === 'RSAKeyValue';
  const key = content && isRsa ? rsaKeyValue(content) : null;
  return certificates.some(({ publicKey }) => (key ? publicKey.equals(key) : isRsa === (publicKey.asymmetricKeyType === 'rsa')));
};

/** Reads certificates and RSA key values of a KeyInfo; nothing is fetched (RetrievalMethod is ignored). */
export const offeredKeys = (keyInfo: Element | null): OfferedKeys => {
  const inside = keyInfo ? descendantElements(keyInfo).filter((element) => element.namespaceURI === namespaces.ds) : [];
  const certificates: X509Certificate[] = [];
  let unreadable: string | null = null;
  for (const element of inside.filter(({ localName }) => localName === 'X509Certificate').slice(0, 10)) {
    const certificate = openCertificate(textOf(element) ?? '');
    if ('unreadable' in certificate) unreadable ??= certificate.unreadable;
    else certificates.push(certificate);
  }
  const keys = inside.filter(({ localName }) => localName === 'RSAKeyValue').slice(0, 10).map(rsaKeyValue).filter((key) => key !== null); // prettier-ignore
  const bare = inside.filter(({ localName, parentNode }) => localName === 'KeyValue' && parentNode === keyInfo);
  return { certificates, keys, unreadable, contradicts: certificates.length > 0 && bare.some((value) => !belongs(value, certificates)) };
};
