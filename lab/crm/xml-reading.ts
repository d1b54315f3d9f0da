import { DOMParser, onErrorStopParsing, type Document, type Element } from '@xmldom/xmldom';

export const namespaces = {
  assertion: 'urn:oasis:names:tc:SAML:1.0:assertion',
  trust: 'http://schemas.xmlsoap.org/ws/2005/02/trust',
  encryption: 'http://www.w3.org/2001/04/xmlenc#',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  federation: 'http://docs.oasis-open.org/wsfed/federation/200706',
  addressing: 'http://www.w3.org/2005/08/addressing',
  instance: 'http://www.w3.org/2001/XMLSchema-instance',
  authorization: 'http://docs.oasis-open.org/wsfed/authorization/200706',
} as const;

/** Parses a document; throws with .NET's own words for a DTD, and with the parser's for anything that is not well-formed. */
export function parseXml(text: string): Document {
  if (/<!DOCTYPE/i.test(text)) throw new Error('For security reasons DTD is prohibited in this XML document.');
  return new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
}

export function childElements(parent: Element): Element[] {
  const result: Element[] = [];
  for (let node = parent.firstChild; node; node = node.nextSibling) if (node.nodeType === 1) result.push(node as Element);
  return result;
}

/** The first direct child of that name, or null. */
export const child = (parent: Element, namespace: string, name: string): Element | null =>
  childElements(parent).find((element) => element.namespaceURI === namespace && element.localName === name) ?? null;

/** The element at the end of a path of direct children, or null. */
export const descend = (start: Element, ...path: readonly (readonly [namespace: string, name: string])[]): Element | null =>
  path.reduce<Element | null>((at, [namespace, name]) => (at ? child(at, namespace, name) : null), start);

export const descendants = (start: Element | Document, namespace: string, name: string): Element[] => [...start.getElementsByTagNameNS(namespace, name)];

export const textOf = (element: Element | null): string | null => element?.textContent?.trim() ?? null;

export const escapeXml = (text: string): string =>
  text.replace(/[<>&"]/g, (sign) => ({ '<': '&lt;', '>': '&gt;', '&': '&amp;', '"': '&quot;' })[sign] as string);
