import { expect, test } from '@playwright/test';
import { createCertificateAuthority } from '../tls/certificate-authority';
import { channelBindingOf, expectedChannelBinding } from './channel-binding';

const pair = (id: number, value: Buffer): Buffer => {
  const header = Buffer.alloc(4);
  header.writeUInt16LE(id, 0);
  header.writeUInt16LE(value.length, 2);
  return Buffer.concat([header, value]);
};
const response = (...pairs: Buffer[]): Buffer => Buffer.concat([Buffer.alloc(16 + 28), ...pairs, pair(0, Buffer.alloc(0))]);
const domain = pair(2, Buffer.from('CONTOSO', 'utf16le'));

test('the binding is read from among the other pairs; zeros and none mean unbound', () => {
  const hash = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
  expect(channelBindingOf(response(domain, pair(10, hash)))?.equals(hash)).toBe(true);
  expect(channelBindingOf(response(domain, pair(10, Buffer.alloc(16))))).toBeNull();
  expect(channelBindingOf(response(domain))).toBeNull();
  expect(channelBindingOf(Buffer.alloc(16))).toBeNull();
});

test('two certificates for one name give two bindings', async () => {
  const authority = await createCertificateAuthority('channel binding test');
  const [own, device] = await Promise.all([
    authority.issueServerCertificate({ hosts: ['sts.contoso.test'] }),
    authority.issueBySubordinate('TLS Inspection CA', { hosts: ['sts.contoso.test'] }),
  ]);
  expect(expectedChannelBinding(own.certPem)).toHaveLength(16);
  expect(expectedChannelBinding(own.certPem).equals(expectedChannelBinding(device.certPem))).toBe(false);
});
