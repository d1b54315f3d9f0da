import { constants, createCipheriv, publicEncrypt, randomBytes } from 'node:crypto';
import { dotnetIssuerSerial } from '../../tls/dotnet-name';
import { escapeXml, namespaces } from '../xml';

/**
 * `xenc:EncryptedData` around an assertion, in the order and with the algorithms of AD FS (field guide section 3.1): aes256-cbc for the
 * data, rsa-oaep-mgf1p with SHA-1 for the key, the receiver's certificate named by issuer and decimal serial.
 */
export function encryptToken(assertionXml: string, receiverCertPem: string): string {
  const key = randomBytes(32);
  const iv = randomBytes(16);
  const cipher = createCipheriv('aes-256-cbc', key, iv);
  const data = Buffer.concat([iv, cipher.update(assertionXml, 'utf8'), cipher.final()]).toString('base64');
  const wrappedKey = publicEncrypt({ key: receiverCertPem, padding: constants.RSA_PKCS1_OAEP_PADDING, oaepHash: 'sha1' }, key).toString('base64');
  const { issuerName, serialNumber } = dotnetIssuerSerial(receiverCertPem);
  return (
    `<xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element" xmlns:xenc="${namespaces.xenc}">` +
    '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc" />' +
    `<KeyInfo xmlns="${namespaces.ds}"><e:EncryptedKey xmlns:e="${namespaces.xenc}">` +
    '<e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p">' +
    '<DigestMethod Algorithm="http://www.w3.org/2000/09/xmldsig#sha1" /></e:EncryptionMethod>' +
    `<KeyInfo><o:SecurityTokenReference xmlns:o="${namespaces.secext}"><X509Data><X509IssuerSerial>` +
    `<X509IssuerName>${escapeXml(issuerName)}</X509IssuerName><X509SerialNumber>${serialNumber}</X509SerialNumber>` +
    '</X509IssuerSerial></X509Data></o:SecurityTokenReference></KeyInfo>' +
    `<e:CipherData><e:CipherValue>${wrappedKey}</e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo>` +
    `<xenc:CipherData><xenc:CipherValue>${data}</xenc:CipherValue></xenc:CipherData></xenc:EncryptedData>`
  );
}
