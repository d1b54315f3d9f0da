/**
 * A pattern that finds a text in any mix of the encodings it can meet on its way through a browser, a form, XML, JSON and logs: raw, URL
 * (upper- and lower-case hex, + for space, encoded twice or more), HTML entities, JSON escapes. Character by character, because encoders differ in
 * which characters they encode, and because one encoding is often wrapped into another.
 */
export function tolerantPattern(text: string): string {
  return [...text.replace(/\r\n|\r/g, '\n')].map((character) => (character === '\n' ? lineBreak : characterPattern(character))).join('');
}

/** `%`, possibly encoded again: %25, %2525 … */
const percent = '%(?:25)*';
const backslash = `(?:\\\\|${percent}5[cC])`;
const ampersand = `(?:&|${percent}26)(?:amp(?:;|${percent}3[bB]))?`;
const semicolon = `(?:;|${percent}3[bB])`;
const numberSign = `(?:#|${percent}23)`;
const namedEntities: Readonly<Record<string, string>> = { '&': 'amp', '<': 'lt', '>': 'gt', '"': 'quot', "'": 'apos' };

/** CR, LF or both, in any encoding: browsers turn a lone LF of a form field into CRLF. */
const lineBreak = `(?:\\r|\\n|${backslash}+[rn]|${backslash}+u000[adAD]|${percent}0[dDaA]|${ampersand}${numberSign}(?:1[03]|[xX]0?[aAdD])${semicolon}){1,2}`;

/** Two hex digits in either case. */
function hexByte(byte: number): string {
  return [...byte.toString(16).padStart(2, '0')].map((digit) => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit)).join('');
}

function characterPattern(character: string): string {
  const codePoint = character.codePointAt(0)!;
  const literal = character.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  const utf8 = [...Buffer.from(character, 'utf8')];
  const hex = [...codePoint.toString(16)].map((digit) => (/[a-f]/.test(digit) ? `[${digit}${digit.toUpperCase()}]` : digit)).join('');
  const alternatives = [
    character === '\\' ? `${backslash}{1,4}` : literal,
    utf8.map((byte) => percent + hexByte(byte)).join(''),
    `${ampersand}${numberSign}(?:0*${codePoint}|[xX]0*${hex})${semicolon}`,
    [...character.split('')].map((unit) => `${backslash}+u${hexByte(unit.charCodeAt(0) >> 8)}${hexByte(unit.charCodeAt(0) & 0xff)}`).join(''),
  ];
  const named = namedEntities[character];
  if (named) alternatives.push(`${ampersand}${named}${semicolon}`);
  if (character === '&') alternatives.push(ampersand);
  if (character === ' ') alternatives.push('\\+', `${percent}2[bB]`, '\\u00a0');
  if (character === '\t') alternatives.push(`${backslash}+t`);
  if (codePoint > 0x7f) {
    alternatives.push(`${ampersand}[A-Za-z]{2,8}${semicolon}`); // &eacute; and its kind
    alternatives.push(
      Buffer.from(character, 'utf8')
        .toString('latin1')
        .replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&'),
    ); // UTF-8 read as Latin-1
    if (codePoint <= 0xff) alternatives.push(percent + hexByte(codePoint), `${backslash}+x${hexByte(codePoint)}`);
    alternatives.push(`${percent}[uU]${hexByte((codePoint >> 8) & 0xff)}${hexByte(codePoint & 0xff)}`); // JavaScript's escape()
  }
  // JSON and JavaScript put a backslash before these, once per nesting.
  return `${/["'/]/.test(character) ? `${backslash}{0,4}` : ''}(?:${alternatives.join('|')})`;
}
