import type { Attr, Document, Element, Node } from '@xmldom/xmldom';

/** Namespaces of the messages, by the prefix their specifications use. */
export const namespaces = {
  ds: 'http://www.w3.org/2000/09/xmldsig#',
  excC14n: 'http://www.w3.org/2001/10/xml-exc-c14n#',
  xenc: 'http://www.w3.org/2001/04/xmlenc#',
  md: 'urn:oasis:names:tc:SAML:2.0:metadata',
  saml1: 'urn:oasis:names:tc:SAML:1.0:assertion',
  saml2: 'urn:oasis:names:tc:SAML:2.0:assertion',
  samlp2: 'urn:oasis:names:tc:SAML:2.0:protocol',
  samlp1: 'urn:oasis:names:tc:SAML:1.0:protocol',
  trust2005: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  trust13: 'http://docs.oasis-open.org/ws-sx/ws-trust/200512',
  soap11: 'http://schemas.xmlsoap.org/soap/envelope/',
  soap12: 'http://www.w3.org/2003/05/soap-envelope',
  fed: 'http://docs.oasis-open.org/wsfed/federation/200706',
} as const;

const elementNode = 1;

export const isElement = (node: Node | null): node is Element => node?.nodeType === elementNode;

/** Child elements in document order, optionally only those of one namespace and name. */
export const childElements = (parent: Node, namespace?: string, localName?: string): Element[] => {
  const found: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling)
    if (isElement(node) && (namespace === undefined || node.namespaceURI === namespace) && (localName === undefined || node.localName === localName))
      found.push(node);
  return found;
};

/** The first child element of that name in any namespace (for parts whose namespace differs between versions of a specification). */
export const childNamed = (parent: Node | null | undefined, localName: string): Element | null =>
  parent ? (childElements(parent).find((child) => child.localName === localName) ?? null) : null;

/** All elements below (and not including) a node, in document order; without recursion. */
export const descendantElements = (parent: Document | Element): Element[] => {
  const found: Element[] = [];
  let node: Node | null = parent.firstChild;
  while (node) {
    if (isElement(node)) found.push(node);
    let next: Node | null = node.firstChild ?? node.nextSibling;
    for (let up: Node | null = node; !next && up && up.parentNode && up.parentNode !== parent; up = up.parentNode) next = up.parentNode.nextSibling;
    node = next;
  }
  return found;
};

export const attributesOf = (element: Element): Attr[] =>
  Array.from({ length: element.attributes.length }, (_, n) => element.attributes.item(n)).filter((attribute) => attribute !== null);

/** An attribute without namespace, or null where it is absent or blank. */
export const attributeOf = (element: Element | null | undefined, localName: string): string | null => {
  const value = element?.getAttribute(localName)?.trim();
  return value ? value : null;
};

/** An element's tag for messages to people, cut where it is longer than anybody reads. */
export const shownName = (element: Element | null | undefined): string => `<${(element?.tagName ?? '').slice(0, 80)}>`;

/** The whole text of an element, comments and processing instructions left out (a comment never cuts a value short); null where blank. */
export const textOf = (element: Element | null | undefined): string | null => {
  const text = element?.textContent?.trim();
  return text ? text : null;
};

/** Address in a WS-Addressing EndpointReference below `parent`, or null. */
export const endpointAddress = (parent: Element | null): string | null => textOf(childNamed(childNamed(parent, 'EndpointReference'), 'Address'));
