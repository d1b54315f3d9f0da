/** Encodings a federation message may have; TextDecoder would know many more, some of which hide markup from a scan. */
const knownEncodings: Readonly<Record<string, string>> = {
  'utf-8': 'utf-8', utf8: 'utf-8', 'us-ascii': 'utf-8', ascii: 'utf-8', 'iso-8859-1': 'windows-1252', latin1: 'windows-1252', 'windows-1252': 'windows-1252',
}; // prettier-ignore

export type DecodedText = { readonly ok: true; readonly text: string } | { readonly ok: false; readonly why: string };

/** UTF-16 has a byte order mark, or shows itself by a zero byte beside the first `<`. */
const utf16Of = (bytes: Buffer): 'utf-16le' | 'utf-16be' | null => {
  const [a, b] = bytes;
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  if (a !== undefined && a !== 0 && b === 0) return 'utf-16le';
  if (a === 0 && b !== undefined && b !== 0) return 'utf-16be';
  return null;
};

const declaredEncoding = (bytes: Buffer): string | null =>
  /^(?:\xef\xbb\xbf)?<\?xml[^>]{0,200}?[ \t\r\n]encoding[ \t\r\n]{0,20}=[ \t\r\n]{0,20}["']([A-Za-z][A-Za-z0-9._-]{0,40})["']/
    .exec(bytes.subarray(0, 400).toString('latin1'))?.[1]
    ?.toLowerCase() ?? null;

const isUtf32 = (bytes: Buffer): boolean =>
  bytes.length >= 4 &&
  ((bytes[0] === 0 && bytes[1] === 0) || (bytes[2] === 0 && bytes[3] === 0 && (bytes[0] === 0x3c || (bytes[0] === 0xff && bytes[1] === 0xfe))));

const decodeAs = (bytes: Buffer, encoding: string): DecodedText => {
  try {
    return { ok: true, text: new TextDecoder(encoding, { fatal: true }).decode(bytes) };
  } catch {
    return { ok: false, why: `The bytes are not valid ${encoding.toUpperCase()}.` };
  }
};

/**
 * Text of an XML document's bytes by XML 1.0 appendix F: byte order mark, then the zero bytes of UTF-16, then the declared encoding, else UTF-8.
 * Invalid bytes and unknown encodings are refused, never replaced.
 */
export const decodeXmlBytes = (bytes: Buffer): DecodedText => {
  if (isUtf32(bytes)) return { ok: false, why: 'The document is in UTF-32; expected UTF-8 or UTF-16.' };
  const utf16 = utf16Of(bytes);
  if (utf16 !== null) return bytes.length % 2 === 0 ? decodeAs(bytes, utf16) : { ok: false, why: 'The document is in UTF-16 with an odd number of bytes.' };
  const declared = declaredEncoding(bytes);
  const encoding = declared === null ? 'utf-8' : knownEncodings[declared];
  if (encoding === undefined) return { ok: false, why: `The document declares encoding "${declared}"; expected UTF-8, or UTF-16 with UTF-16 bytes.` };
  return decodeAs(bytes, encoding);
};
