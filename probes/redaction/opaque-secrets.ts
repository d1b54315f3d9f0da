/**
 * Finding long random values (session cookies, signatures, encrypted tokens), also when only a piece of one is there: a text cut at 2,000 characters, a
 * cookie cut into MSISAuth, MSISAuth1 … Cost does not grow with the number of secrets: windows of the secrets are looked up at each place of the text.
 */
import { binaryVariants } from './binary-variants';

const windowLength = 16;
/** A piece shorter than this is taken for chance. Every piece of at least windowLength × 2 − 1 characters is found. */
const minPiece = 24;
/** An address in an address in an address (wreply within wctx within a log-in page's own). */
const mostUrlLayers = 4;
/** Encodings that one stretch of letters may belong to. */
const mostPlaces = 6;
/** Pieces so near to each other are one value with a sign between them in another encoding. */
const maxGap = 8;

export interface FoundRange {
  readonly start: number;
  readonly end: number;
  readonly kind: string;
}

interface Place {
  readonly variant: string;
  readonly offset: number;
  readonly kind: string;
}

/** Most places of a text are no window of any secret: two times four of its letters in a table say so without a look at the map. */
const filterBits = 20;
const filterMask = (1 << filterBits) - 1;
const firstKey = (text: string, at: number): number =>
  ((text.charCodeAt(at) * 0x9e3b) ^ (text.charCodeAt(at + 5) * 0x85eb) ^ (text.charCodeAt(at + 10) * 0xc2b3) ^ (text.charCodeAt(at + 15) * 0x27d5)) &
  filterMask;
const secondKey = (text: string, at: number): number =>
  ((text.charCodeAt(at + 2) * 0x7f4b) ^ (text.charCodeAt(at + 7) * 0xb1c9) ^ (text.charCodeAt(at + 12) * 0x9e37) ^ (text.charCodeAt(at + 13) * 0x3d4d)) &
  filterMask;
const [byFirst, bySecond] = [1, 2];

/** No encoding of a random value has these: a window cannot reach over one. */
const isGap = (code: number): boolean => code === 0x20 || (code >= 0x09 && code <= 0x0d) || code === 0x22 || code === 0x3c || code === 0x3e;

export class OpaqueSecrets {
  readonly #windows = new Map<string, Place[]>();
  readonly #filter = new Uint8Array(1 << filterBits);

  add(secret: string, kind: string): void {
    for (const variant of opaqueVariants(secret))
      for (let offset = 0; offset + windowLength <= variant.length; offset += windowLength) {
        const window = variant.slice(offset, offset + windowLength);
        // A run of one letter (zeros in Base64) is in many texts; its neighbours identify the secret.
        if (!hasFiveLetters(window)) continue;
        const places = this.#windows.get(window);
        if (places === undefined) {
          this.#windows.set(window, [{ variant, offset, kind }]);
          this.#mark(firstKey(window, 0), byFirst);
          this.#mark(secondKey(window, 0), bySecond);
        } else if (places.length < mostPlaces) places.push({ variant, offset, kind });
      }
  }

  #mark(key: number, bit: number): void {
    this.#filter[key] = (this.#filter[key] ?? 0) | bit;
  }

  /** All pieces of all secrets in the text, not overlapping, from left to right. */
  find(text: string): FoundRange[] {
    const found: FoundRange[] = [];
    if (this.#windows.size === 0) return found;
    for (let at = 0; at + windowLength <= text.length; at++) {
      if (isGap(text.charCodeAt(at + windowLength - 1))) {
        at += windowLength - 1;
        continue;
      }
      if (((this.#filter[firstKey(text, at)] ?? 0) & byFirst) === 0 || ((this.#filter[secondKey(text, at)] ?? 0) & bySecond) === 0) continue;
      const places = this.#windows.get(text.slice(at, at + windowLength));
      if (!places) continue;
      // Letters alone look the same in every encoding; the right one goes on the longest.
      const pieces = places.map((place) => grown(text, at, place));
      const piece = pieces.reduce((longest, each) => (each.end - each.start > longest.end - longest.start ? each : longest));
      if (piece.end - piece.start < minPiece) continue;
      const previous = found.at(-1);
      if (previous && piece.kind === previous.kind && piece.start - previous.end <= maxGap) found[found.length - 1] = { ...previous, end: piece.end };
      else found.push(piece);
      at = piece.end - 1;
    }
    return found;
  }
}

function hasFiveLetters(window: string): boolean {
  let [first, second, third, fourth] = [-1, -1, -1, -1];
  for (let at = 0; at < window.length; at++) {
    const code = window.charCodeAt(at);
    if (code === first || code === second || code === third || code === fourth) continue;
    if (first < 0) first = code;
    else if (second < 0) second = code;
    else if (third < 0) third = code;
    else if (fourth < 0) fourth = code;
    else return true;
  }
  return false;
}

/** The longest stretch around a window on which text and secret agree. */
function grown(text: string, at: number, { variant, offset, kind }: Place): FoundRange {
  let back = 0;
  while (back < at && back < offset && text[at - back - 1] === variant[offset - back - 1]) back++;
  let length = windowLength;
  while (at + length < text.length && offset + length < variant.length && text[at + length] === variant[offset + length]) length++;
  return { start: at - back, end: at + length, kind };
}

/** The value in the encodings random values are met in: as is, URL-decoded and -encoded (once and twice), HTML, JSON, and as bytes. */
function opaqueVariants(secret: string): Set<string> {
  const plain = new Set([secret, withoutPercent(secret)]);
  for (const value of [...plain]) if (/[+/]/.test(value)) plain.add(value.replace(/\+/g, '-').replace(/\//g, '_'));
  const variants = new Set(plain);
  for (const value of plain) {
    let latest = [value];
    for (let depth = 1; depth <= mostUrlLayers; depth++) {
      latest = [...new Set(latest.flatMap(urlEncodings))];
      latest.forEach((variant) => variants.add(variant));
    }
    variants.add(value.replace(/[+/=]/g, (sign) => `&#${sign.charCodeAt(0)};`));
    variants.add(value.replace(/[+/=]/g, (sign) => `&#x${sign.charCodeAt(0).toString(16).toUpperCase()};`));
    variants.add(value.replace(/\//g, '\\/'));
    variants.add(value.replace(/[+=]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`));
    variants.add(value.replace(/[+=]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16).toUpperCase()}`));
    for (const binary of binaryVariants(value)) variants.add(binary);
  }
  return variants;
}

function urlEncodings(value: string): string[] {
  const upper = encodeURIComponent(value.replace(/\p{Surrogate}/gu, '\uFFFD'));
  return [upper, upper.replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase())];
}

function withoutPercent(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value; // a % that is none of an escape
  }
}
