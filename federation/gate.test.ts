import { test, expect } from '@playwright/test';
import { openXml } from './gate';
import { defaultGateLimits } from './gate-limits';

const refusal = (input: string | Buffer): string => {
  const opened = openXml(input);
  return opened.ok ? 'opened' : opened.refused;
};
const utf16be = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

test('ordinary documents are opened, with declaration, comments, instructions, CDATA and a byte order mark', () => {
  for (const text of [
    '<a/>',
    '\uFEFF<a/>',
    '<?xml version="1.0" encoding="utf-8" standalone=\'yes\'?>\n<!-- c --><?p i?><a b="1" c=\'>\'>t&amp;&#x41;<![CDATA[<x>]]><b></b></a>\n<!-- end -->\n',
  ])
    expect(refusal(text), text).toBe('opened');
  expect(refusal(Buffer.from([0xef, 0xbb, 0xbf, ...Buffer.from('<a>é</a>')]))).toBe('opened');
});

test('UTF-16 is read with and without a byte order mark, in both byte orders', () => {
  const text = '<?xml version="1.0" encoding="utf-16"?><a>é€</a>';
  for (const bytes of [Buffer.from(`\uFEFF${text}`, 'utf16le'), Buffer.from(text, 'utf16le'), utf16be(`\uFEFF${text}`), utf16be(text)]) {
    const opened = openXml(bytes);
    expect(opened.ok && opened.document.documentElement?.textContent).toBe('é€');
  }
});

test('a DOCTYPE or entity declaration is refused wherever and however it is written', () => {
  const attacks = [
    '<!DOCTYPE a><a/>',
    '<!doctype a><a/>',
    '<?xml version="1.0"?><!-- <a> --><?x <a>?>\n<!DocType a SYSTEM "file:///etc/passwd"><a/>',
    '<!DOCTYPE a [<!ENTITY x SYSTEM "http://127.0.0.1/">]><a>&x;</a>',
    '<!DOCTYPE l [<!ENTITY a "x"><!ENTITY b "&a;&a;&a;&a;">]><l>&b;</l>',
    '<!ENTITY x "y"><a/>',
    '<a><!DOCTYPE a></a>',
    '<a/><!DOCTYPE a>',
  ];
  for (const text of attacks)
    for (const input of [
      text,
      Buffer.from(text),
      Buffer.from(`\uFEFF${text}`, 'utf16le'),
      Buffer.from(text, 'utf16le'),
      utf16be(`\uFEFF${text}`),
      utf16be(text),
    ])
      expect(refusal(input), text).toBe('doctype');
  expect(refusal('<a><!-- <!DOCTYPE x> --><![CDATA[<!DOCTYPE x>]]></a>')).toBe('opened');
});

test('text that is not well-formed is refused, also where parsers look away', () => {
  const broken = [
    '', ' ', 'text', '<a>', '</a>', '<a></b>', '<a/><b/>', '<a/>x', 'x<a/>', '<a b=1/>', '<a b="1" b="2"/>', '<a b="1"c="2"/>', '<a b="<"/>', '<a>&x;</a>',
    '<a>& </a>', '<a b="&x;"/>', '<a>&#0;</a>', '<a>&#xFFFFFF;</a>',
    '<a>]]></a>', '<a><!-- -- --></a>', '<a><!-- </a>', '<a><![CDATA[</a>', '<a><?xml version="1.0"?></a>', ' <?xml version="1.0"?><a/>',
    '<?xml version="1.1"?><a/>', '<?xml?><a/>', '<a>\u0001</a>', '<a>\uFFFF</a>', '<a>\uD800</a>',
    '<p:a/>', '<a p:b="1"/>', '<a xmlns:p="u" xmlns:q="u" p:b="1" q:b="2"/>', '<a xmlns:p=""/>', '<a:b:c xmlns:a="u"/>', '<1a/>', '< a/>', '<a', '<a b',
    '<a b="', '<a/', '<![CDATA[x]]>', '<a><!x></a>', '<a></a x>',
    '<a xmlns:xml="u"/>', '<a xmlns:xmlns="u"/>', '<a xmlns:p="http://www.w3.org/XML/1998/namespace"/>',
    '<a xmlns:p="http://www.w3.org/XML/1998/namespac&#101;"/>', '<a xmlns="http://www.w3.org/XML/1998/namespace"/>',
    '<a xmlns:p="http://www.w3.org/2000/xmlns/"/>', '<a xmlns="http://www.w3.org/2000/xmlns/"/>', '<xmlns:a/>', '<a><?p:q r?></a>',
  ]; // prettier-ignore
  for (const text of broken) expect(refusal(text), JSON.stringify(text)).toBe('not-well-formed');
});

test('names and namespaces XML reserves are used as it asks, and an XML 1.1 document is called one', () => {
  expect(refusal('<a xmlns:xml="http://www.w3.org/XML/1998/namespace" xml:id="x" xmlns=""/>')).toBe('opened');
  expect(openXml('<?xml version="1.1" encoding="utf-8"?><a/>')).toMatchObject({ why: expect.stringContaining('XML 1.1; expected 1.0') });
});

test('an HTML page is called one', () => {
  expect(openXml('<!DOCTYPE html>\n<html><body>Error</body></html>')).toMatchObject({ refused: 'doctype', why: expect.stringContaining('an HTML page') });
  expect(openXml('<!DOCTYPE htmlx><htmlx/>')).toMatchObject({ refused: 'doctype', why: expect.stringContaining('DOCTYPE') });
});

test('bytes of an unknown or lying encoding are refused', () => {
  for (const bytes of [
    Buffer.from('<?xml version="1.0" encoding="utf-7"?>+ADwAIQ-DOCTYPE a+AD4-<a/>'),
    Buffer.from('<?xml version="1.0" encoding="utf-16"?><a/>'),
    Buffer.from([0x3c, 0x61, 0x3e, 0xff, 0xfe, 0x3c, 0x2f, 0x61, 0x3e]),
    Buffer.from([0x3c, 0, 0, 0, 0x61, 0, 0, 0]),
    Buffer.from([0, 0, 0, 0x3c]),
    Buffer.concat([Buffer.from('\uFEFF<a/>', 'utf16le'), Buffer.from('x')]),
  ])
    expect(refusal(bytes)).toBe('not-well-formed');
});

test('depth, nodes and attributes are bounded before anything is built', () => {
  const { depth } = defaultGateLimits;
  expect(refusal('<a>'.repeat(depth) + '</a>'.repeat(depth))).toBe('opened');
  expect(refusal('<a>'.repeat(depth + 1) + '</a>'.repeat(depth + 1))).toBe('too-deep');
  expect(refusal('<a>'.repeat(300_000))).toBe('too-deep');
  expect(refusal(`<r>${'<a/>'.repeat(200_000)}</r>`)).toBe('too-large');
  expect(refusal(`<r>${'<!---->'.repeat(100_000)}</r>`)).toBe('too-large');
  expect(refusal(`<r ${Array.from({ length: 100_000 }, (_, n) => `a${n}=""`).join(' ')}/>`)).toBe('too-large');
  const declaring = (count: number): string => `<r ${Array.from({ length: count }, (_, n) => `xmlns:p${n}="u"`).join(' ')}>`;
  expect(refusal(declaring(100).repeat(3) + '</r>'.repeat(3)), 'namespaces in scope').toBe('too-large');
  expect(refusal(`<a>${`${declaring(100)}</r>`.repeat(30)}</a>`), 'namespaces side by side').toBe('opened');
});

test('10 MB of hostile input are refused in under 100 ms without being copied', () => {
  const size = 10 * 1024 * 1024;
  const pattern = (text: string): Buffer => Buffer.alloc(size, text);
  for (const bytes of [
    pattern('<a>'),
    pattern('<!DOCTYPE a [<!ENTITY a "a">'),
    pattern(' '),
    pattern('&a;'),
    Buffer.concat([Buffer.from([0xff, 0xfe]), pattern('<\0')]),
  ]) {
    const before = process.memoryUsage().heapUsed;
    const start = performance.now();
    expect(refusal(bytes)).toBe('too-large');
    expect(performance.now() - start).toBeLessThan(100);
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(1024 * 1024);
  }
});

test('line separators of Unicode stay as they are, since they are signed; CR LF becomes LF', () => {
  const opened = openXml('<a>1\r\n2\r3\u00854\u20285</a>');
  expect(opened.ok && opened.document.documentElement?.textContent).toBe('1\n2\n3\u00854\u20285');
});
