import { DOMParser, type Document, type Element } from '@xmldom/xmldom';
import { decodeXmlBytes } from './decode-xml-bytes';
import { attributesOf, descendantElements } from './xml-elements';
import { scanXml } from './well-formed';
import { defaultGateLimits, type GateLimits, type GateRefusal } from './gate-limits';

/** A document that passed the gate, with the very text it was parsed from. */
export interface OpenedXml {
  readonly ok: true;
  readonly document: Document;
  readonly text: string;
}
export interface RefusedXml {
  readonly ok: false;
  readonly refused: GateRefusal;
  readonly why: string;
}

const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';
const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** Namespaces in XML §3: "xml" means one namespace and no other prefix does; "xmlns" is no prefix of anybody's, and its namespace has no prefix. */
const misusesReserved = (element: Element): boolean =>
  element.prefix === 'xmlns' ||
  attributesOf(element).some(({ name, value }) => {
    if (name !== 'xmlns' && !name.startsWith('xmlns:')) return false;
    return name === 'xmlns:xmlns' || value === xmlnsNamespace || (name === 'xmlns:xml') !== (value === xmlNamespace);
  });

const xmlLineEndings = (source: string): string => source.replace(/\r\n?/g, '\n');

/**
 * Parses text that passed the gate. Line endings as in XML 1.0 (the library's default also changes U+0085 and U+2028, which breaks signatures);
 * the library's warnings are errors.
 */
const parse = (text: string): Document =>
  new DOMParser({
    locator: false,
    normalizeLineEndings: xmlLineEndings,
    onError: (level, message) => {
      throw new Error(`${level}: ${message}`);
    },
  }).parseFromString(text, 'text/xml');

/**
 * Opens XML from an untrusted source. Size, DOCTYPE, depth, one root and well-formedness are checked in one linear scan before any parser runs;
 * no entity is ever expanded, no file or address read. 10 MB are refused in constant time.
 * @returns the document, or why it was refused. Never throws.
 */
export const openXml = (input: string | Buffer, limits: GateLimits = defaultGateLimits): OpenedXml | RefusedXml => {
  if (input.length > limits.size) return { ok: false, refused: 'too-large', why: `The document has ${input.length} bytes; at most ${limits.size} are read.` };
  const decoded = typeof input === 'string' ? { ok: true as const, text: input } : decodeXmlBytes(input);
  if (!decoded.ok) return { ok: false, refused: 'not-well-formed', why: decoded.why };
  const text = decoded.text.startsWith('\uFEFF') ? decoded.text.slice(1) : decoded.text;
  const scan = scanXml(text, limits);
  if (!scan.ok) return scan;
  try {
    const document = parse(text);
    const read = descendantElements(document);
    // Two attributes with one expanded name (p:a and q:a) survive the scan; the parser silently drops one.
    const attributes = read.reduce((sum, element) => sum + element.attributes.length, 0);
    if (read.length !== scan.elements || attributes !== scan.attributes)
      return {
        ok: false,
        refused: 'not-well-formed',
        why: 'The parser and the scan disagree about the elements or attributes: one attribute occurs twice under two prefixes, or worse.',
      };
    if (read.some(misusesReserved))
      return {
        ok: false,
        refused: 'not-well-formed',
        why: 'The document declares a prefix or namespace that XML reserves ("xml" or "xmlns") in another meaning.',
      };
    return { ok: true, document, text };
  } catch (error) {
    return {
      ok: false,
      refused: 'not-well-formed',
      why: `The document is not namespace-well-formed: ${error instanceof Error ? error.message.slice(0, 300) : String(error)}`,
    };
  }
};

/** Parses another spelling of a document that is already open (line endings only); null where that is not possible. */
export const reopenXml = (text: string): Document | null => {
  try {
    return parse(text);
  } catch {
    return null;
  }
};
