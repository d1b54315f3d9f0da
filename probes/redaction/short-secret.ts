/** Finding a secret a person could type (a password, a short code), in every encoding, without a common word taking half of the text with it. */
import { hexByte, tolerantPattern } from './tolerant-pattern';

/** Up to here the tolerant pattern is used; longer values are found by their parts (opaque-secret). */
export const maxShortLength = 128;
/** Fewer characters of a Base64 text than this occur by chance. */
const minBase64Core = 6;

/** Every pattern the secret may appear as. Never empty for a non-empty secret. */
export function shortSecretPatterns(secret: string): RegExp[] {
  const spellings = [...new Set([secret, secret.normalize('NFC'), secret.normalize('NFD')])];
  return spellings.flatMap((spelling) => [
    new RegExp(bounded(spelling, tolerantPattern(spelling)), 'gu'),
    ...encodedPatterns(spelling).map((pattern) => new RegExp(pattern, 'gu')),
  ]);
}

/** What ends a word: anything but a letter or digit, also when that is itself written as an escape (`%3D`, `\n`, `\u0022`). */
const before = '(?:(?<![\\p{L}\\p{N}])|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\u[0-9A-Fa-f]{4})|(?<=\\\\[nrt]))';
const after = '(?![\\p{L}\\p{N}])';

/**
 * A secret of one to three characters, or a short one of letters or digits only, may also be a common word ("form", "1234"): it is removed where it stands
 * alone, not inside other words, or nothing readable would be left.
 */
function bounded(secret: string, pattern: string): string {
  const common = secret.length < 4 || (secret.length < 8 && /^(\p{L}+|\p{N}+)$/u.test(secret));
  return common ? before + pattern + after : pattern;
}

function encodedPatterns(secret: string): string[] {
  const utf8 = Buffer.from(secret, 'utf8');
  const utf16 = Buffer.from(secret, 'utf16le');
  const patterns: string[] = [];
  for (const bytes of [utf8, utf16]) {
    for (const core of base64Cores(bytes)) {
      if (core.length < minBase64Core) continue;
      patterns.push(tolerantPattern(core));
      if (/[+/]/.test(core)) patterns.push(tolerantPattern(core.replace(/\+/g, '-').replace(/\//g, '_')));
    }
    if (bytes.length >= 4) patterns.push([...bytes].map(hexByte).join(''));
    const whole = bytes.toString('base64').replace(/=+$/, '');
    patterns.push(`(?<![A-Za-z0-9+/_-])${tolerantPattern(whole)}(?:={1,2}|(?:%(?:25)*3[dD]){1,2})?(?![A-Za-z0-9+/_-])`);
  }
  // UTF-16 read as single bytes, as NTLM messages show it.
  if (secret.length >= 2) patterns.push([...secret].map((character) => tolerantPattern(character)).join('\\u0000'));
  return patterns;
}

/**
 * The characters of a Base64 text that depend on these bytes alone, wherever they stand in a longer message (as in `user:password`): one per alignment.
 */
export function base64Cores(bytes: Buffer): string[] {
  return [0, 1, 2].map((offset) => {
    const encoded = Buffer.concat([Buffer.alloc(offset), bytes]).toString('base64');
    return encoded.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + bytes.length) * 8) / 6));
  });
}
