import type { CertificateFacts, Metadata, RouteEvidence } from '../../contracts/evidence';
import { withoutStop } from './wording';

type KeyName = { readonly issuer: string; readonly serial: string };

/** Which certificate the token was encrypted for, against the one CRM publishes. */
export type EncryptionMatch =
  | { readonly state: 'match'; readonly tokenFor: KeyName; readonly certificate: CertificateFacts; readonly issuerAgrees: boolean }
  | { readonly state: 'mismatch'; readonly tokenFor: KeyName; readonly published: readonly CertificateFacts[] }
  | { readonly state: 'not-encrypted' }
  | { readonly state: 'unknown'; readonly why: string };

/**
 * Compares X509IssuerSerial of the token with CRM's published encryption certificate. The decimal serial decides;
 * the issuer's name, written differently by each library, only supports.
 */
export function encryptionMatch({ token, crmMetadata }: Pick<RouteEvidence, 'token' | 'crmMetadata'>): EncryptionMatch {
  if (token === null) return { state: 'unknown', why: 'no token was seen' };
  if (!token.encrypted)
    return token.unreadable === null ? { state: 'not-encrypted' } : { state: 'unknown', why: `the token could not be read: ${withoutStop(token.unreadable)}` };
  const tokenFor = token.encryptedFor;
  if (tokenFor === null) return { state: 'unknown', why: 'the token does not name the certificate it is encrypted for' };
  if (crmMetadata === null) return { state: 'unknown', why: "CRM's metadata was not captured" };
  if (!crmMetadata.ok) return { state: 'unknown', why: `CRM's metadata could not be read: ${withoutStop(crmMetadata.why)}` };
  const published = encryptionCertificates(crmMetadata);
  if (published.length === 0) return { state: 'unknown', why: "CRM's metadata publishes no encryption certificate" };
  const certificate = published.find(({ serial }) => sameSerial(serial, tokenFor.serial));
  return certificate
    ? { state: 'match', tokenFor, certificate, issuerAgrees: sameName(certificate.issuer, tokenFor.issuer) }
    : { state: 'mismatch', tokenFor, published };
}

/** Certificates a metadata document offers for encryption. */
export const encryptionCertificates = (metadata: Metadata): readonly CertificateFacts[] =>
  metadata.ok ? metadata.keys.filter(({ use }) => use !== 'signing').map(({ certificate }) => certificate) : [];

/** Decimal serials, leading zeros aside. */
export const sameSerial = (a: string, b: string): boolean => a.trim().replace(/^0+(?=\d)/, '') === b.trim().replace(/^0+(?=\d)/, '');

/** Distinguished names as sets of parts: order, spacing, quotes and .NET's "S" for "ST" are no difference. */
function sameName(a: string, b: string): boolean {
  return nameParts(a).join('|') === nameParts(b).join('|');
}

function nameParts(name: string): readonly string[] {
  const parts = name.match(/(?:[^,"\n+]|"(?:[^"]|"")*"|\\.)+/g) ?? [];
  return parts
    .map((part) => part.trim())
    .filter((part) => part.includes('='))
    .map((part) => {
      const key = part.slice(0, part.indexOf('=')).trim().toUpperCase();
      const value = part
        .slice(part.indexOf('=') + 1)
        .trim()
        .replace(/^"|"$/g, '')
        .replace(/""/g, '"')
        .replace(/\\(.)/g, '$1');
      return `${key === 'S' ? 'ST' : key}=${value.toLowerCase()}`;
    })
    .sort();
}
