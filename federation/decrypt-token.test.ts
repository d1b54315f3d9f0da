import { constants, createCipheriv, generateKeyPairSync, type KeyObject, publicEncrypt, randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { readWresult } from './read-wresult';
import { makeAssertion, makeEncryptedToken, makeWresult } from './testing/make-test-token';

const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
const other = generateKeyPairSync('rsa', { modulusLength: 2048 });
const xenc11 = 'http://www.w3.org/2009/xmlenc11#';

/** A token encrypted for `pair`, with the key transport written as `method` says. */
const encrypted = (method: string, hash: string, padding = constants.RSA_PKCS1_OAEP_PADDING): string => {
  const [session, iv] = [randomBytes(32), randomBytes(16)];
  const cipher = createCipheriv('aes-256-cbc', session, iv);
  const data = Buffer.concat([iv, cipher.update(makeAssertion()), cipher.final()]).toString('base64');
  const key = publicEncrypt({ key: pair.publicKey, padding, ...(padding === constants.RSA_PKCS1_OAEP_PADDING ? { oaepHash: hash } : {}) }, session).toString(
    'base64',
  );
  return makeWresult(
    makeEncryptedToken('CN=crm', '7')
      .replace(/<e:EncryptionMethod .*?<\/e:EncryptionMethod>/, method)
      .replace(/<e:CipherValue>[^<]*/, `<e:CipherValue>${key}`)
      .replace(/<xenc:CipherValue>[^<]*/, `<xenc:CipherValue>${data}`),
  );
};
const transport = (algorithm: string, inside = ''): string => `<e:EncryptionMethod Algorithm="${algorithm}">${inside}</e:EncryptionMethod>`;
const digest = (name: string): string => `<DigestMethod xmlns="http://www.w3.org/2000/09/xmldsig#" Algorithm="${name}"/>`;
const opened = (text: string, key: KeyObject = pair.privateKey): string | null =>
  readWresult(text, { postedTo: 'https://crm.contoso.com/', keys: [key] }).decryption;

const oaep = 'http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p';
const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';

test('every OAEP transport whose hash and mask agree is opened', () => {
  for (const [method, hash] of [
    [transport(oaep, digest(sha1)), 'sha1'],
    [transport(oaep), 'sha1'],
    [transport(`${xenc11}rsa-oaep`, digest(sha1)), 'sha1'],
    [transport(`${xenc11}rsa-oaep`, `${digest(sha256)}<m:MGF xmlns:m="${xenc11}" Algorithm="${xenc11}mgf1sha256"/>`), 'sha256'],
  ] as const)
    expect(opened(encrypted(method, hash)), method).toBe('opened');
});

test('a transport that is not supported is named, and not taken for another certificate', () => {
  const rsa15 = 'http://www.w3.org/2001/04/xmlenc#rsa-1_5';
  expect(opened(encrypted(transport(rsa15), 'sha1', constants.RSA_PKCS1_PADDING))).toBe(`the token's key is encrypted with ${rsa15}, which is not supported`);
  expect(opened(encrypted(transport(oaep, digest(sha256)), 'sha256'))).toContain('which is not supported');
  expect(opened(encrypted(transport(oaep), 'sha1'), other.privateKey)).toContain('encrypted for another certificate');
});
