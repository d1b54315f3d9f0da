import { X509Certificate } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { createCertificateAuthority } from './certificate-authority';
import { dotnetIssuerSerial } from './dotnet-name';
import { createKeyPair } from './self-signed';

test('a server certificate chains to the root through the issuing authority and carries its names and dates', async () => {
  const authority = await createCertificateAuthority('Contoso Lab');
  const notBefore = new Date('2020-01-01T00:00:00Z');
  const notAfter = new Date('2020-03-01T00:00:00Z');
  const issued = await authority.issueServerCertificate({ hosts: ['sts.contoso.test', 'auth.contoso.test'], notBefore, notAfter });
  const [leaf, issuing, root] = [issued.certPem, authority.issuingCertificatePem, authority.certificatePem].map((pem) => new X509Certificate(pem));
  expect(leaf!.subjectAltName).toBe('DNS:sts.contoso.test, DNS:auth.contoso.test');
  expect(new Date(leaf!.validFrom)).toEqual(notBefore);
  expect(new Date(leaf!.validTo)).toEqual(notAfter);
  expect(leaf!.checkIssued(issuing!) && leaf!.verify(issuing!.publicKey)).toBe(true);
  expect(issuing!.checkIssued(root!) && issuing!.verify(root!.publicKey)).toBe(true);
  expect(issued.chainPem.match(/BEGIN CERTIFICATE/g)).toHaveLength(2);
});

test('two authorities and two certificates never share a name or a serial', async () => {
  const [one, two] = await Promise.all([createCertificateAuthority('Contoso Lab'), createCertificateAuthority('Contoso Lab')]);
  expect(new X509Certificate(one.certificatePem).subject).not.toBe(new X509Certificate(two.certificatePem).subject);
  const issued = await Promise.all([1, 2].map(() => one.issueServerCertificate({ hosts: ['sts.contoso.test'] })));
  expect(new Set(issued.map(({ certPem }) => new X509Certificate(certPem).serialNumber)).size).toBe(2);
});

test('an AD FS signing certificate is self-signed, sha256RSA with 2048 bits, and valid for 365 days to the second', async () => {
  const { certPem } = await createKeyPair({ commonName: 'ADFS Signing - sts.contoso.test', notBefore: new Date('2021-02-04T00:18:08.456Z'), days: 365 });
  const certificate = new X509Certificate(certPem);
  expect(certificate.subject).toBe('CN=ADFS Signing - sts.contoso.test');
  expect(certificate.issuer).toBe(certificate.subject);
  expect(certificate.verify(certificate.publicKey)).toBe(true);
  expect(certificate.publicKey.asymmetricKeyDetails?.modulusLength).toBe(2048);
  expect(new Date(certificate.validTo).toISOString()).toBe('2022-02-04T00:18:08.000Z');
});

test('an issuer is written as .NET writes it: most specific part first, S for the state, quotes around a comma, a decimal serial', async () => {
  const { certPem } = await createKeyPair({
    commonName: '*.contoso.test',
    notBefore: new Date(),
    issuer: 'C=US, ST=Arizona, L=Scottsdale, O="GoDaddy.com, Inc.", OU=http://certs.example.test, CN=Go Secure CA - G2',
  });
  const { issuerName, serialNumber } = dotnetIssuerSerial(certPem);
  expect(issuerName).toBe('CN=Go Secure CA - G2, OU=http://certs.example.test, O="GoDaddy.com, Inc.", L=Scottsdale, S=Arizona, C=US');
  expect(serialNumber).toBe(BigInt(`0x${new X509Certificate(certPem).serialNumber}`).toString());
});
