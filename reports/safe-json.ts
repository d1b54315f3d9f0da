import { dangerousCharacters } from '../contracts/dangerous-characters';

/** JSON for a terminal as well as for a program: what would drive the one is written as an escape, which the other reads as the same character. */
export const safeJson = (value: unknown, indent?: number): string =>
  JSON.stringify(value, null, indent).replace(dangerousCharacters, (found) =>
    found
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
