import { test, expect } from '@playwright/test';
import { metadataSchema } from '../contracts/evidence';
import { inspectMessage } from './inspect-message';
import { makeAssertion, makeMetadata, makeSigner, signElement, signMetadata, type TestSigner } from './testing/make-test-token';
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
const during = (): string =>
  makeMetadata([
    { use: 'encryption', base64: decrypting.base64 },
    { use: 'signing', base64: secondary.base64 },
    { use: 'signing', base64: primary.base64 },
  ]);

test('metadata in a rollover lists each key once and names the one that signs now', () => {
  const text = signMetadata(during(), primary);
  const reading = readMetadata(Buffer.from(text), url);
  expect(metadataSchema.parse(reading)).toMatchObject({
    ok: true, url, entityId: 'http://sts.contoso.com/adfs/services/trust', signature: { status: 'valid', signerSha1: sha1(primary) },
    passiveEndpoints: ['https://sts.contoso.com/adfs/ls/'], scopes: ['https://internalcrm.contoso.com/'], bytes: text.length,
  }); // prettier-ignore
  expect(reading.ok && reading.keys.map(({ certificate, use }) => [certificate.sha1, use])).toEqual([
    [sha1(decrypting), 'encryption'],
    [sha1(secondary), 'signing'],
    [sha1(primary), 'signing'],
  ]);
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
    expect(readMetadata(signMetadata(makeMetadata(keys), primary), url)).toMatchObject({ ok: true, signature: { status: 'valid' },
      keys: [{ use: 'both', certificate: { sha1: sha1(primary) } }] });
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

test('one certificate that cannot be read is named with its reason, and the good ones are listed', () => {
  const text = makeMetadata([
    { use: 'signing', base64: primary.base64 },
    { use: 'signing', base64: Buffer.from(`-----BEGIN CERTIFICATE-----\n${primary.base64}`).toString('base64') },
  ]);
  const reading = readMetadata(text, url);
  expect(reading).toMatchObject({ ok: true, unreadable: [{ use: 'signing', why: expect.stringMatching(/not DER/) }] });
  expect(reading.ok && reading.keys.length).toBe(1);
});

test('what is no usable metadata gives a kind of refusal and a reason', () => {
  const text = during();
  const cases: readonly (readonly [string, string])[] = [
    ['invalid-structure', text.replace(/ entityID="[^"]*"/, '')],
    ['invalid-structure', text.replace('use="signing"', 'use="singing"')],
    ['invalid-structure', text.replace(/X509Certificate>[^<]{20}/g, 'X509Certificate>%%')],
    ['invalid-structure', text.replace(/X509Certificate>[^<]+/g, 'X509Certificate>QUJDREVGR0g=')],
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

const entities = (inside: string): string =>
  `<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" ID="_all" Name="urn:federation">${inside}</md:EntitiesDescriptor>`;
const other = (): string =>
  makeMetadata([{ use: 'signing', base64: secondary.base64 }])
    .replace('_43144f19', '_53144f19')
    .replace('http://sts.contoso.com/adfs/services/trust', 'urn:other');
const signAll = (text: string, signer: TestSigner): string => signElement(text, 'EntitiesDescriptor', signer, { idAttribute: 'ID', location: 'prepend' });

test('an EntitiesDescriptor around one entity is read like the entity, and signed by itself, by the entity, or both', () => {
  const one = makeMetadata([{ use: 'signing', base64: primary.base64 }]);
  const expected = { ok: true, entityId: 'http://sts.contoso.com/adfs/services/trust', keys: [{ use: 'signing', certificate: { sha1: sha1(primary) } }] };
  const inner = signMetadata(one, primary);
  expect(readMetadata(entities(one), url)).toMatchObject({ ...expected, signature: { status: 'absent' } });
  for (const text of [signAll(entities(one), primary), entities(inner), entities(entities(inner).replace('_all', '_inner')), signAll(entities(inner), primary)])
    expect(readMetadata(text, url), text.slice(0, 200)).toMatchObject({ ...expected, signature: { status: 'valid', signerSha1: sha1(primary) } });
  expect(readMetadata(signAll(entities(inner), secondary), url), 'signed around by a key nobody lists').toMatchObject({
    signature: { status: 'untrusted-key' },
  });
  expect(readMetadata(entities(inner.replace('adfs/ls/', 'evil/ls/')), url)).toMatchObject({ signature: { status: 'invalid' } });
});

test('of several entities none is taken for the STS; inspect lists their keys and judges the signature that covers them', () => {
  const several = entities(makeMetadata([{ use: 'signing', base64: primary.base64 }]) + other());
  expect(readMetadata(several, url)).toMatchObject({
    ok: false,
    refused: 'invalid-structure',
    why: 'The document lists 2 entities (http://sts.contoso.com/adfs/services/trust, urn:other). Expected the metadata of one.',
  });
  const { json, exitCode } = inspectMessage(Buffer.from(signAll(several, primary)));
  expect([json.refused, json.signature.status, json.metadata?.entityId, exitCode]).toEqual([null, 'valid', null, 0]);
  expect(json.certificates.map((certificate) => certificate.sha1)).toEqual([sha1(primary), sha1(secondary)]);
  expect(json.why).toContain('lists 2 entities');
  const half = entities(signMetadata(makeMetadata([{ use: 'signing', base64: primary.base64 }]), primary) + other());
  expect(inspectMessage(Buffer.from(half)).json.signature.status, 'one of two is signed').toBe('absent');
  expect(inspectMessage(Buffer.from(half.replace('adfs/ls/', 'evil/ls/'))).json.signature.status).toBe('invalid');
  const token = signElement(makeAssertion(), 'Assertion', primary);
  expect(inspectMessage(Buffer.from(token), { metadata: Buffer.from(several) }).json, 'no key of theirs is trusted').toMatchObject({
    signature: { status: 'untrusted-key' },
    why: expect.stringContaining('lists 2 entities'),
  });
});

test('entities anywhere else, lists without one, and more keys than any metadata has are refused', () => {
  const one = makeMetadata([{ use: 'signing', base64: primary.base64 }]);
  expect(readMetadata(entities(`<md:Extensions>${one}</md:Extensions>`), url)).toMatchObject({ ok: false, refused: 'ambiguous' });
  expect(readMetadata(entities(one + `<md:Extensions>${signMetadata(other(), secondary)}</md:Extensions>`), url)).toMatchObject({ refused: 'ambiguous' });
  expect(readMetadata(entities(''), url)).toMatchObject({ ok: false, refused: 'invalid-structure', why: expect.stringContaining('no EntityDescriptor') });
  const many = Array.from({ length: 600 }, () => ({ use: 'signing', base64: primary.base64 }));
  const start = performance.now();
  expect(readMetadata(makeMetadata(many.slice(0, 300)), url)).toMatchObject({ ok: true, keys: [{ use: 'signing' }] });
  expect(performance.now() - start, 'the same key again costs little').toBeLessThan(500);
  const distinct = Array.from({ length: 220 }, (_, n) => {
    const der = Buffer.from(primary.x509.raw);
    der[der.length - 1] = n & 255;
    der[der.length - 2] = n >> 8;
    return { use: 'signing', base64: der.toString('base64') };
  });
  expect(readMetadata(makeMetadata(distinct), url)).toMatchObject({ ok: false, refused: 'too-large' });
});

test('a key that is given without a certificate is named, and the others stay', () => {
  const kinds = {
    KeyName: '<KeyName>adfs</KeyName>',
    KeyValue: '<KeyValue><RSAKeyValue><Modulus>AQAB</Modulus><Exponent>AQAB</Exponent></RSAKeyValue></KeyValue>',
    X509IssuerSerial: '<X509Data><X509IssuerSerial><X509IssuerName>CN=x</X509IssuerName><X509SerialNumber>1</X509SerialNumber></X509IssuerSerial></X509Data>',
  };
  for (const [name, inside] of Object.entries(kinds)) {
    const descriptor = `<KeyDescriptor use="signing"><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">${inside}</KeyInfo></KeyDescriptor>`;
    const xml = makeMetadata([{ use: 'signing', base64: primary.base64 }]).replace('<KeyDescriptor', `${descriptor}<KeyDescriptor`);
    const { json } = inspectMessage(Buffer.from(xml));
    expect(json.certificates, name).toHaveLength(1);
    expect(json.why, name).toContain(`${name}, without a certificate`);
    expect(json.refused, name).toBeNull();
  }
});
