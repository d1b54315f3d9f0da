/**
 * A text as it may be meant: escapes undone, invisible signs and looks taken away. Every character knows where it stands in the text it was made from, so
 * that what is found in a reading can be cut out of the text itself.
 */

/** A text with, for each of its UTF-16 units, the stretch of the original it stands for; null = it is the original. */
export interface Reading {
  readonly text: string;
  readonly from: Uint32Array | null;
  readonly to: Uint32Array | null;
}

export const plainReading = (text: string): Reading => ({ text, from: null, to: null });

/** The stretch of the original that characters `start` to `end` (not included) of a reading stand for. */
export function stretchOf({ from, to }: Reading, start: number, end: number): { readonly start: number; readonly end: number } {
  return { start: from?.[start] ?? start, end: to?.[end - 1] ?? end };
}

/** More encodings than anything wraps around a text. */
const mostPasses = 6;

/** The text, then with its escapes undone once, twice … until there are none: URL, HTML, JSON and JavaScript escapes in any mix. */
export function readingsOf(text: string): Reading[] {
  const plain = plainReading(text);
  const readings = [plain];
  for (let next = withoutEscapes(plain); next && readings.length <= mostPasses; next = withoutEscapes(next)) readings.push(next);
  return readings;
}

const escape = /(?:%[0-9a-f]{2})+|%u[0-9a-f]{4}|\\(?:u[0-9a-f]{4}|x[0-9a-f]{2}|[nrtbfv0])|&(?:#\d{1,7};?|#x[0-9a-f]{1,6};?|[a-z][a-z0-9]{1,20};)/gi;

/** Each escape as the character it stands for; null when there is none. */
export function withoutEscapes(reading: Reading): Reading | null {
  const { text } = reading;
  let builder: Builder | null = null;
  let at = 0;
  for (const match of text.matchAll(escape)) {
    const [found] = match;
    const start = match.index;
    const plain = plainOf(found);
    if (plain === '') continue; // an entity nobody knows
    const into = (builder ??= new Builder(reading));
    builder.copy(at, start);
    if (plain === null) percentBytes(found, (character, first, last) => into.put(character, start + first * 3, start + last * 3));
    else builder.put(plain, start, start + found.length);
    at = start + found.length;
  }
  builder?.copy(at, text.length);
  return builder?.done() ?? null;
}

/** What one escape stands for; '' = not known, null = a run of `%xx`. */
const plainOf = (found: string): string | null => (found.startsWith('%') && !/^%u/i.test(found) ? null : characterOf(found));

/** The text of `withoutEscapes`, without the places, in a fraction of the time. */
export function textWithoutEscapes(text: string): string | null {
  if (!/[%\\&]/.test(text)) return null;
  let changed = false;
  const plain = text.replace(escape, (found) => {
    const one = plainOf(found);
    if (one === '') return found;
    changed = true;
    let characters = one ?? '';
    if (one === null) percentBytes(found, (character) => (characters += character));
    return characters;
  });
  return changed ? plain : null;
}

/** The texts of `readingsOf`. */
export function textsOf(text: string): string[] {
  const texts = [text];
  for (let next = textWithoutEscapes(text); next !== null && texts.length <= mostPasses; next = textWithoutEscapes(next)) texts.push(next);
  return texts;
}

/** The characters of a run of `%xx`: UTF-8 where it is valid, Latin-1 where not; `first` and `last` count bytes. */
function percentBytes(run: string, each: (character: string, first: number, last: number) => void): void {
  const bytes = Buffer.from(run.replace(/%/g, ''), 'hex');
  for (let at = 0; at < bytes.length;) {
    const first = bytes.readUInt8(at);
    const length = first < 0xc2 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 1;
    const character = bytes.subarray(at, at + length).toString('utf8');
    const valid = length === 1 ? first < 0x80 : at + length <= bytes.length && !character.includes('\ufffd');
    each(valid ? character : String.fromCharCode(first), at, at + (valid ? length : 1));
    at += valid ? length : 1;
  }
}

const controls: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', b: '\b', f: '\f', v: '\v', '0': '\0' };
const entities: Readonly<Record<string, string>> = Object.fromEntries(
  (
    'amp& lt< gt> quot" apos\' nbsp\u00a0 ensp\u2002 emsp\u2003 thinsp\u2009 shy\u00ad zwnj\u200c zwj\u200d lrm\u200e rlm\u200f ' +
    'ZeroWidthSpace\u200b NoBreak\u2060 Tab\t NewLine\n excl! num# dollar$ ' +
    'percnt% lpar( rpar) ast* plus+ comma, period. sol/ colon: semi; equals= quest? ' +
    'commat@ lsqb[ lbrack[ bsol\\ rsqb] rbrack] Hat^ lowbar_ grave` lcub{ lbrace{ verbar| vert| ' +
    'rcub} rbrace} euro€ pound£ yen¥ cent¢ sect§ deg° micro\u00b5 szligß aeligæ AEligÆ oeligœ OEligŒ oslashø OslashØ thornþ ' +
    'THORNÞ ethð ETHÐ iexcl¡ iquest¿ middot·'
  )
    .split(/(?<!,) (?=\w)/)
    .map((pair) => [/^\w+/.exec(pair)?.[0] ?? '', pair.replace(/^[A-Za-z]+/, '')]),
);

/** What one escape stands for; '' = not known. An entity of a letter with an accent is that letter: accents do not count. */
function characterOf(found: string): string {
  if (found.startsWith('\\')) {
    const hex = /^\\[ux](.+)/i.exec(found)?.[1];
    return hex ? String.fromCharCode(parseInt(hex, 16)) : (controls[found.charAt(1).toLowerCase()] ?? '');
  }
  if (found.startsWith('%')) return String.fromCharCode(parseInt(found.slice(2), 16));
  const name = found.replace(/^&|;$/g, '');
  if (!name.startsWith('#')) return entities[name] ?? /^([A-Za-z])(?:acute|grave|circ|uml|tilde|cedil|ring|caron)$/.exec(name)?.[1] ?? '';
  const code = /^#x/i.test(name) ? parseInt(name.slice(2), 16) : parseInt(name.slice(1), 10);
  return code <= 0x10ffff ? String.fromCodePoint(code) : '';
}

const tag = /<[a-z/!][^<>]{0,300}>/gi;

/** Without the tags of a markup; null when there are none. */
export function withoutTags(reading: Reading): Reading | null {
  let builder: Builder | null = null;
  let at = 0;
  for (const match of reading.text.matchAll(tag)) {
    builder ??= new Builder(reading);
    builder.copy(at, match.index);
    at = match.index + match[0].length;
  }
  builder?.copy(at, reading.text.length);
  return builder?.done() ?? null;
}

/** The text of `withoutTags`, without the places. */
export function textWithoutTags(text: string): string | null {
  if (!text.includes('<')) return null;
  const bare = text.replace(tag, '');
  return bare.length === text.length ? null : bare;
}

/**
 * What a reader makes out: one case, one width, no accents, no blanks, nothing invisible, no backslashes (each nesting of an encoding doubles them).
 * `signs: false`: letters and digits alone.
 */
export function skeletonOf(reading: Reading, { signs = true } = {}): Reading {
  const { text } = reading;
  const builder = new Builder(reading);
  let backslashes = -1; // where a run of them begins that ends at the character before
  for (let at = 0; at < text.length;) {
    const code = text.charCodeAt(at);
    if (code < 128) {
      const folded = asciiFold[code] ?? 0;
      if (folded === 0 || (!signs && !isAsciiWord(folded))) {
        if (code === backslash && backslashes < 0) backslashes = at;
        else if (code !== backslash) backslashes = -1;
        at += 1;
        continue;
      }
      // The backslash before a quote belongs to it: without the quote it would spoil a JSON text.
      builder.unit(folded, backslashes >= 0 && isQuoted(code) ? backslashes : at, at + 1);
      at += 1;
    } else {
      const point = text.codePointAt(at) ?? code;
      const end = at + (point > 0xffff ? 2 : 1);
      const folded = foldOf(point);
      const kept = signs ? folded : folded.replace(/[^\p{L}\p{N}]/gu, '');
      // An accent or an invisible sign goes with the character it follows.
      if (folded === '') builder.extend(at, end);
      else if (kept !== '') builder.put(kept, at, end);
      at = end;
    }
    backslashes = -1;
  }
  return builder.done();
}

/** The texts of `skeletonOf`, with signs and without, without the places; null where only `skeletonOf` can say (halves of characters). */
export function skeletonTexts(text: string): { readonly all: string; readonly letters: string } | null {
  // As many bytes as units: plain ASCII, which most long texts are.
  if (Buffer.byteLength(text, 'utf8') === text.length) return asciiSkeleton(text);
  if (/[\ud800-\udfff]/.test(text)) return null;
  let [all, letters] = ['', ''];
  for (const [stretch] of text.matchAll(/[\0-\x7f]+|[^\0-\x7f]+/g)) {
    if (stretch.charCodeAt(0) < 128) {
      const plain = asciiSkeleton(stretch);
      all += plain.all;
      letters += plain.letters;
    } else {
      const folded = Array.from(stretch, (each) => foldOf(each.charCodeAt(0))).join('');
      all += folded;
      letters += folded.replace(/[^\p{L}\p{N}]+/gu, '');
    }
  }
  return { all, letters };
}

function asciiSkeleton(text: string): { readonly all: string; readonly letters: string } {
  const bytes = Buffer.from(text, 'latin1');
  const letters = Buffer.allocUnsafe(bytes.length);
  let [kept, words] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const folded = asciiFold[bytes[at] ?? 0] ?? 0;
    if (folded === 0) continue;
    bytes[kept++] = folded;
    if (isAsciiWord(folded)) letters[words++] = folded;
  }
  return { all: bytes.toString('latin1', 0, kept), letters: letters.toString('latin1', 0, words) };
}

const backslash = 0x5c;
const isQuoted = (code: number): boolean => code === 0x22 || code === 0x27 || code === 0x2f;
const isAsciiWord = (code: number): boolean => (code >= 0x30 && code <= 0x39) || (code >= 0x61 && code <= 0x7a);
const asciiFold = Uint8Array.from({ length: 128 }, (_, code) =>
  code <= 0x20 || code === 0x7f || code === backslash ? 0 : String.fromCharCode(code).toLowerCase().charCodeAt(0),
);

const folds = new Map<number, string>();
/** Alphabets of emblems that Unicode does not trace back to letters: its first code point and its letter. */
const emblems: readonly (readonly [number, number, number])[] = [
  [0x1f150, 26, 0x61],
  [0x1f170, 26, 0x61],
  [0x1f1e6, 26, 0x61],
];

function foldOf(point: number): string {
  const known = folds.get(point);
  if (known !== undefined) return known;
  const emblem = emblems.find(([first, count]) => point >= first && point < first + count);
  const plain = emblem ? String.fromCharCode(emblem[2] + point - emblem[0]) : String.fromCodePoint(point);
  const silent = /[\p{M}\p{Default_Ignorable_Code_Point}\p{Z}\p{Cc}\p{Cf}\s\u2800\\]/gu;
  const folded = plain.normalize('NFKD').replace(silent, '').toUpperCase().toLowerCase().normalize('NFKD').replace(silent, '');
  folds.set(point, folded);
  return folded;
}

/** Puts a reading together; grows as a character may stand for several. */
class Builder {
  private codes: Uint16Array;
  private from: Uint32Array;
  private to: Uint32Array;
  private length = 0;

  constructor(private readonly source: Reading) {
    const size = source.text.length + 16;
    [this.codes, this.from, this.to] = [new Uint16Array(size), new Uint32Array(size), new Uint32Array(size)];
  }

  /** One UTF-16 unit for units `start` to `end` of the source. */
  unit(code: number, start: number, end: number): void {
    if (this.length === this.codes.length) this.grow();
    this.codes[this.length] = code;
    this.from[this.length] = this.source.from?.[start] ?? start;
    this.to[this.length] = this.source.to?.[end - 1] ?? end;
    this.length += 1;
  }

  put(text: string, start: number, end: number): void {
    for (let at = 0; at < text.length; at++) this.unit(text.charCodeAt(at), start, end);
  }

  copy(start: number, end: number): void {
    for (let at = start; at < end; at++) this.unit(this.source.text.charCodeAt(at), at, at + 1);
  }

  /** What begins right behind the last unit is part of it. */
  extend(start: number, end: number): void {
    const begins = this.source.from?.[start] ?? start;
    if (this.length > 0 && this.to[this.length - 1] === begins) this.to[this.length - 1] = this.source.to?.[end - 1] ?? end;
  }

  done(): Reading {
    return {
      text: Buffer.from(this.codes.buffer, 0, this.length * 2).toString('utf16le'),
      from: this.from.subarray(0, this.length),
      to: this.to.subarray(0, this.length),
    };
  }

  private grow(): void {
    const larger = <T extends Uint16Array | Uint32Array>(array: T, fresh: T): T => (fresh.set(array), fresh);
    const size = this.codes.length * 2;
    this.codes = larger(this.codes, new Uint16Array(size));
    this.from = larger(this.from, new Uint32Array(size));
    this.to = larger(this.to, new Uint32Array(size));
  }
}
