import { constants, createDecipheriv, type KeyObject, privateDecrypt } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import { digestAlgorithms, known, type HashName } from './signature-algorithms';
import { attributeOf, childElements, descendantElements, namespaces, textOf } from './xml-elements';

const { xenc } = namespaces;
const xenc11 = 'http://www.w3.org/2009/xmlenc11#';

/** Block ciphers a token may be encrypted with (XML Encryption 1.0 and 1.1). */
const ciphers: Readonly<
  Record<
    string,
    | { readonly name: 'aes-128-cbc' | 'aes-192-cbc' | 'aes-256-cbc'; readonly gcm: null }
    | { readonly name: null; readonly gcm: 'aes-128-gcm' | 'aes-192-gcm' | 'aes-256-gcm' }
  >
> = {
  'http://www.w3.org/2001/04/xmlenc#aes128-cbc': { name: 'aes-128-cbc', gcm: null },
  'http://www.w3.org/2001/04/xmlenc#aes192-cbc': { name: 'aes-192-cbc', gcm: null },
  'http://www.w3.org/2001/04/xmlenc#aes256-cbc': { name: 'aes-256-cbc', gcm: null },
  'http://www.w3.org/2009/xmlenc11#aes128-gcm': { name: null, gcm: 'aes-128-gcm' },
  'http://www.w3.org/2009/xmlenc11#aes192-gcm': { name: null, gcm: 'aes-192-gcm' },
  'http://www.w3.org/2009/xmlenc11#aes256-gcm': { name: null, gcm: 'aes-256-gcm' },
};

/**
 * Opens an encrypted token with the operator's copy of CRM's encryption key, on this machine only (field guide §3.1: aes256-cbc, rsa-oaep-mgf1p).
 * Returns the assertion's XML, or one sentence why it stays closed. Never throws.
 */
export function decryptToken(
  token: Element,
  keys: readonly KeyObject[],
): { readonly ok: true; readonly xml: string } | { readonly ok: false; readonly why: string } {
  const data = token.localName === 'EncryptedData' ? token : (childElements(token, xenc, 'EncryptedData')[0] ?? null);
  const wrapped = descendantElements(token).filter((element) => element.namespaceURI === xenc && element.localName === 'EncryptedKey');
  const algorithm = methodOf(data);
  const cipher = ciphers[algorithm ?? ''];
  const body = data && cipherValue(data);
  if (!cipher || !body) return { ok: false, why: `the token's data is encrypted with ${algorithm ?? 'an unnamed algorithm'}, which is not supported` };
  const readable = wrapped.map((each) => ({ secret: cipherValue(each), hash: oaepHashOf(each) }));
  if (!readable.some(({ hash }) => hash !== null))
    return { ok: false, why: `the token's key is encrypted with ${wrapped.map(methodOf).join(', ').slice(0, 200) || 'no RSA key'}, which is not supported` };
  for (const { secret, hash } of readable) {
    if (!secret || hash === null) continue;
    for (const key of keys) {
      const session = attempt(() => privateDecrypt({ key, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: hash }, secret));
      const xml = session && attempt(() => decipher(cipher, session, body));
      if (xml) return { ok: true, xml };
    }
  }
  return { ok: false, why: 'the key given does not open the token: it is encrypted for another certificate' };
}

/**
 * The hash of an RSA-OAEP key transport, or null for another transport. rsa-oaep-mgf1p has the mask MGF1 with SHA-1, XML Encryption 1.1 names it; Node can
 * only open what has one hash for both.
 */
function oaepHashOf(key: Element): HashName | null {
  const method = methodOf(key);
  if (method !== `${xenc}rsa-oaep-mgf1p` && method !== `${xenc11}rsa-oaep`) return null;
  const parts = childElements(key, xenc, 'EncryptionMethod').flatMap((each) => childElements(each));
  const named = (name: string): string | null => attributeOf(parts.find(({ localName }) => localName === name) ?? null, 'Algorithm');
  const [digest, mask] = [named('DigestMethod'), method === `${xenc11}rsa-oaep` ? named('MGF') : null];
  const hash = digest === null ? 'sha1' : known(digestAlgorithms, digest);
  return hash !== null && (mask?.replace(`${xenc11}mgf1`, '') ?? 'sha1') === hash ? hash : null;
}

function decipher(cipher: (typeof ciphers)[string], session: Buffer, body: Buffer): string {
  if (cipher.gcm !== null) {
    const opened = createDecipheriv(cipher.gcm, session, body.subarray(0, 12)).setAuthTag(body.subarray(-16));
    return Buffer.concat([opened.update(body.subarray(12, -16)), opened.final()]).toString('utf8');
  }
  // XML Encryption pads with anything but its last byte, which counts; PKCS#7 checking would refuse that.
  const opened = createDecipheriv(cipher.name, session, body.subarray(0, 16)).setAutoPadding(false);
  const plain = Buffer.concat([opened.update(body.subarray(16)), opened.final()]);
  return plain.subarray(0, plain.length - (plain.at(-1) ?? 0)).toString('utf8');
}

const methodOf = (element: Element | null): string | null => attributeOf(element && (childElements(element, xenc, 'EncryptionMethod')[0] ?? null), 'Algorithm');

function cipherValue(element: Element): Buffer | null {
  const holder = childElements(element, xenc, 'CipherData')[0];
  const text = textOf(holder && (childElements(holder, xenc, 'CipherValue')[0] ?? null));
  return text ? Buffer.from(text, 'base64') : null;
}

function attempt<T>(work: () => T): T | null {
  try {
    return work();
  } catch {
    return null;
  }
}
