import { base64Cores, base64Spellings } from './short-secret';

/** A text's bytes (UTF-8 and UTF-16) in Base64 at each alignment and in hexadecimal, and its UTF-16 read as single bytes, as NTLM messages show it. */
export function binaryVariants(text: string): string[] {
  const encoded = [Buffer.from(text, 'utf8'), Buffer.from(text, 'utf16le')].flatMap((bytes) => {
    const hex = bytes.toString('hex');
    return [...base64Cores(bytes).flatMap(base64Spellings), hex, hex.toUpperCase()];
  });
  return [...encoded, text.split('').join('\0'), text.split('').join('\\u0000')];
}
