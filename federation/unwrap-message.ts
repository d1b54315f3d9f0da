import { decodeHtml, readAutoPostPage } from './auto-post-page';
import { base64Bytes } from './certificate-facts';
import { decodeXmlBytes } from './decode-xml-bytes';

/** The message inside whatever it was saved in. */
export interface UnwrappedMessage {
  /** XML, hopefully: text, or bytes whose encoding XML's own rules decide. */
  readonly xml: string | Buffer;
  /** The address the page's form posts to, where the message came in such a page. */
  readonly postedTo: string | null;
}

/** More layers than an encoded form field of base64 in a page have; the loop ends sooner, as soon as nothing is left to unwrap. */
const maxLayers = 6;

const fieldNames = ['wresult', 'samlresponse'];

const decodeUrl = (text: string): string | null => {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '));
  } catch {
    return null;
  }
};

/** The value of a token field in a form body or query, or null. */
const formField = (text: string): string | null => {
  const found = /(?:^|[?&\s])(?:wresult|SAMLResponse)=/i.exec(text);
  if (!found) return null;
  const start = found.index + found[0].length;
  const end = text.indexOf('&', start);
  const value = (end < 0 ? text.slice(start) : text.slice(start, end)).trim();
  // A body that was already decoded: the value is XML up to its last ">", with "&" of its own.
  if (value.startsWith('<')) return text.slice(start, text.lastIndexOf('>') + 1);
  // Without any escape a "+" is one of base64, not a space.
  return value.includes('%') ? decodeUrl(value) : value;
};

const pageField = (text: string): { value: string; action: string | null } | null => {
  if (!/<input[\s/]/i.test(text)) return null;
  const page = readAutoPostPage(text);
  for (const [name, value] of page.fields) if (fieldNames.includes(name.toLowerCase())) return { value, action: page.action };
  return null;
};

const isWideText = (bytes: Buffer): boolean =>
  (bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff) || bytes[0] === 0 || bytes[1] === 0;

/** Text to look for wrappers in; what cannot be decoded is left to the gate, which says why. */
const textOfBytes = (bytes: Buffer): string | null => {
  if (!isWideText(bytes)) return bytes.toString('utf8');
  const decoded = decodeXmlBytes(bytes);
  return decoded.ok ? decoded.text : null;
};

const urlDecoded = (text: string): string | null => {
  if (/^%(?:25)*(?:3c|ef%(?:25)*bb%(?:25)*bf)/i.test(text)) return decodeUrl(text);
  // Base64 with only its "+", "/", "=" and line ends escaped.
  return /^[A-Za-z0-9/=]+(?:%(?:2b|2f|3d|0a|0d)[A-Za-z0-9/=]*)+$/i.test(text) ? decodeUrl(text) : null;
};

const base64Content = (text: string): Buffer | null => {
  if (text.length < 16 || !/^[A-Za-z0-9+/_=\s-]*$/.test(text)) return null;
  return base64Bytes(text.replaceAll('-', '+').replaceAll('_', '/'));
};

/**
 * Takes a message out of what people save: raw XML, base64, URL-encoded text, a form body or address with wresult or SAMLResponse, an auto-POST page,
 * HTML-escaped text, and these inside one another. What is not recognised is returned as it is, for the XML gate to refuse.
 */
export const unwrapMessage = (input: Buffer): UnwrappedMessage => {
  let postedTo: string | null = null;
  let current: string | Buffer = input;
  for (let layer = 0; layer < maxLayers; layer += 1) {
    const text: string | null = Buffer.isBuffer(current) ? textOfBytes(current) : current;
    if (text === null) break;
    const trimmed = text.replace(/^\uFEFF/, '').trim();
    if (trimmed.startsWith('<')) {
      const field = pageField(trimmed);
      if (!field) break;
      postedTo ??= field.action;
      current = field.value;
      continue;
    }
    const next: string | Buffer | null =
      formField(trimmed) ?? urlDecoded(trimmed) ?? (trimmed.startsWith('&lt;') ? decodeHtml(trimmed) : null) ?? base64Content(trimmed);
    if (next === null || next === text) break;
    current = next;
  }
  return { xml: typeof current === 'string' ? current.trim() : trimmedBytes(current), postedTo };
};

/** White space before the XML declaration is no XML, but files have it: leading blanks are cut from text and kept out of the reader's way. */
const trimmedBytes = (bytes: Buffer): Buffer => {
  if (isWideText(bytes)) return bytes;
  let start = 0;
  while (start < bytes.length && [0x20, 0x09, 0x0a, 0x0d].includes(bytes[start] ?? 0)) start += 1;
  return bytes.subarray(start);
};
