import type { Attr, Element, Node } from '@xmldom/xmldom';
import { attributesOf, isElement } from './xml-elements';

/** One canonicalization as a signature names it. */
export interface Canonicalization {
  readonly exclusive: boolean;
  readonly withComments: boolean;
  /** PrefixList of ec:InclusiveNamespaces; '' stands for #default. Only for the exclusive form. */
  readonly inclusivePrefixes: readonly string[];
}

type Scope = Map<string, string>;

const escapeText = (text: string): string => text.replace(/[&<>\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[c] ?? '&#xD;');
const escapeAttribute = (value: string): string =>
  value.replace(/[&<"\t\n\r]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '"': '&quot;', '\t': '&#x9;', '\n': '&#xA;' })[c] ?? '&#xD;');

/** The prefix a namespace declaration binds ('' for xmlns="…"), or null for any other attribute. */
const boundPrefix = (attribute: Attr): string | null =>
  attribute.name === 'xmlns' ? '' : attribute.name.startsWith('xmlns:') ? attribute.name.slice(6) : null;

const scopeWith = (scope: Scope, element: Element): Scope => {
  let own: Map<string, string> | null = null;
  for (const attribute of attributesOf(element)) {
    const prefix = boundPrefix(attribute);
    if (prefix !== null) (own ??= new Map(scope)).set(prefix, attribute.value);
  }
  return own ?? scope;
};

const ancestorsOf = (element: Element): Element[] => {
  const ancestors: Element[] = [];
  for (let node: Node | null = element.parentNode; isElement(node); node = node.parentNode) ancestors.unshift(node);
  return ancestors;
};

const compare = (a: string, b: string): number => {
  // By code point, as the specification asks: UTF-16 order differs for characters outside the basic plane.
  const [left, right] = [Buffer.from(a, 'utf8'), Buffer.from(b, 'utf8')];
  return Buffer.compare(left, right);
};
const byName = (a: Attr, b: Attr): number => compare(a.namespaceURI ?? '', b.namespaceURI ?? '') || compare(a.localName ?? a.name, b.localName ?? b.name);

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

  const write = (element: Element, outer: Scope, rendered: Scope): void => {
    const scope = scopeWith(outer, element);
    const plain = [...attributesOf(element).filter((attribute) => boundPrefix(attribute) === null), ...inherited(element)].sort(byName);
    const needed = method.exclusive
      ? new Set([
          element.prefix ?? '',
          ...plain.flatMap((attribute) => (attribute.prefix ? [attribute.prefix] : [])),
          ...method.inclusivePrefixes.filter((prefix) => scope.has(prefix)),
        ])
      : new Set(scope.keys());
    needed.delete('xml');
    let nowRendered = rendered;
    out.push('<', element.tagName);
    for (const prefix of [...needed].sort(compare)) {
      const uri = scope.get(prefix) ?? '';
      // An empty default namespace is written only to undo one that is in force in the output.
      if (uri === (rendered.get(prefix) ?? '')) continue;
      out.push(prefix === '' ? ' xmlns="' : ` xmlns:${prefix}="`, escapeAttribute(uri), '"');
      if (nowRendered === rendered) nowRendered = new Map(rendered);
      nowRendered.set(prefix, uri);
    }
    for (const attribute of plain) out.push(' ', attribute.name, '="', escapeAttribute(attribute.value), '"');
    out.push('>');
    for (let node = element.firstChild; node; node = node.nextSibling) writeNode(node, scope, nowRendered);
    out.push('</', element.tagName, '>');
  };

  const writeNode = (node: Node, scope: Scope, rendered: Scope): void => {
    if (isElement(node)) {
      if (node !== omit) write(node, scope, rendered);
    } else if (node.nodeType === 3 || node.nodeType === 4) out.push(escapeText(node.nodeValue ?? ''));
    else if (node.nodeType === 7) out.push(`<?${node.nodeName}${node.nodeValue ? ` ${node.nodeValue.replaceAll('\r', '&#xD;')}` : ''}?>`);
    else if (node.nodeType === 8 && method.withComments) out.push(`<!--${(node.nodeValue ?? '').replaceAll('\r', '&#xD;')}-->`);
  };

  write(apex, ancestors.reduce<Scope>(scopeWith, new Map()), new Map());
  return out.join('');
};
