import { verify, type KeyObject } from 'node:crypto';

const dsig = 'http://www.w3.org/2000/09/xmldsig#';
const more = 'http://www.w3.org/2001/04/xmldsig-more#';
const xmlenc = 'http://www.w3.org/2001/04/xmlenc#';

export type HashName = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** Digest algorithms accepted. SHA-1: AD FS 2.0's first metadata and relying parties set to rsa-sha1. */
export const digestAlgorithms: Readonly<Record<string, HashName>> = {
  [`${dsig}sha1`]: 'sha1',
  [`${xmlenc}sha256`]: 'sha256',
  [`${more}sha384`]: 'sha384',
  [`${xmlenc}sha512`]: 'sha512',
};

export interface SignatureAlgorithm {
  readonly key: 'rsa' | 'ec';
  readonly hash: HashName;
}

/** Signature algorithms accepted. No HMAC: with one, a public key would serve as the secret. */
export const signatureAlgorithms: Readonly<Record<string, SignatureAlgorithm>> = {
  [`${dsig}rsa-sha1`]: { key: 'rsa', hash: 'sha1' },
  [`${more}rsa-sha256`]: { key: 'rsa', hash: 'sha256' },
  [`${more}rsa-sha384`]: { key: 'rsa', hash: 'sha384' },
  [`${more}rsa-sha512`]: { key: 'rsa', hash: 'sha512' },
  [`${more}ecdsa-sha1`]: { key: 'ec', hash: 'sha1' },
  [`${more}ecdsa-sha256`]: { key: 'ec', hash: 'sha256' },
  [`${more}ecdsa-sha384`]: { key: 'ec', hash: 'sha384' },
  [`${more}ecdsa-sha512`]: { key: 'ec', hash: 'sha512' },
};

/** Canonicalizations accepted, without their InclusiveNamespaces. */
export const canonicalizations: Readonly<Record<string, { readonly exclusive: boolean; readonly withComments: boolean }>> = {
  'http://www.w3.org/2001/10/xml-exc-c14n#': { exclusive: true, withComments: false },
  'http://www.w3.org/2001/10/xml-exc-c14n#WithComments': { exclusive: true, withComments: true },
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315': { exclusive: false, withComments: false },
  'http://www.w3.org/TR/2001/REC-xml-c14n-20010315#WithComments': { exclusive: false, withComments: true },
};

export const envelopedTransform = `${dsig}enveloped-signature`;

/** Own properties only, so that "constructor" and the like are unknown names. */
export const known = <T>(table: Readonly<Record<string, T>>, name: string | null): T | null =>
  name !== null && Object.hasOwn(table, name) ? (table[name] ?? null) : null;

/** True when the signature value over `data` verifies with this key; a key of another kind never does. */
export const verifiesWith = (key: KeyObject, algorithm: SignatureAlgorithm, data: Buffer, value: Buffer): boolean => {
  if (key.type !== 'public' || key.asymmetricKeyType !== algorithm.key) return false;
  try {
    // XML-DSig writes ECDSA values as r and s side by side.
    return verify(algorithm.hash, data, algorithm.key === 'ec' ? { key, dsaEncoding: 'ieee-p1363' } : key, value);
  } catch {
    return false;
  }
};
