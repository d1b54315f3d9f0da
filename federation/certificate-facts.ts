import { X509Certificate } from 'node:crypto';
import type { CertificateFacts } from '../contracts/evidence';
import { distinguishedName } from './distinguished-name';

/** Strict base64: Buffer.from alone would skip over anything that is not base64. */
const base64Pattern = /^[A-Za-z0-9+/]+={0,2}$/;

const colonsPattern = /:/g;

/**
 * Bytes of strict base64 text (white space and PEM armour allowed), or null when it is anything else.
 */
export const base64Bytes = (text: string): Buffer | null => {
  const bare = text.replace(/-----(?:BEGIN|END) [A-Z0-9 ]{1,40}-----/g, '').replace(/\s+/g, '');
  if (bare.length % 4 === 1 || !base64Pattern.test(bare)) return null;
  return Buffer.from(bare, 'base64');
};

/** Opens one DER or base64/PEM certificate; `unreadable` says why it is none. Never throws. */
export const openCertificate = (source: Buffer | string): X509Certificate | { readonly unreadable: string } => {
  const der = typeof source === 'string' ? base64Bytes(source) : source;
  if (der === null) return { unreadable: 'The certificate is not base64 text.' };
  if (der[0] !== 0x30)
    return { unreadable: `The certificate is not DER: expected it to begin with 30 (a SEQUENCE), found ${der.subarray(0, 1).toString('hex') || 'nothing'}.` };
  try {
    const certificate = new X509Certificate(der);
    // OpenSSL ignores bytes behind the certificate; another reader might not.
    if (certificate.raw.length !== der.length) return { unreadable: `The certificate has ${der.length - certificate.raw.length} bytes behind its end.` };
    return certificate;
  } catch (error) {
    return { unreadable: `The certificate cannot be read as X.509: ${error instanceof Error ? error.message : String(error)}` };
  }
};

const isSelfSigned = (certificate: X509Certificate): boolean => {
  if (certificate.subject !== certificate.issuer) return false;
  try {
    return certificate.verify(certificate.publicKey);
  } catch {
    return false; // a key or algorithm this OpenSSL does not know proves nothing
  }
};

/** Serial number in decimal, as ds:X509SerialNumber writes it. */
const decimalSerial = (hex: string): string => (hex.startsWith('-') ? `-${BigInt(`0x${hex.slice(1)}`)}` : BigInt(`0x${hex}`).toString());

/**
 * The public facts of one certificate: thumbprints in upper-case hex without separators (as Windows shows them), decimal serial, names on one
 * line in .NET's order, ISO instants. `selfSigned` = subject equals issuer and the signature verifies with the certificate's own key.
 * @param source DER bytes, or base64 text (PEM armour allowed)
 * @returns the facts, or `unreadable` with one sentence. Never throws.
 */
export const certificateFacts = (source: Buffer | string | X509Certificate): CertificateFacts | { readonly unreadable: string } => {
  const certificate = source instanceof X509Certificate ? source : openCertificate(source);
  if ('unreadable' in certificate) return certificate;
  try {
    return {
      sha1: certificate.fingerprint.replace(colonsPattern, ''),
      sha256: certificate.fingerprint256.replace(colonsPattern, ''),
      subject: distinguishedName(certificate.subject ?? ''),
      issuer: distinguishedName(certificate.issuer ?? ''),
      serial: decimalSerial(certificate.serialNumber),
      notBefore: new Date(certificate.validFrom).toISOString(),
      notAfter: new Date(certificate.validTo).toISOString(),
      selfSigned: isSelfSigned(certificate),
    };
  } catch (error) {
    return { unreadable: `The certificate's fields cannot be read: ${error instanceof Error ? error.message : String(error)}` };
  }
};
