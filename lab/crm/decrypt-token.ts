import { createDecipheriv, privateDecrypt, constants, X509Certificate } from 'node:crypto';
import type { Element } from '@xmldom/xmldom';
import type { KeyPair } from './crm-types';
import { refusals } from './token-refusal';
import { child, descend, descendants, namespaces, textOf } from './xml-reading';

const { encryption: enc, signature: ds } = namespaces;
const aes256cbc = `${enc}aes256-cbc`;
const rsaOaepMgf1p = `${enc}rsa-oaep-mgf1p`;

/** Distinguished names are written in either order and with S or ST; only the parts count here. */
const nameParts = (name: string): string =>
  name
    .split(/\r?\n|,\s*(?=[A-Za-z]+=)/)
    .map((part) => part.trim().replace(/^S=/, 'ST=').replace(/[\\"]/g, ''))
    .filter(Boolean)
    .sort()
    .join('\n');

/** True when the token's X509IssuerSerial names this certificate (field guide §3.1: the serial is decimal). */
function names(issuerSerial: Element, certificate: X509Certificate): boolean {
  const serial = textOf(child(issuerSerial, ds, 'X509SerialNumber'));
  const issuer = textOf(child(issuerSerial, ds, 'X509IssuerName'));
  if (serial === null || issuer === null || !/^\d+$/.test(serial)) return false;
  return BigInt(serial) === BigInt(`0x${certificate.serialNumber}`) && nameParts(issuer) === nameParts(certificate.issuer);
}

function unpad(plain: Buffer): Buffer {
  const padding = plain.at(-1);
  if (padding === undefined || padding < 1 || padding > 16 || padding > plain.length) throw refusals.notDecryptable();
  return plain.subarray(0, plain.length - padding);
}

/**
 * Decrypts an xenc:EncryptedData made for CRM's encryption certificate (aes256-cbc, rsa-oaep-mgf1p, key named by issuer and serial).
 * Throws ID4022 when it was made for another certificate or cannot be decrypted.
 */
export function decryptToken(encryptedData: Element, pair: KeyPair): string {
  const encryptedKey = descend(encryptedData, [ds, 'KeyInfo'], [enc, 'EncryptedKey']);
  const issuerSerial = encryptedKey ? descendants(encryptedKey, ds, 'X509IssuerSerial')[0] : undefined;
  if (!encryptedKey || !issuerSerial || !names(issuerSerial, new X509Certificate(pair.certPem))) throw refusals.notDecryptable();
  if (child(encryptedKey, enc, 'EncryptionMethod')?.getAttribute('Algorithm') !== rsaOaepMgf1p) throw refusals.notDecryptable();
  if (child(encryptedData, enc, 'EncryptionMethod')?.getAttribute('Algorithm') !== aes256cbc) throw refusals.notDecryptable();
  const cipherValue = (parent: Element): Buffer => Buffer.from(textOf(descend(parent, [enc, 'CipherData'], [enc, 'CipherValue'])) ?? '', 'base64');
  try {
    const key = privateDecrypt({ key: pair.keyPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, cipherValue(encryptedKey));
    const data = cipherValue(encryptedData);
    const decipher = createDecipheriv('aes-256-cbc', key, data.subarray(0, 16)).setAutoPadding(false);
    return unpad(Buffer.concat([decipher.update(data.subarray(16)), decipher.final()])).toString('utf8');
  } catch {
    throw refusals.notDecryptable();
  }
}
