import { KeyUsageFlags, KeyUsagesExtension } from '@peculiar/x509';
import { buildCertificate, type KeyPair, newKeyPair } from './build-certificate';

export interface SelfSignedRequest {
  /** `ADFS Signing - sts.contoso.test`: becomes the whole subject, `CN=…`. */
  readonly commonName: string;
  readonly notBefore: Date;
  /** Either this or `notAfter`; 365 days where neither is given. */
  readonly days?: number;
  readonly notAfter?: Date;
  /** A full issuer name (`O=…, CN=…`, the most general part first) other than the subject: the certificate then names a foreign issuer. */
  readonly issuer?: string;
  /** A new key unless given. */
  readonly key?: KeyPair | undefined;
}

const millisecondsPerDay = 86_400_000;
const wholeSeconds = (date: Date): Date => new Date(Math.floor(date.getTime() / 1000) * 1000);

/** An RSA-2048 key with its sha256RSA certificate, signed by itself, with any dates (field guide section 6.3). */
export async function createKeyPair(request: SelfSignedRequest): Promise<{ certPem: string; keyPem: string }> {
  const key = request.key ?? (await newKeyPair());
  const notBefore = wholeSeconds(request.notBefore);
  const notAfter = request.notAfter ? wholeSeconds(request.notAfter) : new Date(notBefore.getTime() + (request.days ?? 365) * millisecondsPerDay);
  const certPem = await buildCertificate({
    subject: `CN=${request.commonName}`,
    issuer: request.issuer,
    subjectKey: key,
    signingKey: key,
    notBefore,
    notAfter,
    extensions: [new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment | KeyUsageFlags.dataEncipherment, true)],
  });
  return { certPem, keyPem: key.keyPem };
}
