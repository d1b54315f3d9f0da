import type { GateLimits, GateRefusal } from './gate-limits';

const nameStart =
  ':A-Z_a-z\\u00C0-\\u00D6\\u00D8-\\u00F6\\u00F8-\\u02FF\\u0370-\\u037D\\u037F-\\u1FFF\\u200C\\u200D\\u2070-\\u218F\\u2C00-\\u2FEF\\u3001-\\uD7FF' +
  '\\uF900-\\uFDCF\\uFDF0-\\uFFFD\\u{10000}-\\u{EFFFF}';
const name = `[${nameStart}][-.0-9\\u00B7\\u0300-\\u036F\\u203F\\u2040${nameStart}]*`;
const sticky = (source: string): RegExp => new RegExp(source, 'uy');

// Every pattern is anchored (sticky) and consumes what it matches, so the whole scan is linear.
const declarationPattern = sticky(
  `<\\?xml[ \\t\\r\\n]+version[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"1\\.0"|'1\\.0')(?:[ \\t\\r\\n]+encoding[ \\t\\r\\n]*=[ ` +
    `\\t\\r\\n]*(?:"[A-Za-z][-.\\w]*"|'[A-Za-z][-.\\w]*'))?(?:[ \\t\\r\\n]+standalone[ \\t\\r\\n]*=[ ` +
    `\\t\\r\\n]*(?:"(?:yes|no)"|'(?:yes|no)'))?[ \\t\\r\\n]*\\?>`,
);
const textPattern = sticky('[^<&]+');
const referencePattern = sticky('&(?:lt|gt|amp|quot|apos|#([0-9]{1,8})|#x([0-9A-Fa-f]{1,6}));');
const startTagPattern = sticky(`<(${name})`);
const attributePattern = sticky(`[ \\t\\r\\n]+(${name})[ \\t\\r\\n]*=[ \\t\\r\\n]*(?:"([^<"]*)"|'([^<']*)')`);
const tagEndPattern = sticky('[ \\t\\r\\n]*(/?)>');
const endTagPattern = sticky(`</(${name})[ \\t\\r\\n]*>`);
const instructionPattern = sticky(`<\\?(${name})(?=[ \\t\\r\\n]|\\?>)`);
const blankPattern = /^[ \t\r\n]*$/;
const illegalCharacter = /[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/u;

export type Scan =
  | { readonly ok: true; readonly elements: number; readonly attributes: number; readonly rootTagEnd: number }
  | { readonly ok: false; readonly refused: GateRefusal; readonly why: string };

const isLegalCodePoint = (point: number): boolean => point <= 0x10ffff && !illegalCharacter.test(String.fromCodePoint(point));

const isQualifiedName = (qName: string): boolean => /^[^:]+(?::[^:]+)?$/.test(qName);

/**
 * Reads XML 1.0 text once, from left to right, without building anything: refuses DOCTYPE, entities, depth, size in elements and whatever is not
 * well-formed, before a parser sees it. Time and memory are linear in the text and bounded by the limits.
 */
export const scanXml = (text: string, limits: GateLimits): Scan => {
  let at = 0;
  let elements = 0;
  let attributes = 0;
  let otherNodes = 0;
  let rootTagEnd: number | null = null;
  const open: { readonly name: string; readonly namespaces: number }[] = [];

  const refuse = (refused: GateRefusal, why: string): Scan => ({ ok: false, refused, why: `${why} (at character ${at + 1})` });
  const malformed = (why: string): Scan => refuse('not-well-formed', why);
  const match = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    return pattern.exec(text);
  };
  /** Position behind the next reference, or null where it is none XML allows without a DTD. */
  const referenceEnd = (from: number): number | null => {
    referencePattern.lastIndex = from;
    const found = referencePattern.exec(text);
    if (!found) return null;
    const point = found[1] !== undefined ? parseInt(found[1], 10) : found[2] !== undefined ? parseInt(found[2], 16) : null;
    return point !== null && !isLegalCodePoint(point) ? null : referencePattern.lastIndex;
  };
  const tooManyNodes = (): Scan => refuse('too-large', `More than ${limits.nodes} elements, comments and the like`);
  const unknownReference = (value: string, from: number): boolean => {
    for (let n = value.indexOf('&'); n >= 0; n = value.indexOf('&', n + 1)) if (referenceEnd(from + n) === null) return true;
    return false;
  };
  const startTag = (): Scan | null => {
    const tag = match(startTagPattern);
    if (!tag) return malformed('A "<" that begins no tag; expected an element name');
    const qName = tag[1] ?? '';
    if (!isQualifiedName(qName)) return malformed(`The element name "${qName.slice(0, 60)}" has misplaced colons`);
    if (rootTagEnd !== null && open.length === 0) return malformed('A second root element');
    at = startTagPattern.lastIndex;
    const names = new Set<string>();
    let namespaces = open.at(-1)?.namespaces ?? 0;
    for (let found = match(attributePattern); found; found = match(attributePattern)) {
      const attribute = found[1] ?? '';
      const value = found[2] ?? found[3] ?? '';
      if (names.has(attribute)) return malformed(`The attribute "${attribute.slice(0, 60)}" occurs twice in one tag`);
      if (!isQualifiedName(attribute)) return malformed(`The attribute name "${attribute.slice(0, 60)}" has misplaced colons`);
      if (/^xmlns:/.test(attribute) && value === '') return malformed('A namespace prefix is bound to nothing');
      names.add(attribute);
      if (/^xmlns(?::|$)/.test(attribute)) namespaces += 1;
      if (names.size > limits.attributesPerElement) return refuse('too-large', `More than ${limits.attributesPerElement} attributes in one tag`);
      const end = attributePattern.lastIndex;
      if (value.includes('&') && unknownReference(value, end - 1 - value.length)) return malformed('An unknown entity or a bare "&" in an attribute');
      at = end;
    }
    attributes += names.size;
    const end = match(tagEndPattern);
    if (!end) return malformed(`The tag <${qName.slice(0, 60)}> is not written correctly or never ends`);
    at = tagEndPattern.lastIndex;
    elements += 1;
    if (elements + otherNodes > limits.nodes) return tooManyNodes();
    if (open.length + 1 > limits.depth) return refuse('too-deep', `Elements are nested deeper than ${limits.depth}`);
    if (namespaces > limits.namespaces) return refuse('too-large', `More than ${limits.namespaces} namespaces declared around one element`);
    rootTagEnd ??= at;
    if (end[1] !== '/') open.push({ name: qName, namespaces });
    return null;
  };
  const markup = (): Scan | null => {
    const next = text.charAt(at + 1);
    if (next === '/') {
      const tag = match(endTagPattern);
      const expected = open.pop()?.name;
      if (!tag) return malformed('An end tag is not written correctly');
      if (tag[1] !== expected)
        return malformed(`Expected ${expected === undefined ? 'no end tag' : `</${expected.slice(0, 60)}>`}, found </${(tag[1] ?? '').slice(0, 60)}>`);
      at = endTagPattern.lastIndex;
      return null;
    }
    if (next === '?' || next === '!') {
      otherNodes += 1;
      if (elements + otherNodes > limits.nodes) return tooManyNodes();
    }
    if (next === '?') {
      const instruction = match(instructionPattern);
      const version = /^<\?xml[ \t\r\n]+version[ \t\r\n]*=[ \t\r\n]*["'](1\.[1-9])["']/.exec(text.slice(0, 80))?.[1];
      if (at === 0 && version !== undefined) return malformed(`The document declares XML ${version}; expected 1.0`);
      if (!instruction || /^xml$|:/i.test(instruction[1] ?? ''))
        return malformed('An XML declaration in the wrong place, or a processing instruction not written correctly');
      const end = text.indexOf('?>', instructionPattern.lastIndex);
      if (end < 0) return malformed('A processing instruction never ends');
      at = end + 2;
      return null;
    }
    if (next !== '!') return startTag();
    if (text.startsWith('<!--', at)) {
      const end = text.indexOf('--', at + 4);
      if (end < 0 || text.charAt(end + 2) !== '>') return malformed('A comment holds "--" or never ends');
      at = end + 3;
      return null;
    }
    if (text.startsWith('<![CDATA[', at) && open.length > 0) {
      const end = text.indexOf(']]>', at + 9);
      if (end < 0) return malformed('A CDATA section never ends');
      at = end + 3;
      return null;
    }
    if (/^<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i.test(text.slice(at, at + 40)))
      return /^<!DOCTYPE[ \t\r\n]+html[ \t\r\n>]/i.test(text.slice(at, at + 40))
        ? refuse('doctype', 'This is an HTML page without a form that holds a message (wresult or SAMLResponse), not XML')
        : refuse('doctype', 'The document has a DOCTYPE or entity declaration; federation messages have none, and it is not read');
    return malformed('A "<!" that begins neither a comment nor a CDATA section');
  };

  const illegal = illegalCharacter.exec(text);
  const declaration = match(declarationPattern);
  if (declaration) at = declarationPattern.lastIndex;
  while (at < text.length) {
    const c = text.charAt(at);
    if (c === '<') {
      const problem = markup();
      if (problem) return problem;
    } else if (c === '&') {
      const end = open.length > 0 ? referenceEnd(at) : null;
      if (end === null) return malformed('An unknown entity, a character reference XML does not allow, or a bare "&"');
      at = end;
    } else {
      const run = match(textPattern)?.[0] ?? c;
      if (open.length === 0 && !blankPattern.test(run))
        return malformed(rootTagEnd === null ? 'Text before the first element: this is not XML' : 'Text after the root element');
      if (run.includes(']]>')) return malformed('"]]>" in text');
      at += run.length;
    }
  }
  if (rootTagEnd === null) return malformed('There is no element');
  if (open.length > 0) return malformed(`The document ends inside <${(open.at(-1)?.name ?? '').slice(0, 60)}>`);
  if (illegal) {
    at = illegal.index;
    return malformed('A character XML does not allow');
  }
  return { ok: true, elements, attributes, rootTagEnd };
};
