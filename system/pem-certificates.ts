/** The PEM blocks of the certificates in a text, in order; other blocks (keys, requests) and comments are left out. */
export function pemCertificates(pem: string): string[] {
  return pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [];
}
