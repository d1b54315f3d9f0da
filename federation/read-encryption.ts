import type { Element } from '@xmldom/xmldom';
import { certificateFacts } from './certificate-facts';
import type { IssuerSerial } from './issuer-serial';
import { attributeOf, childElements, childNamed, descendantElements, namespaces, textOf } from './xml-elements';

/** What is readable of an encrypted token: for which certificate, and how. */
export interface EncryptionFacts {
  /** The certificate it is encrypted for, or null where the message does not name it. */
  readonly encryptedFor: IssuerSerial | null;
  readonly dataAlgorithm: string | null;
  readonly keyAlgorithm: string | null;
}

const { xenc, ds, saml2 } = namespaces;

/** xenc:EncryptedData, or saml2:EncryptedAssertion around it. */
export const isEncryptedToken = (element: Element): boolean =>
  (element.namespaceURI === xenc && element.localName === 'EncryptedData') || (element.namespaceURI === saml2 && element.localName === 'EncryptedAssertion');

const methodOf = (element: Element | null): string | null => attributeOf(element && childElements(element, xenc, 'EncryptionMethod')[0], 'Algorithm');

const recipient = (keys: readonly Element[]): IssuerSerial | null => {
  const named = keys.flatMap((key) => descendantElements(key)).filter((element) => element.namespaceURI === ds);
  for (const pair of named.filter(({ localName }) => localName === 'X509IssuerSerial')) {
    const issuer = textOf(childNamed(pair, 'X509IssuerName'));
    const serial = textOf(childNamed(pair, 'X509SerialNumber'));
    if (issuer !== null && serial !== null) return { issuer, serial };
  }
  for (const element of named.filter(({ localName }) => localName === 'X509Certificate')) {
    const facts = certificateFacts(textOf(element) ?? '');
    if (!('unreadable' in facts)) return { issuer: facts.issuer, serial: facts.serial };
  }
  return null;
};

/**
 * Reads the frame of an encrypted token (field guide §3.1): data and key algorithm, and the certificate named by X509IssuerSerial or X509Certificate.
 * @param token xenc:EncryptedData or saml2:EncryptedAssertion; its EncryptedKey may stand in KeyInfo or beside the data
 */
export const readEncryption = (token: Element): EncryptionFacts => {
  const data = token.localName === 'EncryptedData' ? token : (childElements(token, xenc, 'EncryptedData')[0] ?? null);
  const keys = descendantElements(token).filter((element) => element.namespaceURI === xenc && element.localName === 'EncryptedKey');
  return { encryptedFor: recipient(keys), dataAlgorithm: methodOf(data), keyAlgorithm: methodOf(keys[0] ?? null) };
};

const lastPart = (algorithm: string | null): string => algorithm?.replace(/^.*[#/]/, '') ?? 'an unnamed algorithm';

/** One sentence for people: for whom the token is encrypted, and how. */
export const encryptionSentence = ({ encryptedFor, dataAlgorithm, keyAlgorithm }: EncryptionFacts): string => {
  const target = encryptedFor
    ? `for the certificate of issuer ${encryptedFor.issuer} with serial ${encryptedFor.serial}`
    : 'for a certificate the message does not name';
  return `The token is encrypted ${target} (data ${lastPart(dataAlgorithm)}, key ${lastPart(keyAlgorithm)}); its signer and claims are not visible.`;
};
