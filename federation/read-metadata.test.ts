import { test, expect } from '@playwright/test';
import { metadataSchema } from '../contracts/evidence';
import { makeMetadata, makeSigner, signMetadata, type TestSigner } from './testing/make-test-token';
import { readMetadata } from './read-metadata';

const url = 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml';
let primary: TestSigner;
let secondary: TestSigner;
let decrypting: TestSigner;
test.beforeAll(async () => {
  [primary, secondary, decrypting] = await Promise.all([
    makeSigner('ADFS Signing - sts.contoso.com'),
    makeSigner('ADFS Signing - sts.contoso.com'),
    makeSigner('ADFS Encryption - sts.contoso.com'),
  ]);
});
const sha1 = ({ x509 }: TestSigner): string => x509.fingerprint.replaceAll(':', '');
const during = (): string => makeMetadata([{ use: 'encryption', base64: decrypting.base64 }, { use: 'signing', base64: secondary.base64 }, { use: 'signing', base64: primary.base64 }]); // prettier-ignore

test('metadata in a rollover lists each key once and names the one that signs now', () => {
  const text = signMetadata(during(), primary);
  const reading = readMetadata(Buffer.from(text), url);
  expect(metadataSchema.parse(reading)).toMatchObject({
    ok: true, url, entityId: 'http://sts.contoso.com/adfs/services/trust', signature: { status: 'valid', signerSha1: sha1(primary) },
    passiveEndpoints: ['https://sts.contoso.com/adfs/ls/'], scopes: ['https://internalcrm.contoso.com/'], bytes: text.length,
  }); // prettier-ignore
  expect(reading.ok && reading.keys.map(({ certificate, use }) => [certificate.sha1, use])).toEqual([[sha1(decrypting), 'encryption'], [sha1(secondary), 'signing'], [sha1(primary), 'signing']]); // prettier-ignore
});

test('a signer the document does not list is untrusted, a key listed only for encryption too', () => {
  const text = makeMetadata([{ use: 'signing', base64: primary.base64 }, { use: 'encryption', base64: decrypting.base64 }]); // prettier-ignore
  expect(readMetadata(signMetadata(text, secondary), url)).toMatchObject({ ok: true, signature: { status: 'untrusted-key', signerSha1: sha1(secondary) } });
  expect(readMetadata(signMetadata(text, decrypting), url)).toMatchObject({ ok: true, signature: { status: 'untrusted-key' } });
});

test('an application that lists no signing key is judged by the keys it does list', () => {
  expect(readMetadata(signMetadata(makeMetadata([{ use: 'encryption', base64: decrypting.base64 }]), decrypting), url)).toMatchObject({
    ok: true,
    signature: { status: 'valid', signerSha1: sha1(decrypting) },
  });
});

test('a key without use, or with both uses, serves both purposes', () => {
  for (const keys of [
    [{ use: null, base64: primary.base64 }],
    [
      { use: 'signing', base64: primary.base64 },
      { use: 'encryption', base64: primary.base64 },
    ],
  ])
    // prettier-ignore
    expect(readMetadata(signMetadata(makeMetadata(keys), primary), url)).toMatchObject({ ok: true, signature: { status: 'valid' }, keys: [{ use: 'both', certificate: { sha1: sha1(primary) } }] });
});

test('changed, re-indented and unsigned metadata are read, and their signature is not called valid', () => {
  const text = signMetadata(during(), primary);
  expect(readMetadata(text.replace('sts.contoso.com/adfs/ls/', 'evil.contoso.com/adfs/ls/'), url)).toMatchObject({
    ok: true,
    signature: { status: 'invalid', signerSha1: null },
  });
  expect(readMetadata(text.replaceAll('><', '>\n  <'), url)).toMatchObject({ ok: true, signature: { status: 'invalid' } });
  expect(readMetadata(during(), url)).toMatchObject({ ok: true, signature: { status: 'absent', signerSha1: null } });
});

test('what is no usable metadata gives a kind of refusal and a reason', () => {
  const text = during();
  const cases: readonly (readonly [string, string])[] = [
    ['invalid-structure', text.replace(/ entityID="[^"]*"/, '')],
    ['invalid-structure', text.replace('use="signing"', 'use="singing"')],
    ['invalid-structure', text.replace(/X509Certificate>[^<]{20}/, 'X509Certificate>%%')],
    ['invalid-structure', text.replace(/X509Certificate>[^<]*/, 'X509Certificate>QUJDREVGR0g=')],
    ['invalid-structure', text.replace(/<fed:PassiveRequestorEndpoint>.*<\/fed:PassiveRequestorEndpoint>/, '<fed:PassiveRequestorEndpoint/>')],
    ['invalid-structure', text.replace('https://sts.contoso.com/adfs/ls/', '/adfs/ls/')],
    ['invalid-structure', '<EntityDescriptor xmlns="urn:oasis:names:tc:SAML:2.0:metadata" entityID="x"/>'],
    ['invalid-structure', '<html><body>503</body></html>'],
    ['ambiguous', signMetadata(makeMetadata([{ use: 'signing', base64: primary.base64 }], '<Extensions/>'), primary).replace('<Extensions/>', text)],
    ['doctype', `<!DOCTYPE EntityDescriptor>${text}`],
    ['not-well-formed', text.slice(0, -5)],
    ['too-large', text + ' '.repeat(1024 * 1024)],
  ];
  for (const [refused, document] of cases)
    expect(readMetadata(document, url), document.slice(0, 80)).toMatchObject({ ok: false, refused, status: null, why: expect.stringMatching(/\w+ \w+/) });
});
