import { createPrivateKey, type KeyObject } from 'node:crypto';

/** pkcs-12-pkcs8ShroudedKeyBag and pkcs-12-keyBag (RFC 7292 §4.2), as DER object identifiers. */
const shroudedKeyBag = Buffer.from('060b2a864886f70d010c0a0102', 'hex');
const keyBag = Buffer.from('060b2a864886f70d010c0a0101', 'hex');

/** The RSA private keys in a PFX (PKCS#12) or PEM file, or one sentence why there is none. Never throws; the password is in no message. */
export function readPrivateKeys(file: Buffer, password: string): KeyObject[] | { readonly unreadable: string } {
  const keys = file.includes('-----BEGIN') ? pemKeys(file, password) : pfxKeys(file, password);
  const rsa = keys.filter((key): key is KeyObject => key !== null && key.asymmetricKeyType === 'rsa');
  if (rsa.length > 0) return rsa;
  if (keys.length > 0) return { unreadable: 'the key in the file does not open with this password, or is no RSA key' };
  return { unreadable: 'expected a PFX or PEM file with a private key, found none in it' };
}

function pemKeys(file: Buffer, password: string): (KeyObject | null)[] {
  const blocks = file.toString('latin1').match(/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/g) ?? [];
  return blocks.map((key) => open({ key, passphrase: password }));
}

/**
 * Key bags stand in the part of a PFX that is not encrypted as a whole (so do Windows and OpenSSL write it); each is PKCS#8, encrypted by itself,
 * which OpenSSL opens with every scheme Windows uses (3DES with SHA-1, AES with SHA-256).
 */
function pfxKeys(file: Buffer, password: string): (KeyObject | null)[] {
  const bags = [...bagsAfter(file, shroudedKeyBag), ...bagsAfter(file, keyBag)];
  return bags.map((key) => open({ key, format: 'der', type: 'pkcs8', passphrase: password }));
}

/** The DER value in the [0] that follows each bag identifier. */
function bagsAfter(file: Buffer, identifier: Buffer): Buffer[] {
  const bags: Buffer[] = [];
  for (let at = file.indexOf(identifier); at >= 0; at = file.indexOf(identifier, at + 1)) {
    const wrapper = at + identifier.length;
    const inner = file[wrapper] === 0xa0 ? contentAt(file, wrapper) : null;
    if (inner) bags.push(file.subarray(inner.start, inner.end));
  }
  return bags;
}

/** Where the content of the DER element at `at` stands; null when its length is no definite one or goes past the end. */
function contentAt(file: Buffer, at: number): { readonly start: number; readonly end: number } | null {
  const first = file[at + 1] ?? 0x80;
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) return null;
  const start = at + 2 + lengthBytes;
  const length = lengthBytes === 0 ? first : file.readUIntBE(at + 2, Math.min(lengthBytes, Math.max(0, file.length - at - 2)) || 1);
  return start + length <= file.length ? { start, end: start + length } : null;
}

function open(key: Parameters<typeof createPrivateKey>[0]): KeyObject | null {
  try {
    return createPrivateKey(key);
  } catch {
    return null;
  }
}
