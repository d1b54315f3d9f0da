import 'reflect-metadata';
import { createPrivateKey, generateKeyPair, randomBytes, webcrypto } from 'node:crypto';
import { promisify } from 'node:util';
import { cryptoProvider, type Extension, X509CertificateGenerator } from '@peculiar/x509';

// The library's type is the browser's Crypto, which Node's types do not name; the object is the same.
cryptoProvider.set(webcrypto as never);

const generate = promisify(generateKeyPair);
const algorithm = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;

export interface KeyPair {
  readonly publicKey: webcrypto.CryptoKey;
  readonly privateKey: webcrypto.CryptoKey;
  /** PKCS#8 */
  readonly keyPem: string;
}

export interface CertificateRequest {
  /** In encoded order, the most general part first: `O=…, CN=…` */
  readonly subject: string;
  /** The subject's own name unless given. */
  readonly issuer?: string | undefined;
  readonly subjectKey: KeyPair;
  /** Signs the certificate; the subject's own key makes it self-signed. */
  readonly signingKey: KeyPair;
  readonly notBefore: Date;
  readonly notAfter: Date;
  readonly extensions: Extension[];
}

/** A new RSA-2048 key pair. */
export async function newKeyPair(): Promise<KeyPair> {
  const pair = await generate('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const pkcs8 = createPrivateKey(pair.privateKey).export({ type: 'pkcs8', format: 'der' });
  return {
    publicKey: await webcrypto.subtle.importKey('spki', pair.publicKey, algorithm, true, ['verify']),
    privateKey: await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, true, ['sign']),
    keyPem: pair.privateKey,
  };
}

/** An X.509 v3 certificate, sha256RSA, with a random serial of 16 octets. Dates count to the second. Returns PEM with a final newline. */
export async function buildCertificate(request: CertificateRequest): Promise<string> {
  const serial = randomBytes(16);
  // A leading octet of 0x10…0x7f keeps the number positive and all 16 octets significant.
  serial.writeUInt8(0x10 + (serial.readUInt8(0) % 0x70), 0);
  const certificate = await X509CertificateGenerator.create({
    serialNumber: serial.toString('hex'),
    subject: request.subject,
    issuer: request.issuer ?? request.subject,
    notBefore: request.notBefore,
    notAfter: request.notAfter,
    publicKey: request.subjectKey.publicKey,
    signingKey: request.signingKey.privateKey,
    signingAlgorithm: algorithm,
    extensions: request.extensions,
  });
  return `${certificate.toString('pem')}\n`;
}
