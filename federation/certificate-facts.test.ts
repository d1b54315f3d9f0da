import { test, expect } from '@playwright/test';
import { generate } from 'selfsigned';
import { certificateFacts } from './certificate-facts';
import { distinguishedName } from './distinguished-name';
import { makeSigner } from './testing/make-test-token';

test('facts of a self-signed certificate, from DER, base64 and PEM alike', async () => {
  const { x509, base64, certificate } = await makeSigner('ADFS Signing - sts.contoso.com');
  const facts = certificateFacts(x509.raw);
  expect(facts).toEqual({
    sha1: expect.stringMatching(/^[0-9A-F]{40}$/), sha256: expect.stringMatching(/^[0-9A-F]{64}$/), subject: 'CN=ADFS Signing - sts.contoso.com',
    issuer: 'CN=ADFS Signing - sts.contoso.com',
    serial: BigInt(`0x${x509.serialNumber}`).toString(), notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2027-01-01T00:00:00.000Z', selfSigned: true,
  }); // prettier-ignore
  expect(certificateFacts(base64)).toEqual(facts);
  expect(certificateFacts(`\n  ${base64.replace(/.{64}/g, '$&\r\n')}\n`)).toEqual(facts);
  expect(certificateFacts(certificate)).toEqual(facts);
});

test('names are written in .NET order with its quotes, whatever OpenSSL escapes', () => {
  expect(distinguishedName('C=US\nST=Arizona\nO=GoDaddy.com\\, \\"Inc.\\"\nOU=a\\ \nOU=b\\0Ac + 1.2.3.4=x\nemailAddress=a@b.c\nCN=Zoë=1')).toBe(
    'CN="Zoë=1", E=a@b.c, OU="b\nc" + OID.1.2.3.4=x, OU="a ", O="GoDaddy.com, ""Inc.""", S=Arizona, C=US',
  );
});

test('an issued certificate is not self-signed, also where it bears its issuer’s name', async () => {
  const name = [
    { name: 'countryName', value: 'US' },
    { shortName: 'ST', value: 'Arizona' },
    { name: 'commonName', value: 'Root CA' },
  ];
  const root = await generate(name, { algorithm: 'sha256' });
  const leaf = await generate(name, { algorithm: 'sha256', ca: { key: root.private, cert: root.cert } });
  expect(certificateFacts(root.cert)).toMatchObject({ subject: 'CN=Root CA, S=Arizona, C=US', selfSigned: true });
  expect(certificateFacts(leaf.cert)).toMatchObject({ issuer: 'CN=Root CA, S=Arizona, C=US', selfSigned: false });
});

test('what is no certificate is unreadable, with a reason', async () => {
  const { x509 } = await makeSigner('x');
  for (const source of [
    '',
    '%%',
    'THIS-IS-INVALIDuaLvlAUo=',
    'QUJDREVGR0g=',
    Buffer.alloc(0),
    Buffer.from([0x30, 0x03, 1, 2, 3]),
    x509.raw.subarray(0, 200),
    Buffer.concat([x509.raw, Buffer.from('x')]),
  ])
    expect(certificateFacts(source)).toEqual({ unreadable: expect.stringMatching(/certificate/i) });
});
