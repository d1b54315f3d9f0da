/** Texts as bytes: Base64 at each alignment, hexadecimal, UTF-16. */

/** Fewer characters of a Base64 text than this occur by chance. */
const minBase64Core = 6;

/** A text's bytes (UTF-8 and UTF-16) in Base64 at each alignment and in hexadecimal, and its UTF-16 read as single bytes, as NTLM messages show it. */
export function binaryVariants(text: string): string[] {
  const encoded = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')].flatMap((bytes) => {
    const hex = bytes.toString('hex');
    return [...base64Cores(bytes).flatMap(base64Spellings), hex, hex.toUpperCase()];
  });
  return [...encoded, text.split('').join('\0'), text.split('').join('\\u0000')];
}

/** The same of a secret that may be short: without what occurs by chance. */
export function binaryShapes(secret: string): string[] {
  return [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')].flatMap((bytes) => {
    const cores = base64Cores(bytes).filter(({ length }) => length >= minBase64Core);
    const hex = bytes.length >= 4 ? bytes.toString('hex') : '';
    return [...cores.flatMap(base64Spellings), ...(hex ? [hex, hex.toUpperCase()] : [])];
  });
}

/** The characters of a Base64 text that depend on these bytes alone, wherever they stand in a longer message (as in `user:password`): one per alignment. */
export function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}

/** A Base64 text as URLs, JSON and HTML write its two signs. */
function base64Spellings(core: string): string[] {
  if (!/[+/]/.test(core)) return [core];
  const upper = encodeURIComponent(core);
  const twice = encodeURIComponent(upper);
  const hex = (sign: string): string => sign.charCodeAt(0).toString(16);
  return [
    core,
    core.replace(/\+/g, '-').replace(/\//g, '_'),
    ...[upper, twice].flatMap((text) => [
      text,
      text.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase()),
      text.replace(/2B/g, '2b').replace(/2F/g, '2f'),
    ]),
    core.replace(/\//g, '\\/'),
    core.replace(/\+/g, '\\u002b'),
    core.replace(/\+/g, '\\u002B'),
    core.replace(/[+/]/g, (sign) => `&#x${hex(sign).toUpperCase()};`),
    core.replace(/[+/]/g, (sign) => `&#${sign.charCodeAt(0)};`),
  ];
}
