import { dangerousCharacters } from '../contracts/dangerous-characters';

/**
 * Text from servers under test is hostile until shown otherwise. Every renderer passes it through here before its own escaping.
 */

/**
 * Replaces every character that could reorder, hide or break text by a visible box (U+25A1: XML parsers take U+FFFD for a broken encoding);
 * the result is well-formed XML 1.0 text.
 */
export const safeText = (value: string): string => value.replace(dangerousCharacters, '\u25A1');

/** `safeText` on one line, runs of white space as one blank. */
export const oneLine = (value: string): string => safeText(value).replace(/\s+/g, ' ').trim();

/** One line of at most `characters` characters, with an ellipsis where something was cut. */
export const shorten = (value: string, characters: number): string => {
  const all = [...oneLine(value)];
  return all.length <= characters ? all.join('') : `${all.slice(0, Math.max(1, characters - 1)).join('')}…`;
};
