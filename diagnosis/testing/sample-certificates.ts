import type { CertificateFacts } from '../../contracts/evidence';

/** Test material: the names and certificates of a deployment. */

export const startedAt = '2026-03-02T09:00:00.000Z';
export const stsUrl = 'https://sts.contoso.com';
export const entityId = 'http://sts.contoso.com/adfs/services/trust';

const thumbprint = (seed: string): string => {
  let state = 7;
  for (const letter of seed) state = (state * 31 + letter.charCodeAt(0)) % 4_294_967_291;
  return Array.from({ length: 40 }, () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return '0123456789ABCDEF'[Math.floor(state / 65_536) % 16];
  }).join('');
};

/** A certificate's facts; thumbprint and serial follow from `name`. */
export function certificate(name: string, over: Partial<CertificateFacts> = {}): CertificateFacts {
  const sha1 = thumbprint(name);
  const subject = `CN=${name}`;
  return {
    sha1,
    sha256: `${sha1}${thumbprint(`${name} 256`).slice(0, 24)}`,
    subject,
    issuer: subject,
    serial: String(BigInt(`0x${sha1.slice(0, 16)}`)),
    notBefore: '2025-09-01T00:00:00.000Z',
    notAfter: '2026-09-01T00:00:00.000Z',
    selfSigned: true,
    ...over,
  };
}

export const oldSigning = certificate('ADFS Signing - sts.contoso.com', { notBefore: '2025-03-12T00:00:00.000Z', notAfter: '2026-03-12T00:00:00.000Z' });
export const newSigning = certificate('ADFS Signing - sts.contoso.com (new)', {
  subject: 'CN=ADFS Signing - sts.contoso.com',
  issuer: 'CN=ADFS Signing - sts.contoso.com',
  notBefore: '2026-02-20T00:00:00.000Z',
  notAfter: '2027-02-20T00:00:00.000Z',
});
/** The steady signing certificate of a healthy sample: half its life ahead. */
export const signing = certificate('ADFS Signing - sts.contoso.com (steady)', {
  subject: 'CN=ADFS Signing - sts.contoso.com',
  issuer: 'CN=ADFS Signing - sts.contoso.com',
});
export const decrypting = certificate('ADFS Encryption - sts.contoso.com');
export const authority = 'CN=Contoso Issuing CA, O="Contoso, Ltd", C=US';
export const crmEncryption = certificate('*.contoso.com', { issuer: authority, selfSigned: false });
export const crmEncryptionNew = certificate('*.contoso.com (renewed)', {
  subject: 'CN=*.contoso.com',
  issuer: authority,
  selfSigned: false,
  notBefore: '2026-02-28T00:00:00.000Z',
  notAfter: '2027-02-28T00:00:00.000Z',
});
export const serverCertificate = (host: string): CertificateFacts =>
  certificate(`tls ${host}`, { subject: `CN=${host}`, issuer: authority, selfSigned: false });
