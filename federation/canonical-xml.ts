import type { Attr, Document, Element, Node } from '@xmldom/xmldom';
import { attributesOf, isElement } from './xml-elements';

/** One canonicalization as a signature names it. */
export interface Canonicalization {
  readonly exclusive: boolean;
  readonly withComments: boolean;
  /** PrefixList of ec:InclusiveNamespaces; '' stands for #default. Only for the exclusive form. */
  readonly inclusivePrefixes: readonly string[];
}

/** Namespace of each prefix in force at one place of the walk. */
type Scope = Map<string, string>;

const escapeText = (text: string): string => text.replace(/[&<>\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&#xD;');
const escapeAttribute = (value: string): string =>
  value.replace(/[&<"\t\n\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;', '\t': '&#x9;', '\n': '&#xA;' })[c] ?? '&#xD;');

/** The prefix a namespace declaration binds ('' for xmlns="…"), or null for any other attribute. */
const boundPrefix = (attribute: Attr): string | null =>
  attribute.name === 'xmlns' ? '' : attribute.name.startsWith('xmlns:') ? attribute.name.slice(6) : null;

const declarationsOf = (element: Element): (readonly [prefix: string, uri: string])[] =>
  attributesOf(element).flatMap((attribute) => {
    const prefix = boundPrefix(attribute);
    return prefix === null ? [] : [[prefix, attribute.value] as const];
  });

/** Puts bindings into a scope and returns how to undo it: an element costs what it declares, however much is in scope. */
const bind = (scope: Scope, bindings: readonly (readonly [prefix: string, uri: string])[]): (() => void) => {
  const before = bindings.map(([prefix]) => [prefix, scope.get(prefix)] as const);
  for (const [prefix, uri] of bindings) scope.set(prefix, uri);
  return () => {
    for (const [prefix, uri] of before)
      if (uri === undefined) scope.delete(prefix);
      else scope.set(prefix, uri);
  };
};

const ancestorsOf = (element: Element): Element[] => {
  const ancestors: Element[] = [];
  for (let node: Node | null = element.parentNode; isElement(node); node = node.parentNode) ancestors.unshift(node);
  return ancestors;
};

const surrogate = /[\uD800-\uDFFF]/;

/** By code point, as the specification asks: UTF-16 order differs for characters outside the basic plane. */
const compare = (a: string, b: string): number => {
  if (a === b) return 0;
  if (surrogate.test(a) || surrogate.test(b)) return Buffer.compare(Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8'));
  return a < b ? -1 : 1;
};
const byName = (a: Attr, b: Attr): number => compare(a.namespaceURI ?? '', b.namespaceURI ?? '') || compare(a.localName ?? a.name, b.localName ?? b.name);

/** A processing instruction, or a comment where comments count; nothing for any other node. */
const aside = (node: Node, { withComments }: Canonicalization): string => {
  const value = (node.nodeValue ?? '').replaceAll('\r', '&#xD;');
  if (node.nodeType === 7) return `<?${node.nodeName}${value === '' ? '' : ` ${value}`}?>`;
  return node.nodeType === 8 && withComments ? `<!--${value}-->` : '';
};

/**
 * Canonical XML of a whole document: its root element, and what `aside` keeps before and after it, each on a line of its own (xml-c14n §2.3).
 * @param omit as for `canonicalXml`
 */
export const canonicalDocument = (document: Document, method: Canonicalization, omit: Element | null = null): string =>
  Array.from(document.childNodes)
    // The parser shows the XML declaration as an instruction; it is none.
    .map((node) => (isElement(node) ? canonicalXml(node, method, omit) : node.nodeName === 'xml' ? '' : aside(node, method)))
    .filter((text) => text !== '')
    .join('\n');

/**
 * Canonical XML 1.0 or Exclusive Canonical XML 1.0 of an element's subtree, as text (to be hashed as UTF-8).
 * @param omit an element left out with all its content (the enveloped signature)
 * Source: W3C xml-c14n 1.0, xml-exc-c14n 1.0, XML-DSig §6.6.4. The gate has bounded the depth, so recursion is safe.
 */
export const canonicalXml = (apex: Element, method: Canonicalization, omit: Element | null = null): string => {
  const out: string[] = [];
  const ancestors = ancestorsOf(apex);

  const inherited = (element: Element): Attr[] => {
    if (method.exclusive || element !== apex) return [];
    const nearest = new Map<string, Attr>();
    for (const ancestor of ancestors) for (const attribute of attributesOf(ancestor)) if (attribute.prefix === 'xml') nearest.set(attribute.name, attribute);
    for (const attribute of attributesOf(element)) nearest.delete(attribute.name);
    return [...nearest.values()];
  };

  const listed = new Set(method.inclusivePrefixes);
  const scope: Scope = new Map(ancestors.flatMap(declarationsOf));
  const rendered: Scope = new Map();

  /** Prefixes that may have to be written: those in use, and those written wherever they are declared (all of them in the inclusive form). */
  const candidates = (element: Element, plain: readonly Attr[], own: readonly string[]): Set<string> => {
    const declared = element === apex ? [...scope.keys()] : own;
    const used = [element.prefix ?? '', ...plain.flatMap((attribute) => (attribute.prefix ? [attribute.prefix] : []))];
    return new Set(method.exclusive ? [...used, ...declared.filter((prefix) => listed.has(prefix))] : declared);
  };

  const write = (element: Element): void => {
    const own = declarationsOf(element);
    const leaveScope = bind(scope, own);
    const plain = [...attributesOf(element).filter((attribute) => boundPrefix(attribute) === null), ...inherited(element)].sort(byName);
    const needed = candidates(
      element,
      plain,
      own.map(([prefix]) => prefix),
    );
    // An empty default namespace is written only to undo one that is in force in the output.
    const written = [...needed]
      .filter((prefix) => prefix !== 'xml' && (scope.get(prefix) ?? '') !== (rendered.get(prefix) ?? ''))
      .sort(compare)
      .map((prefix) => [prefix, scope.get(prefix) ?? ''] as const);
    const leaveRendered = bind(rendered, written);
    out.push('<', element.tagName);
    for (const [prefix, uri] of written) out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapeAttribute(uri), '"');
    for (const attribute of plain) out.push(' ', attribute.name, '="', escapeAttribute(attribute.value), '"');
    out.push('>');
    for (let node = element.firstChild; node; node = node.nextSibling) writeNode(node);
    out.push('</', element.tagName, '>');
    leaveRendered();
    leaveScope();
  };

  const writeNode = (node: Node): void => {
    if (isElement(node)) {
      if (node !== omit) write(node);
    } else if (node.nodeType === 3 || node.nodeType === 4) out.push(escapeText(node.nodeValue ?? ''));
    else out.push(aside(node, method));
  };

  write(apex);
  return out.join('');
};
