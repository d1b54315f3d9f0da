/**
 * Finds what a person types (a password, a PIN, a one-time code) however it is written: in any mix of encodings, with invisible signs or blanks between,
 * backwards, in other widths and alphabets of the same letters. A text is brought into a plain form once, each secret is looked for there, and what is found is
 * traced back to its place. Used by the redactor and by the last look alike.
 */
import { binaryShapes } from './binary-variants';
import type { FoundRange } from './opaque-secrets';
import {
  plainReading,
  type Reading,
  readingsOf,
  skeletonOf,
  skeletonTexts,
  stretchOf,
  textsOf,
  textWithoutEscapes,
  textWithoutTags,
  withoutEscapes,
  withoutTags,
} from './reading';
import { commonWordPatterns, isCommonWord } from './common-word';

/** A shorter plain form is in many words; a short secret may have one. */
const shortestSkeleton = (secret: string): number => Math.min(6, Math.max(4, secret.length - 2));
/** The shortest length any text is cut to, and how much of a password at its end tells something. */
const shortestCut = 150;
const fewestTelling = 4;
/** So much of a text's end is looked at for a password that was cut off. */
const tailLength = 2_000;

interface Typed {
  readonly secret: string;
  readonly kind: string;
  /** Plain forms, forwards and backwards. */
  readonly skeletons: readonly string[];
  /** The same of its letters and digits alone. */
  readonly letters: readonly string[];
  /** As bytes in Base64 and hexadecimal, and as it is. */
  readonly literals: readonly string[];
  /** One to four words and perhaps a number (`Dynamics365`): ordinary sentences may have them, too. */
  readonly ofWords: boolean;
}

interface Word {
  readonly kind: string;
  readonly patterns: readonly RegExp[];
  readonly ownPatterns: readonly RegExp[];
  readonly literals: readonly string[];
}

export class TypedSecrets {
  readonly #typed: Typed[] = [];
  readonly #words: Word[] = [];

  /** A common word (`isCommonWord`) is found where it stands alone, or half of a text would go with it. */
  add(secret: string, kind: string): void {
    const backwards = reversed(secret);
    const spellings = [...new Set([secret, secret.normalize('NFC'), secret.normalize('NFD'), backwards])];
    const literals = [...new Set(spellings.flatMap(binaryShapes))];
    if (isCommonWord(secret)) this.#words.push({ kind, literals, ...commonWordPatterns(secret) });
    else
      this.#typed.push({
        secret,
        kind,
        skeletons: skeletonsOf(secret, true),
        letters: skeletonsOf(secret, false),
        literals: [...literals, secret],
        ofWords: /^\p{L}{2,15}(?:[ _.-]\p{L}{2,15}){0,3}(?:[ _.-]?\p{N}{1,4})?$/u.test(secret),
      });
  }

  /**
   * All places of all secrets; they may overlap. `own`: a sentence of the probe's own, or a finished file: words that merely are the same as those a
   * password is made of do not count.
   */
  find(text: string, { own = false } = {}): FoundRange[] {
    if (this.#typed.length === 0 && this.#words.length === 0) return [];
    if (this.#words.length === 0 && !this.mayHold(text)) return [];
    const found: FoundRange[] = [];
    const readings = readingsOf(text);
    for (const reading of readings) {
      this.findWords(reading, own, found);
      this.findTyped(reading, found);
      const bare = withoutTags(reading);
      if (bare) [bare, withoutEscapes(bare)].forEach((each) => each && this.findTyped(each, found));
    }
    for (const { literals, kind } of [...this.#typed, ...this.#words])
      for (const literal of literals) eachPlace(text, literal, (start, end) => found.push({ start, end, kind }));
    this.findCut(text, readings, found);
    return own ? found.filter((range) => !this.isCoincidence(text, range)) : found;
  }

  /** Most texts hold none: the plain forms alone tell so, without where their characters come from. Never false where `find` finds something. */
  private mayHold(text: string): boolean {
    if (this.#typed.some(({ literals }) => literals.some((literal) => text.includes(literal)))) return true;
    const texts = textsOf(text);
    for (const each of texts) {
      const bare = textWithoutTags(each);
      if ([each, bare, bare === null ? null : textWithoutEscapes(bare)].some((form) => form !== null && this.mayStandIn(form))) return true;
    }
    return text.length >= shortestCut && [texts[0], texts.at(-1)].some((each) => each !== undefined && this.mayBeCutIn(each.slice(-tailLength)));
  }

  private mayStandIn(text: string): boolean {
    const plain = skeletonTexts(text);
    return (
      plain === null ||
      this.#typed.some(({ skeletons, letters }) => skeletons.some((form) => plain.all.includes(form)) || letters.some((form) => plain.letters.includes(form)))
    );
  }

  private mayBeCutIn(tail: string): boolean {
    const plain = skeletonTexts(tail);
    if (plain === null) return true;
    const begins = (form: string): boolean => {
      for (let length = Math.min(form.length, plain.all.length) - 1; length >= fewestTelling - 1; length--)
        if (plain.all.endsWith(form.slice(0, length))) return true;
      return false;
    };
    return this.#typed.some(({ skeletons }) => skeletons.some(begins));
  }

  private findTyped(reading: Reading, found: FoundRange[]): void {
    if (this.#typed.length === 0) return;
    const skeleton = skeletonOf(reading);
    const letters = skeletonOf(reading, { signs: false });
    for (const typed of this.#typed) {
      const note = (where: Reading) => (start: number, end: number) => found.push({ ...stretchOf(where, start, end), kind: typed.kind });
      for (const form of typed.skeletons) eachPlace(skeleton.text, form, note(skeleton));
      for (const form of typed.letters)
        eachPlace(letters.text, form, (start, end) => {
          if (isSpacedOut(letters, start, end)) note(letters)(start, end);
        });
    }
  }

  private findWords({ text, from, to }: Reading, own: boolean, found: FoundRange[]): void {
    for (const { kind, patterns, ownPatterns } of this.#words)
      for (const pattern of own ? ownPatterns : patterns)
        for (const match of text.matchAll(pattern)) found.push({ ...stretchOf({ text, from, to }, match.index, match.index + match[0].length), kind });
  }

  /** Where a password begins that the end of the text cuts off: texts of pages are kept up to a length. */
  private findCut(text: string, readings: readonly Reading[], found: FoundRange[]): void {
    // A mask in a shorter text, which nobody cut, would tell how the password begins.
    if (text.length < shortestCut) return;
    for (const reading of new Set([readings[0], readings.at(-1)])) {
      if (!reading) continue;
      const tail = Math.max(0, reading.text.length - tailLength);
      const end = skeletonOf({ text: reading.text.slice(tail), from: reading.from?.subarray(tail) ?? null, to: reading.to?.subarray(tail) ?? null });
      const shift = reading.from ? 0 : tail;
      for (const { skeletons, kind, secret } of this.#typed)
        for (const form of skeletons)
          for (let length = Math.min(form.length, end.text.length) - 1; length > 0; length--)
            if (end.text.endsWith(form.slice(0, length))) {
              const start = stretchOf(end, end.text.length - length, end.text.length).start + shift;
              const blanks = secret.length - secret.trimStart().length;
              if (text.length - start + blanks >= fewestTelling && length >= fewestTelling - 1) found.push({ start, end: text.length, kind });
              break;
            }
    }
  }

  /** Ordinary words in the order in which they make a password: `Dynamics 365`. The password as it was typed is none. */
  private isCoincidence(text: string, { start, end }: FoundRange): boolean {
    const words = text.slice(start, end);
    if (!/^[\p{L}\p{N}]+(?:[\s_.-][\p{L}\p{N}]+){0,3}$/u.test(words)) return false;
    const joined = (each: string): string => each.replace(/[\s_.-]/g, '').toLowerCase();
    const same = this.#typed.filter(({ secret }) => joined(secret) === joined(words));
    return same.length > 0 && same.every(({ secret, ofWords }) => ofWords && secret !== words);
  }
}

/** By characters, as somebody reads them. */
const reversed = (text: string): string => [...text].reverse().join('');

function skeletonsOf(secret: string, signs: boolean): string[] {
  const mojibake = Buffer.from(secret, 'utf8').toString('latin1'); // UTF-8 read as Latin-1
  const spellings = [secret, readingsOf(secret).at(-1)?.text ?? secret, mojibake, secret.replace(/ /g, '+')];
  const forms = new Set(
    spellings.map((spelling) => skeletonOf(plainReading(spelling), { signs }).text).filter(({ length }) => length >= shortestSkeleton(secret)),
  );
  return [...new Set([...forms].flatMap((form) => [form, reversed(form)]))];
}

function eachPlace(text: string, wanted: string, note: (start: number, end: number) => void): void {
  if (wanted === '' || wanted.length > text.length) return;
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) note(at, at + wanted.length);
}

/** Signs between at least every second pair of letters: `h-u-n-t`, not `fork-blade`. */
function isSpacedOut({ from, to }: Reading, start: number, end: number): boolean {
  let gaps = 0;
  for (let at = start; at + 1 < end; at++) if ((from?.[at + 1] ?? 0) > (to?.[at] ?? 0)) gaps += 1;
  return gaps * 2 >= end - start - 1;
}
