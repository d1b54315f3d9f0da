import { test, expect } from '@playwright/test';
import { inspectMessage, maxInspectedBytes, type Inspection } from './inspect-message';
import {
  makeAssertion,
  makeEncryptedToken,
  makeMetadata,
  makeSigner,
  makeWresult,
  signElement,
  signMetadata,
  type TestSigner,
} from './testing/make-test-token';

let adfs: TestSigner;
let wresult: string;
let metadata: Buffer;
test.beforeAll(async () => {
  adfs = await makeSigner('ADFS Signing - sts.contoso.com');
  wresult = signElement(makeWresult(makeAssertion({ upn: 'jörg &amp; co@contoso.com' })), 'Assertion', adfs);
  metadata = Buffer.from(signMetadata(makeMetadata([{ use: 'signing', base64: adfs.base64 }]), adfs));
});
const inspect = (input: string | Buffer): Inspection => inspectMessage(Buffer.from(input), { metadata }).json;
const escapeHtml = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
const page = (field: string, value: string): string =>
  `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="https://internalcrm.contoso.com:443/">` +
  `<input type="hidden" name="wa" value="wsignin1.0" /><input type="hidden" name="${field}" value="${escapeHtml(value)}" />` +
  `<input type="hidden" name="wctx" value="rm=1&amp;id=x" /><noscript><p>Script is disabled.</p></noscript></form></body></html>`;

test('one token gives one answer, in whatever it was saved', () => {
  const url = encodeURIComponent(wresult);
  const base64 = Buffer.from(wresult).toString('base64');
  const forms: Record<string, string | Buffer> = {
    raw: wresult,
    'with byte order mark and blanks': `\uFEFF\r\n  ${wresult}\n`,
    'UTF-16': Buffer.from(`\uFEFF${wresult}`, 'utf16le'),
    base64,
    'base64 in lines': base64.replace(/.{76}/g, '$&\r\n'),
    'base64 of UTF-16': Buffer.from(`\uFEFF${wresult}`, 'utf16le').toString('base64'),
    'URL-encoded': url,
    'URL-encoded twice': encodeURIComponent(url),
    'URL-encoded base64': encodeURIComponent(base64),
    'form body': `wa=wsignin1.0&wresult=${url.replaceAll('%20', '+')}&wctx=rm%3D1`,
    'form body of an address': `https://crm.contoso.com/?wa=wsignin1.0&wresult=${url}`,
    'form body already decoded': `wa=wsignin1.0&wresult=${wresult}&wctx=rm=1&id=x`,
    'form body in UTF-16': Buffer.from(`\uFEFFwa=wsignin1.0&wresult=${url}`, 'utf16le'),
    'request with headers': `POST / HTTP/1.1\r\nHost: crm\r\n\r\nwresult=${url}`,
    'auto-POST page': page('wresult', wresult),
    'page with DOCTYPE': `<!DOCTYPE html>${page('wresult', wresult)}`,
    'SAMLResponse field': `SAMLResponse=${encodeURIComponent(base64)}&RelayState=x`,
    'page with SAMLResponse': page('SAMLResponse', base64),
    'HTML-escaped': escapeHtml(wresult),
  };
  for (const [name, input] of Object.entries(forms))
    expect(inspect(input), name).toMatchObject({
      kind: 'wresult',
      refused: null,
      signature: { status: 'valid', lineEndings: 'as-is' },
      token: { appliesTo: 'https://internalcrm.contoso.com/' },
    });
  expect(inspect(page('wresult', wresult)).token?.postedTo).toBe('https://internalcrm.contoso.com:443/');
});

test('the printed object has the keys of the contract, names of claims only, and the exit code', () => {
  const { json, exitCode } = inspectMessage(Buffer.from(wresult), { metadata });
  expect(Object.keys(json)).toEqual(expect.arrayContaining(['kind', 'refused', 'why', 'signature', 'certificates', 'token', 'claims']));
  expect(json.signature).toEqual({ status: 'valid', signerSha1: adfs.x509.fingerprint.replaceAll(':', ''), lineEndings: 'as-is' });
  expect(json.certificates).toMatchObject([{ subject: 'CN=ADFS Signing - sts.contoso.com' }]);
  expect(JSON.stringify(json)).not.toContain('S-1-5-21');
  expect(exitCode).toBe(0);
});

test('exit 2 for what is refused or badly signed, 0 for what is readable, unsigned or encrypted', () => {
  const code = (input: string): number => inspectMessage(Buffer.from(input), { metadata }).exitCode;
  for (const input of [wresult, metadata.toString(), makeWresult(makeAssertion()), makeWresult(makeEncryptedToken('CN=x', '1')), makeMetadata([])])
    expect(code(input), input.slice(0, 60)).toBe(0);
  for (const input of [
    '',
    'nonsense',
    '<a/>',
    '<!DOCTYPE a><a/>',
    wresult.replace('co@contoso', 'co@evil'),
    `<x>${wresult}`,
    metadata.toString().replace('adfs/ls', 'adfs/xx'),
  ])
    expect(code(input), input.slice(0, 60)).toBe(2);
  expect(inspectMessage(Buffer.from(wresult)).exitCode, 'no metadata: nothing to trust').toBe(2);
});

test('metadata that cannot be used is named and trusts nobody', () => {
  expect(inspectMessage(Buffer.from(wresult), { metadata: Buffer.from('<a/>') }).json).toMatchObject({
    signature: { status: 'untrusted-key' },
    why: expect.stringContaining('metadata given cannot be used'),
  });
  expect(inspectMessage(Buffer.from(wresult), { metadata: Buffer.from(metadata.toString().replace('adfs/ls', 'adfs/xx')) }).json).toMatchObject({
    signature: { status: 'valid' },
    why: expect.stringContaining('signature of the metadata given is invalid'),
  });
  expect(
    inspectMessage(Buffer.from(wresult), { metadata: Buffer.from(makeMetadata([{ use: 'encryption', base64: adfs.base64 }])) }).json.signature.status,
  ).toBe('untrusted-key');
});

test('a signature around an encrypted token does not pass for the token’s own', () => {
  const encrypted = `<saml:EncryptedAssertion xmlns:saml="urn:oasis:names:tc:SAML:2.0:assertion">${makeEncryptedToken('CN=x', '1')}</saml:EncryptedAssertion>`;
  const response = signElement(
    `<samlp:Response xmlns:samlp="urn:oasis:names:tc:SAML:2.0:protocol" ID="_r" Version="2.0" IssueInstant="2026-06-01T10:00:00Z"><samlp:Status>` +
      `<samlp:StatusCode Value="urn:oasis:names:tc:SAML:2.0:status:Success"/></samlp:Status>${encrypted}</samlp:Response>`,
    'Response',
    adfs,
    { idAttribute: 'ID', location: 'prepend' },
  );
  expect(inspect(response)).toMatchObject({
    kind: 'assertion',
    signature: { status: 'encrypted' },
    token: { encrypted: true, encryptedFor: { issuer: 'CN=x', serial: '1' } },
  });
  expect(inspect(response.replace('10:00:00Z', '10:00:01Z')).signature.status).toBe('invalid');
});

test('hostile wrappers end soon: 10 MB are refused at once, and nothing below that grows out of proportion', () => {
  const sizes = maxInspectedBytes - 10;
  const fill = (text: string, size = sizes): Buffer => Buffer.alloc(size, text);
  for (const bytes of [fill('<a>', 10 * 1024 * 1024), fill('<input '), fill('<input a="'), fill('%253C'), fill('wresult='), fill('&lt;'), fill('=')]) {
    const start = performance.now();
    expect(inspectMessage(bytes).exitCode).toBe(2);
    expect(performance.now() - start).toBeLessThan(bytes.length > maxInspectedBytes ? 100 : 10_000);
  }
});
