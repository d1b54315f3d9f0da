import { test, expect } from '@playwright/test';
import { createHash, createHmac, createSign, generateKeyPairSync, sign } from 'node:crypto';
import { canonicalXml } from './canonical-xml';
import { openXml, type OpenedXml } from './gate';
import { excC14n, makeAssertion, makeSigner, makeWresult, rsaSha256, signElement, type TestSigner } from './testing/make-test-token';
import { judgeSignature, type SignatureJudgement } from './signature';
import { descendantElements } from './xml-elements';

let adfs: TestSigner;
let attacker: TestSigner;
test.beforeAll(async () => {
  [adfs, attacker] = await Promise.all([makeSigner('ADFS Signing - sts.contoso.com'), makeSigner('ADFS Signing - sts.contoso.com')]);
});

const open = (text: string): OpenedXml => {
  const xml = openXml(text);
  if (!xml.ok) throw new Error(`test document refused: ${xml.why}`);
  return xml;
};
const judge = (text: string, trusted: readonly TestSigner[] = [adfs]): SignatureJudgement => {
  const xml = open(text);
  const assertion = descendantElements(xml.document).find(({ localName }) => localName === 'Assertion');
  if (!assertion) throw new Error('no assertion');
  return judgeSignature(xml, assertion, trusted.map(({ x509 }) => x509)); // prettier-ignore
};
const signed = (upn?: string): string => signElement(makeWresult(makeAssertion({ upn })), 'Assertion', adfs);

test('a token as AD FS makes it is valid for the known certificate', () => {
  expect(judge(signed())).toMatchObject({ status: 'valid', signerSha1: adfs.x509.fingerprint.replaceAll(':', ''), lineEndings: 'as-is' });
});

test('every accepted algorithm and canonicalization of an independent signer verifies', () => {
  const dsig = 'http://www.w3.org/2000/09/xmldsig#';
  const c14n = 'http://www.w3.org/TR/2001/REC-xml-c14n-20010315';
  const enveloped = `${dsig}enveloped-signature`;
  const special = '<!-- c -->\t"a" &amp; &lt;b&gt;&#xD;\n<x:y xmlns:x="urn:x" x:b="2" a="&#x9;1&quot;" c="é" xmlns="urn:d"><z xmlns=""/></x:y>\u{1F600}';
  for (const options of [
    {},
    { algorithm: `${dsig}rsa-sha1`, digest: `${dsig}sha1` },
    { algorithm: 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha512', digest: 'http://www.w3.org/2001/04/xmlenc#sha512' },
    { canonicalization: `${excC14n}WithComments` },
    { transforms: [enveloped, `${excC14n}WithComments`] },
    { canonicalization: c14n, transforms: [enveloped, c14n] },
  ])
    expect(judge(signElement(makeWresult(makeAssertion({ upn: special })), 'Assertion', adfs, options)), JSON.stringify(options)).toMatchObject({
      status: 'valid',
    });
});

test('changed content, changed digest and changed signature value are invalid', () => {
  const token = signed();
  expect(judge(token.replace('probe@contoso.com', 'admin@contoso.com')).status).toBe('invalid');
  expect(judge(token.replace(/DigestValue>./, 'DigestValue>-')).status).toBe('invalid');
  expect(judge(token.replace(/SignatureValue>(.)/, (_, c: string) => `SignatureValue>${c === 'A' ? 'B' : 'A'}`)).status).toBe('invalid');
  expect(judge(token.replace(/<ds:SignatureValue>[^<]*/, '<ds:SignatureValue>')).status).toBe('invalid');
});

test('a foreign key is untrusted, whether it brings its own certificate or borrows the known one', () => {
  const forged = signElement(makeWresult(makeAssertion({ upn: 'admin@contoso.com' })), 'Assertion', attacker);
  expect(judge(forged)).toMatchObject({ status: 'untrusted-key', signerSha1: attacker.x509.fingerprint.replaceAll(':', '') });
  expect(judge(forged, [])).toMatchObject({ status: 'untrusted-key' });
  expect(judge(forged.replace(attacker.base64, adfs.base64)).status).toBe('invalid');
});

test('KeyInfo is a hint only: without it, or with another certificate in it, the known key decides', () => {
  const bare = signElement(makeWresult(makeAssertion()), 'Assertion', adfs, { keyInfo: false });
  expect(judge(bare).status).toBe('valid');
  expect(judge(bare, [attacker]).status).toBe('invalid');
  expect(judge(bare, []).status).toBe('untrusted-key');
  expect(judge(signed().replace(adfs.base64, attacker.base64))).toMatchObject({ status: 'valid', signerSha1: adfs.x509.fingerprint.replaceAll(':', '') });
  expect(judge(signed().replace(adfs.base64, 'AAAA')).why).toContain('signing certificate is invalid');
});

test('a renewed certificate with the same key is named as the token names it', async () => {
  const renewed = await makeSigner('ADFS Signing - renewed', {
    privateKey: adfs.privateKey,
    publicKey: String(adfs.x509.publicKey.export({ type: 'spki', format: 'pem' })),
  });
  const judged = judge(signElement(makeWresult(makeAssertion()), 'Assertion', renewed));
  expect(judged).toMatchObject({ status: 'valid', signerSha1: renewed.x509.fingerprint.replaceAll(':', '') });
  expect(judged.why).toContain('same key');
});

test('algorithms off the list are unknown: none, HMAC with the public key, XSLT, XPath, names of object properties', () => {
  const token = signed();
  const hmac = 'http://www.w3.org/2000/09/xmldsig#hmac-sha1';
  const withHmac = token.replace(rsaSha256, hmac);
  const signedInfo = descendantElements(open(withHmac).document).find(({ localName }) => localName === 'SignedInfo');
  const key = String(adfs.x509.publicKey.export({ type: 'spki', format: 'pem' }));
  const mac = createHmac('sha1', key)
    .update(signedInfo ? canonicalXml(signedInfo, { exclusive: true, withComments: false, inclusivePrefixes: [] }) : '')
    .digest('base64');
  expect(judge(withHmac.replace(/SignatureValue>[^<]*/, `SignatureValue>${mac}`)).status).toBe('unknown-algorithm');
  for (const name of ['none', '', 'constructor', '__proto__', 'http://www.w3.org/2001/04/xmldsig-more#rsa-md5'])
    expect(judge(token.replace(rsaSha256, name)).status, name).toBe('unknown-algorithm');
  for (const name of ['http://www.w3.org/TR/1999/REC-xslt-19991116', 'http://www.w3.org/TR/1999/REC-xpath-19991116', 'toString'])
    expect(judge(token.replace(`<ds:Transform Algorithm="${excC14n}"/>`, `<ds:Transform Algorithm="${name}"/>`)).status, name).toBe('unknown-algorithm');
  expect(judge(token.replace('xmlenc#sha256', 'xmldsig-more#md5')).status).toBe('unknown-algorithm');
});

test('wrapping, repeated IDs, second references and hidden objects are ambiguous', () => {
  const token = signed();
  const original = /<saml:Assertion[\s\S]*<\/saml:Assertion>/.exec(token)?.[0] ?? '';
  const signature = /<ds:Signature [\s\S]*<\/ds:Signature>/.exec(original)?.[0] ?? '';
  const evil = makeAssertion({ id: '_evil', upn: 'admin@contoso.com' });
  const wrap = (inside: string): string => evil.replace('</saml:Assertion>', `${inside}</saml:Assertion>`);
  const reference = /<ds:Reference [\s\S]*<\/ds:Reference>/.exec(signature)?.[0] ?? '';
  const cases: Record<string, string> = {
    'signature moved to an evil assertion, the original beside it': makeWresult(wrap(signature) + original.replace(signature, '')),
    'the original in an Object of the signature': makeWresult(
      wrap(signature.replace('</ds:Signature>', `<ds:Object>${original.replace(signature, '')}</ds:Object></ds:Signature>`)),
    ),
    'the original inside the evil one': makeWresult(wrap(signature + original.replace(signature, ''))),
    'an evil assertion with the same ID': makeWresult(wrap(signature).replace('_evil', '_6f8e1e8b-d3df-43b7-8b39-2681776af63d') + original),
    'the ID repeated on another element under another name': makeWresult(`${original}<x Id="_6f8e1e8b-d3df-43b7-8b39-2681776af63d"/>`),
    'two signatures': token.replace(signature, signature + signature),
    'two references': token.replace(reference, reference + reference),
    'two SignedInfo': token.replace(/<ds:SignedInfo>[\s\S]*<\/ds:SignedInfo>/, (info) => info + info),
    'an empty URI below the root': token.replace(/URI="[^"]*"/, 'URI=""'),
    'an external URI': token.replace(/URI="[^"]*"/, 'URI="http://127.0.0.1/token"'),
    'an XPointer': token.replace(/URI="[^"]*"/, 'URI="#xpointer(/)"'),
  };
  for (const [name, text] of Object.entries(cases)) expect(judge(text).status, name).toBe('ambiguous');
});

test('a reference to an ID that is not in the document is invalid', () => {
  expect(judge(signed().replace(/URI="[^"]*"/, 'URI="#_gone"')).status).toBe('invalid');
});

/** Signs by hand, for forms the signing library cannot write. */
const signedByHand = (token: string, referenceAttributes: string, c14n: string, inclusivePrefixes: readonly string[] = []): string => {
  const content = descendantElements(open(token).document).find(({ localName }) => localName === 'Assertion');
  const digest = createHash('sha256')
    .update(content ? canonicalXml(content, { exclusive: true, withComments: false, inclusivePrefixes }) : '')
    .digest('base64');
  const dsig = 'http://www.w3.org/2000/09/xmldsig#';
  const info =
    `<SignedInfo xmlns="${dsig}"><CanonicalizationMethod Algorithm="${excC14n}"></CanonicalizationMethod>` +
    `<SignatureMethod Algorithm="${rsaSha256}"></SignatureMethod><Reference${referenceAttributes}><Transforms>` +
    `<Transform Algorithm="${dsig}enveloped-signature"></Transform><Transform Algorithm="${excC14n}">${c14n}</Transform></Transforms>` +
    `<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod><DigestValue>${digest}</DigestValue></Reference></SignedInfo>`;
  const value = createSign('sha256').update(info).sign(adfs.privateKey, 'base64');
  return token.replace('</saml:Assertion>', `<Signature xmlns="${dsig}">${info}<SignatureValue>${value}</SignatureValue></Signature></saml:Assertion>`);
};

test('a reference without URI means the element around the enveloped signature, and still has to match', () => {
  for (const attributes of ['', ' Id="_6f8e1e8b-d3df-43b7-8b39-2681776af63d"']) {
    const whole = signedByHand(makeWresult(makeAssertion()), attributes, '');
    expect(judge(whole).status).toBe('valid');
    expect(judge(whole.replace('probe@', 'admin@')).status).toBe('invalid');
    expect(judge(whole.replace('<t:TokenType>', '<x ID="_6f8e1e8b-d3df-43b7-8b39-2681776af63d"/><t:TokenType>')).status, 'an element with the same ID').toBe(
      'ambiguous',
    );
  }
});

test('an empty URI covers the whole document: instructions around the root too, comments and white space there not', () => {
  const dsig = 'http://www.w3.org/2000/09/xmldsig#';
  const sign = (before: string, after: string): string => {
    const token = makeAssertion();
    const content =
      before + canonicalXml(descendantElements(open(token).document)[0] as never, { exclusive: true, withComments: false, inclusivePrefixes: [] }) + after;
    const info =
      `<SignedInfo xmlns="${dsig}"><CanonicalizationMethod Algorithm="${excC14n}"></CanonicalizationMethod>` +
      `<SignatureMethod Algorithm="${rsaSha256}"></SignatureMethod><Reference URI=""><Transforms>` +
      `<Transform Algorithm="${dsig}enveloped-signature"></Transform><Transform Algorithm="${excC14n}"></Transform></Transforms>` +
      `<DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></DigestMethod>` +
      `<DigestValue>${createHash('sha256').update(content).digest('base64')}</DigestValue></Reference></SignedInfo>`;
    const value = createSign('sha256').update(info).sign(adfs.privateKey, 'base64');
    return token.replace('</saml:Assertion>', `<Signature xmlns="${dsig}">${info}<SignatureValue>${value}</SignatureValue></Signature></saml:Assertion>`);
  };
  const plain = sign('', '');
  expect(judge(plain).status).toBe('valid');
  expect(judge(`<?xml version="1.0"?>\n<!-- c -->\n${plain}\n<!-- c -->\n`).status).toBe('valid');
  expect(judge(`<?style href="x"?>${plain}`).status, 'an instruction was added').toBe('invalid');
  const around = sign('<?a b?>\n', '\n<?c?>\n<?d e?>');
  expect(judge(`<?xml version="1.0"?><?a   b?><!-- c -->${around}<?c?>\n\n<?d e?>`).status).toBe('valid');
  expect(judge(around).status, 'the instructions were taken away').toBe('invalid');
});

test('prefixes named as inclusive are part of what is signed', () => {
  const uri = ' URI="#_6f8e1e8b-d3df-43b7-8b39-2681776af63d"';
  const list = `<InclusiveNamespaces xmlns="${excC14n}" PrefixList="t xs"></InclusiveNamespaces>`;
  const whole = signedByHand(makeWresult(makeAssertion()), uri, list, ['t', 'xs']);
  expect(judge(whole).status).toBe('valid');
  expect(judge(signedByHand(makeWresult(makeAssertion()), uri, list)).status, 'signed without them').toBe('invalid');
});

test('ECDSA signatures verify, and a key of the other kind never does', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const ecdsa = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
  const token = signed().replace(rsaSha256, ecdsa);
  expect(judge(token).status).toBe('invalid');
  const info = descendantElements(open(token).document).find(({ localName }) => localName === 'SignedInfo');
  const data = Buffer.from(info ? canonicalXml(info, { exclusive: true, withComments: false, inclusivePrefixes: [] }) : '');
  const value = sign('sha256', data, { key: privateKey, dsaEncoding: 'ieee-p1363' }).toString('base64');
  const xml = open(token.replace(/SignatureValue>[^<]*/, `SignatureValue>${value}`));
  const assertion = descendantElements(xml.document).find(({ localName }) => localName === 'Assertion');
  // A certificate stands for its key here: only publicKey and fingerprint are read.
  const known = Object.create(adfs.x509, { publicKey: { value: publicKey }, fingerprint256: { value: 'EC' } }) as typeof adfs.x509;
  expect(assertion && judgeSignature(xml, assertion, [known]).why).toContain('verifies with a known certificate');
});

test('carriage returns that the parser removes are restored, and the judgement says so', () => {
  // The signer sees the CR (as a reference); what is posted holds it raw, as AD FS and browsers do.
  const posted = signed('street&#xD;\nVia Roggia 1').replaceAll('&#xD;', '\r');
  expect(judge(posted)).toMatchObject({ status: 'valid', lineEndings: 'cr-restored' });
  expect(judge(posted.replaceAll('\r', '')), 'the CR was lost on the way').toMatchObject({ status: 'valid', lineEndings: 'cr-restored' });
  const mixed = signed('a&#xD;\nb\nc&#xD;d').replaceAll('&#xD;', '\r');
  expect(judge(mixed), 'CR LF, LF and CR side by side: each CR of the source counts').toMatchObject({ status: 'valid', lineEndings: 'cr-restored' });
  expect(judge(posted.replace('Via', 'Vie')), 'changed text stays changed').toMatchObject({ status: 'invalid', lineEndings: 'as-is' });
  expect(judge(`<?xml version="1.0"?>\r\n<!-- a\r\n -->\r\n${posted.replace('<saml:Conditions ', '<saml:Conditions\r\n ')}`)).toMatchObject({
    status: 'valid',
    lineEndings: 'cr-restored',
  });
  expect(judge(signed('a\nb').replace('a\nb', 'a\r\nb')), 'LF was signed, CR LF arrived').toMatchObject({ status: 'valid', lineEndings: 'as-is' });
});

test('an unsigned assertion has no signature, and another assertion’s signature does not count for it', () => {
  expect(judge(makeWresult(makeAssertion())).status).toBe('absent');
});
