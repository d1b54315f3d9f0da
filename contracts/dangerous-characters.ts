/**
 * Characters of a foreign text that drive a terminal, reorder or hide text, or break a format: controls other than tab, CR and LF; lone surrogates;
 * directions, invisible blanks, fillers, annotations and tags. Joiners (U+200C, U+200D) stay: scripts and emoji need them.
 */
export const dangerousCharacters =
  /[^\P{Cc}\t\r\n]|\p{Cs}|[\u00AD\u061C\u115F\u1160\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF9-\uFFFB\uFFFE\uFFFF\u{E0000}-\u{E007F}]/gu;
