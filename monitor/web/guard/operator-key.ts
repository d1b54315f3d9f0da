import { createHash, randomInt, timingSafeEqual } from 'node:crypto';

/** Letters and digits that cannot be taken for each other. */
const alphabet = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';

/** `K7QF-9TRC-…`: 20 characters, 98 bits, to be read off a terminal. A new one for each start of `watch`. */
export function makeOperatorKey(): string {
  const characters = Array.from({ length: 20 }, () => alphabet[randomInt(alphabet.length)]).join('');
  return characters.replace(/(.{4})(?=.)/g, '$1-');
}

/** Compares without telling by its time where they differ; case, blanks and hyphens do not matter. */
export function isOperatorKey(given: string, key: string): boolean {
  const digest = (text: string): Buffer =>
    createHash('sha256')
      .update(text.toUpperCase().replace(/[^A-Z0-9]/g, ''))
      .digest();
  return timingSafeEqual(digest(given), digest(key));
}
