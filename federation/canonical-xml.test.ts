import { test, expect } from '@playwright/test';
import type { Element } from '@xmldom/xmldom';
import { canonicalXml, type Canonicalization } from './canonical-xml';
import { openXml } from './gate';
import { descendantElements } from './xml-elements';

const exclusive: Canonicalization = { exclusive: true, withComments: false, inclusivePrefixes: [] };
const inclusive: Canonicalization = { exclusive: false, withComments: false, inclusivePrefixes: [] };

const elementOf = (text: string, name: string): Element => {
  const xml = openXml(text);
  const found = xml.ok ? descendantElements(xml.document).find((element) => element.tagName === name) : undefined;
  if (!found) throw new Error(`no <${name}> in the test document`);
  return found;
};

test('the examples of Exclusive XML Canonicalization §2.2 come out as printed there', () => {
  const part = (outer: string): Element =>
    elementOf(
      `${outer}<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"/></n1:elem2>${outer.replace(/<(\S+).*/, '</$1>')}`,
      'n1:elem2',
    );
  for (const outer of [
    '<n0:local xmlns:n0="foo:bar" xmlns:n3="ftp://example.org">',
    '<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain">',
  ])
    expect(canonicalXml(part(outer), exclusive)).toBe(
      '<n1:elem2 xmlns:n1="http://example.net" xml:lang="en"><n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>',
    );
  expect(canonicalXml(part('<n0:local xmlns:n0="foo:bar" xmlns:n3="ftp://example.org">'), inclusive)).toBe(
    '<n1:elem2 xmlns:n0="foo:bar" xmlns:n1="http://example.net" xmlns:n3="ftp://example.org" xml:lang="en"><n3:stuff></n3:stuff></n1:elem2>',
  );
  expect(canonicalXml(part('<n2:pdu xmlns:n1="http://example.com" xmlns:n2="http://foo.example" xml:lang="fr" xml:space="retain">'), inclusive)).toBe(
    '<n1:elem2 xmlns:n1="http://example.net" xmlns:n2="http://foo.example" xml:lang="en" xml:space="retain">' +
      '<n3:stuff xmlns:n3="ftp://example.org"></n3:stuff></n1:elem2>',
  );
});

test('attributes and namespaces are sorted as in Canonical XML §3.3', () => {
  const text =
    '<e5 a:attr="out" b:attr="sorted" attr2="all" attr="I\'m" xmlns:b="http://www.ietf.org" xmlns:a="http://www.w3.org" xmlns="http://example.org"/>';
  expect(canonicalXml(elementOf(text, 'e5'), inclusive)).toBe(
    '<e5 xmlns="http://example.org" xmlns:a="http://www.w3.org" xmlns:b="http://www.ietf.org" attr="I\'m" attr2="all" b:attr="sorted" a:attr="out"></e5>',
  );
});

test('an inner empty default namespace is written only where one is in force', () => {
  expect(canonicalXml(elementOf('<a xmlns=""><b xmlns="u"><c xmlns=""/></b></a>', 'a'), exclusive)).toBe('<a><b xmlns="u"><c xmlns=""></c></b></a>');
  expect(canonicalXml(elementOf('<p:a xmlns="u" xmlns:p="v"><c xmlns=""/></p:a>', 'p:a'), exclusive)).toBe('<p:a xmlns:p="v"><c></c></p:a>');
});

test('prefixes of the inclusive list are written where they are in scope, #default among them', () => {
  const text = '<o xmlns="d" xmlns:xs="s"><p:a xmlns:p="v"><p:b/></p:a></o>';
  expect(canonicalXml(elementOf(text, 'p:a'), { ...exclusive, inclusivePrefixes: ['xs', '', 'unbound'] })).toBe(
    '<p:a xmlns="d" xmlns:p="v" xmlns:xs="s"><p:b></p:b></p:a>',
  );
});

test('comments, processing instructions, CDATA and escapes follow the specification', () => {
  const text = '<a b="&#9;&#10;&#13;&quot;\'&lt;>">1<!-- c -->2<?pi   data ?><?bare?><![CDATA[<x>]]>&#13;&gt;</a>';
  expect(canonicalXml(elementOf(text, 'a'), exclusive)).toBe('<a b="&#x9;&#xA;&#xD;&quot;\'&lt;>">12<?pi data ?><?bare?>&lt;x&gt;&#xD;&gt;</a>');
  expect(canonicalXml(elementOf(text, 'a'), { ...exclusive, withComments: true })).toContain('1<!-- c -->2');
});

test('namespaces declared again, undone and out of scope again are written as the specification asks, in both forms', () => {
  const text = '<o xmlns="d" xmlns:p="1"><p:a><p:b xmlns:p="2" xmlns=""><c/><p:d xmlns:p="1"/></p:b><p:e/><f xmlns:p="1"/></p:a></o>';
  expect(canonicalXml(elementOf(text, 'p:a'), inclusive)).toBe(
    '<p:a xmlns="d" xmlns:p="1"><p:b xmlns="" xmlns:p="2"><c></c><p:d xmlns:p="1"></p:d></p:b><p:e></p:e><f></f></p:a>',
  );
  expect(canonicalXml(elementOf(text, 'p:a'), exclusive)).toBe(
    '<p:a xmlns:p="1"><p:b xmlns:p="2"><c></c><p:d xmlns:p="1"></p:d></p:b><p:e></p:e><f xmlns="d"></f></p:a>',
  );
  expect(canonicalXml(elementOf(text, 'p:a'), { ...exclusive, inclusivePrefixes: [''] })).toBe(
    '<p:a xmlns="d" xmlns:p="1"><p:b xmlns="" xmlns:p="2"><c></c><p:d xmlns:p="1"></p:d></p:b><p:e></p:e><f></f></p:a>',
  );
});

test('time grows with the document, not with what is in scope, what the prefix list names, or the attributes of one element', () => {
  const list = (count: number, each: (n: number) => string): string => Array.from({ length: count }, (_, n) => each(n)).join('');
  const leaves = '<b xmlns:z="u"/>'.repeat(15_000);
  const scoped = elementOf(`<a ${list(100, (n) => ` xmlns:a${n}="u"`)}><c ${list(100, (n) => ` xmlns:c${n}="u"`)}>${leaves}</c></a>`, 'a');
  const attributes = elementOf(`<a>${`<b ${list(120, (n) => ` a${n}=""`)}/>`.repeat(800)}</a>`, 'a');
  const names = Array.from({ length: 100_000 }, (_, n) => `p${n}`);
  for (const work of [
    () => canonicalXml(scoped, inclusive),
    () => canonicalXml(scoped, { ...exclusive, inclusivePrefixes: names }),
    () => canonicalXml(attributes, exclusive),
  ]) {
    const start = performance.now();
    work();
    expect(performance.now() - start).toBeLessThan(1_000);
  }
});
