import { randomBytes } from 'node:crypto';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
} from '@peculiar/x509';
import { buildCertificate, type KeyPair, newKeyPair } from './build-certificate';
import type { ServerCertificate } from './https-host';

interface ServerCertificateRequest {
  /** DNS names; the first one is the subject's common name unless `subject` is given. */
  readonly hosts: readonly string[];
  /** Yesterday unless given. */
  readonly notBefore?: Date;
  /** In a year unless given. */
  readonly notAfter?: Date;
  /** A full name in encoded order: `C=US, O="Contoso, Ltd.", CN=*.contoso.test` */
  readonly subject?: string;
}

/** A private authority: a root that clients trust, and an issuing authority below it that servers send along. */
export interface CertificateAuthority {
  /** The root. */
  readonly certificatePem: string;
  /** The issuing authority: sent in `chainPem`, not to be trusted by itself. */
  readonly issuingCertificatePem: string;
  issueServerCertificate(request: ServerCertificateRequest): Promise<ServerCertificate>;
  /** The same by a new authority of this name below the root, as organisations set one up for TLS inspection; it is sent along. */
  issueBySubordinate(name: string, request: ServerCertificateRequest): Promise<ServerCertificate>;
}

const millisecondsPerDay = 86_400_000;

const authorityExtensions = async (own: KeyPair, above: KeyPair, pathLength: number) => [
  new BasicConstraintsExtension(true, pathLength, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
  await SubjectKeyIdentifierExtension.create(own.publicKey),
  await AuthorityKeyIdentifierExtension.create(above.publicKey),
];

/** Makes a new authority. `name` becomes part of its subject; a random suffix keeps two labs' roots apart. Valid from ten years ago for twenty. */
export async function createCertificateAuthority(name: string): Promise<CertificateAuthority> {
  const [root, issuing] = await Promise.all([newKeyPair(), newKeyPair()]);
  const suffix = randomBytes(4).toString('hex').toUpperCase();
  const rootName = `O=${name}, CN=${name} Root CA ${suffix}`;
  const issuingName = `O=${name}, CN=${name} Issuing CA ${suffix}`;
  const validity = { notBefore: new Date(Date.now() - 3653 * millisecondsPerDay), notAfter: new Date(Date.now() + 3653 * millisecondsPerDay) };
  const certificatePem = await buildCertificate({
    ...validity,
    subject: rootName,
    subjectKey: root,
    signingKey: root,
    extensions: await authorityExtensions(root, root, 1),
  });
  const issuingCertificatePem = await buildCertificate({
    ...validity,
    subject: issuingName,
    issuer: rootName,
    subjectKey: issuing,
    signingKey: root,
    extensions: await authorityExtensions(issuing, root, 0),
  });

  const issue = async (
    issuer: { readonly name: string; readonly key: KeyPair; readonly pem: string },
    { hosts, notBefore, notAfter, subject }: ServerCertificateRequest,
  ): Promise<ServerCertificate> => {
    if (hosts.length === 0) throw new Error('issueServerCertificate: expected at least one host name, found none');
    const key = await newKeyPair();
    const certPem = await buildCertificate({
      subject: subject ?? `CN=${hosts[0]}`,
      issuer: issuer.name,
      subjectKey: key,
      signingKey: issuer.key,
      notBefore: notBefore ?? new Date(Date.now() - millisecondsPerDay),
      notAfter: notAfter ?? new Date(Date.now() + 365 * millisecondsPerDay),
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature | KeyUsageFlags.keyEncipherment, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension(hosts.map((value) => ({ type: 'dns' as const, value }))),
        await SubjectKeyIdentifierExtension.create(key.publicKey),
        await AuthorityKeyIdentifierExtension.create(issuer.key.publicKey),
      ],
    });
    return { certPem, keyPem: key.keyPem, chainPem: certPem + issuer.pem };
  };

  return {
    certificatePem,
    issuingCertificatePem,
    issueServerCertificate: (request) => issue({ name: issuingName, key: issuing, pem: issuingCertificatePem }, request),
    async issueBySubordinate(subordinate, request) {
      const key = await newKeyPair();
      const name = `O=${suffix}, CN=${subordinate}`;
      const extensions = await authorityExtensions(key, root, 0);
      const pem = await buildCertificate({ ...validity, subject: name, issuer: rootName, subjectKey: key, signingKey: root, extensions });
      return issue({ name, key, pem }, request);
    },
  };
}
