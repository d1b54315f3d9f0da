/** Finding a secret a person could type (a password, a PIN), in every encoding, without a common word taking half of the text with it. */
import { tolerantPattern } from './tolerant-pattern';

/** Fewer characters of a Base64 text than this occur by chance. */
const minBase64Core = 6;

export interface ShortSecretShapes {
  /** The secret in any mix of URL, HTML and JSON encodings, in a text from outside. */
  readonly patterns: readonly RegExp[];
  /** The same in a sentence of the probe's own: a common word counts only where it stands as a value, or `The sign-in [password] came again` would tell it. */
  readonly valuePatterns: readonly RegExp[];
  /** Its binary encodings, to be looked for as they are. */
  readonly literals: readonly string[];
}

/** Every shape the secret may appear in. For a non-empty secret. */
export function shortSecretShapes(secret: string): ShortSecretShapes {
  const spellings = [...new Set([secret, secret.normalize('NFC'), secret.normalize('NFD')])];
  const compiled = (place: (pattern: string) => string): RegExp[] =>
    spellings.flatMap((spelling) => [place(tolerantPattern(spelling)), ...wholeBase64(spelling)]).map((pattern) => new RegExp(pattern, 'gu'));
  const common = isCommonWord(secret);
  return {
    patterns: compiled(common ? standingAlone : whole),
    valuePatterns: compiled(common ? asValue : whole),
    literals: [...new Set(spellings.flatMap(binaryShapes))],
  };
}

/**
 * A secret of one to three characters, or a short one of letters or digits only, may also be a common word ("form", "1234"): it is removed where it stands
 * alone, not inside other words, host names and paths, or nothing readable would be left.
 */
export const isCommonWord = (secret: string): boolean => secret.length < 4 || (secret.length < 8 && /^(\p{L}+|\p{N}+)$/u.test(secret));

/** What ends a word: anything but a letter or digit, also when that is itself written as an escape (`%3D`, `\n`, `\u0022`). */
const before = '(?:(?<![\\p{L}\\p{N}_-]|[\\p{L}\\p{N}/][./\\\\]|:\\/\\/)|(?<=%[0-9A-Fa-f]{2})|(?<=\\\\u[0-9A-Fa-f]{4})|(?<=\\\\[nrt]))';
const after = '(?![\\p{L}\\p{N}_-]|[.\\/][\\p{L}\\p{N}])';
const opening = '(?<=["\'`\u201c\u2018=>]|&quot;|%(?:25)*3[dD]|%(?:25)*22)';

const whole = (pattern: string): string => pattern;
const standingAlone = (pattern: string): string => before + pattern + after;
const asValue = (pattern: string): string => opening + pattern + after;

/** The Base64 text of a secret too short to be looked for within longer ones, standing alone. */
function wholeBase64(secret: string): string[] {
  const wholes = [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')].map((bytes) => bytes.toString('base64').replace(/=+$/, ''));
  return wholes
    .filter((whole) => whole.length <= minBase64Core + 2)
    .map((whole) => `(?<![A-Za-z0-9+/_-])${tolerantPattern(whole)}(?:={1,2}|(?:%(?:25)*3[dD]){1,2})?(?![A-Za-z0-9+/_-])`);
}

function binaryShapes(secret: string): string[] {
  const shapes: string[] = [];
  for (const bytes of [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')]) {
    for (const core of base64Cores(bytes)) if (core.length >= minBase64Core) shapes.push(...base64Spellings(core));
    const hex = bytes.toString('hex');
    if (bytes.length >= 4) shapes.push(hex, hex.toUpperCase());
  }
  // UTF-16 read as single bytes, as NTLM messages show it; the last zero byte may be cut off.
  if (secret.length >= 2) shapes.push([...secret].join('\u0000'), JSON.stringify([...secret].join('\u0000')).slice(1, -1));
  return shapes;
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

/** A Base64 text as URLs, JSON and HTML write its two signs. */
export function base64Spellings(core: string): string[] {
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
