/** A secret that is also a word of every day: a one-time code, the password of a key file. */

/**
 * One to three characters, or fewer than eight that are only letters or only digits ("form", "1234"): removed where it stands alone, not inside other words,
 * host names and paths, or nothing readable would be left. Account passwords have at least eight characters.
 */
export const isCommonWord = (secret: string): boolean => secret.length < 4 || (secret.length < 8 && /^(\p{L}+|\p{N}+)$/u.test(secret));

const before = '(?<![\\p{L}\\p{N}_-]|[\\p{L}\\p{N}/][./\\\\]|:\\/\\/)';
const after = '(?![\\p{L}\\p{N}_-]|[.\\/][\\p{L}\\p{N}])';
const opening = '(?<=["\'`\u201c\u2018=>])';

/** For a text whose escapes are undone. In a sentence of the probe's own it counts only as a value, or `The sign-in [password] came again` would tell it. */
export function commonWordPatterns(secret: string): { readonly patterns: readonly RegExp[]; readonly ownPatterns: readonly RegExp[] } {
  const word = literal(secret);
  const packed = [Buffer.from(secret, 'utf8'), Buffer.from(secret, 'utf16le')]
    .map((bytes) => bytes.toString('base64').replace(/=+$/, ''))
    .filter(({ length }) => length <= 8)
    .map((whole) => new RegExp(`(?<![A-Za-z0-9+/_-])${literal(whole)}={0,2}(?![A-Za-z0-9+/_-])`, 'gu'));
  return { patterns: [new RegExp(before + word + after, 'gu'), ...packed], ownPatterns: [new RegExp(opening + word + after, 'gu'), ...packed] };
}

/** Where a common word is somebody's value: behind a telling name. */
export function tellingPlaces(word: string): RegExp {
  const name = '(?:pass(?:word|wd|code)?|pwd|secret|kennwort|otp|code|pin)[\\w$.-]{0,24}';
  return new RegExp(`${name}["'\\\\]{0,4}\\s{0,2}(?:[=:]|%3[dD]|&#61;|\\s+value=)\\s{0,2}["'\\\\]{0,4}${literal(word)}(?![\\p{L}\\p{N}_-])`, 'giu');
}

const literal = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
