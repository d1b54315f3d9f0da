import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test, expect } from '@playwright/test';
import { inspectMessage, type InspectionResult } from './inspect-message';
import { makeMetadata } from './testing/make-test-token';

/** Public and hostile messages kept outside the project; read from there, never copied. */
const corpus = join(__dirname, '..', '..', 'shared', 'corpus');
const listFile = join(corpus, 'expected.json');

type Verdict =
  | 'valid'
  | 'valid-cr'
  | 'valid-parse'
  | 'sig-invalid'
  | 'unsigned'
  | 'invalid'
  | 'not-wellformed'
  | 'xsw'
  | 'comment'
  | 'xxe'
  | 'untrusted-key'
  | 'encrypted'
  | 'fault';

const expected: Readonly<Record<string, { readonly verdict: Verdict }>> = existsSync(listFile)
  ? (JSON.parse(readFileSync(listFile, 'utf8')) as Record<string, { verdict: Verdict }>)
  : {};
const sample = (file: string): Buffer => readFileSync(join(corpus, file));

/** Metadata that lists the first certificate found in the text: the key the sample's makers knew. */
const metadataFor = (text: string): Buffer | undefined => {
  const base64 = /<(?:\w+:)?X509Certificate>([^<]+)</.exec(text)?.[1];
  return base64 ? Buffer.from(makeMetadata([{ use: 'signing', base64: base64.replace(/\s/g, '') }])) : undefined;
};

/** Tokens without KeyInfo are judged with the key of the sample beside them. */
const keySource = (file: string): string =>
  decodeURIComponent(sample(file.replace('_WithNoKeyInfo', '')).toString('utf8').replaceAll('+', '%2B')).replaceAll('%2B', '+');

/** What our output says for each verdict of the corpus: one rule per kind of message. */
const outputOf: Readonly<Record<Verdict, (result: InspectionResult) => void>> = {
  valid: ({ json, exitCode }) => expect([json.refused, json.signature.status, json.signature.lineEndings, exitCode]).toEqual([null, 'valid', 'as-is', 0]),
  'valid-cr': ({ json, exitCode }) =>
    expect([json.refused, json.signature.status, json.signature.lineEndings, exitCode]).toEqual([null, 'valid', 'cr-restored', 0]),
  'valid-parse': ({ json, exitCode }) => expect([json.refused, json.signature.status, exitCode]).toEqual([null, 'absent', 0]),
  'sig-invalid': ({ json, exitCode }) => expect([json.refused, json.signature.status, exitCode]).toEqual([null, 'invalid', 2]),
  unsigned: ({ json, exitCode }) => expect([json.refused, json.signature.status, exitCode]).toEqual([null, 'absent', 0]),
  invalid: ({ json, exitCode }) => expect([json.refused, exitCode]).toEqual(['invalid-structure', 2]),
  'not-wellformed': ({ json, exitCode }) => expect([json.refused, exitCode]).toEqual(['not-well-formed', 2]),
  xsw: ({ json, exitCode }) => expect([json.refused, json.signature.status, exitCode]).toEqual(['ambiguous', 'ambiguous', 2]),
  // The value is neither cut at the comment nor does the comment become part of it.
  comment: ({ json }) => expect([json.refused, /^[^\s<>!]+@[^\s<>!]+$/.test(json.token?.subject ?? '')]).toEqual([null, true]),
  xxe: ({ json, exitCode }) => expect([json.refused, exitCode]).toEqual(['doctype', 2]),
  'untrusted-key': ({ json, exitCode }) => expect([json.refused, json.signature.status, exitCode]).toEqual([null, 'untrusted-key', 2]),
  encrypted: ({ json, exitCode }) => expect([json.refused, json.signature.status, json.token?.encrypted, exitCode]).toEqual([null, 'encrypted', true, 0]),
  fault: ({ json, exitCode }) => expect([json.kind, json.refused, exitCode]).toEqual(['fault', null, 0]),
};

test('the corpus of real and hostile messages is at hand', () => {
  test.skip(!existsSync(listFile), 'The corpus is not on this machine (../shared/corpus beside the project).');
  expect(Object.keys(expected).length).toBeGreaterThan(0);
});

for (const [file, { verdict }] of Object.entries(expected))
  test(`${file} gets the corpus verdict ${verdict}`, () => {
    const needsKey = (verdict === 'valid' || verdict === 'valid-cr') && !file.startsWith('metadata/');
    const input = sample(file);
    outputOf[verdict](inspectMessage(input, { metadata: needsKey ? metadataFor(keySource(file)) : undefined }));
  });

const withCorpus = (title: string, body: () => void): void =>
  test(title, () => {
    test.skip(!existsSync(listFile), 'The corpus is not on this machine (../shared/corpus beside the project).');
    body();
  });

withCorpus('the real AD FS sign-in is valid for its certificate and read whole, and a token without metadata is never called valid', () => {
  const file = 'wresult/im-WaSignInWithCRLF.form.txt';
  const { json } = inspectMessage(sample(file), { metadata: metadataFor(keySource(file)) });
  expect(json.signature.signerSha1).toBe('CB25B8EDFBAC2218B4EBF884337DEEF0A923DBD1');
  expect(json.kind).toBe('wresult');
  expect(json.claims).toContain('http://schemas.xmlsoap.org/ws/2005/05/identity/claims/streetAddress');
  expect(json.token?.authenticationMethod).toBe('urn:federation:authentication:windows');
  expect(inspectMessage(sample(file)).json.signature.status).toBe('untrusted-key');
});

withCorpus('real AD FS metadata lists each certificate once, whichever generation wrote it', () => {
  for (const file of ['metadata/adfs-v2.xml', 'metadata/adfs-v4.xml']) {
    const { json } = inspectMessage(sample(file));
    expect(json.certificates.map(({ use }) => use).sort()).toEqual(['encryption', 'signing']);
    expect(json.certificates.find(({ use }) => use === 'signing')?.sha1).toBe(json.signature.signerSha1);
    expect(json.certificates.every(({ selfSigned }) => selfSigned)).toBe(true);
    expect(json.metadata?.passiveEndpoints.every((address) => address.endsWith('/adfs/ls/'))).toBe(true);
  }
});

withCorpus('an attacker who embeds his own certificate stays untrusted also beside real metadata', () => {
  const file = Object.keys(expected).find((name) => expected[name]?.verdict === 'untrusted-key') ?? '';
  expect(inspectMessage(sample(file), { metadata: sample('metadata/adfs-v4.xml') }).json.signature.status).toBe('untrusted-key');
});

withCorpus('a comment inside a name does not cut it', () => {
  expect(inspectMessage(sample('attacks/ruby-response_node_text_attack.b64')).json.token?.subject).toBe('support@onelogin.com');
});

withCorpus('a signing certificate that is no DER, a SOAP fault and an encrypted token are named in words', () => {
  expect(inspectMessage(sample('saml11/auth0-invalid-cert.txt')).json.why).toContain('signing certificate is invalid');
  expect(inspectMessage(sample('wresult/auth0-soap-fault.xml')).json).toMatchObject({
    fault: { codes: ['env:Sender', 'fed:BadRequest'], reason: 'User cancelled' },
  });
  expect(inspectMessage(sample('saml2/ruby-unsigned_encrypted_adfs.xml')).json.why).toMatch(/encrypted .*aes128-cbc.*rsa-oaep-mgf1p/);
});
