/**
 * The last look: does a finished text or file hold a secret of the run? Looks as the redactor does and, besides, for its bytes in UTF-16 and into what Base64
 * and percent signs in the file hide, so that a redactor that was not asked, or missed one, is noticed.
 */
import type { KnownSecret, SecretKind } from './redact';
import { binaryShapes } from './binary-variants';
import { longTextVariants } from './long-text';
import { OpaqueSecrets } from './opaque-secrets';
import { spreadOut } from './spread-out';
import { isCommonWord, tellingPlaces } from './common-word';
import { TypedSecrets } from './typed-secrets';
import { isOpaque, minOpaqueLength, usableParts } from './usable-parts';

/** Says which kinds of secrets the bytes hold; empty = none. */
export type SecretFinder = (bytes: Buffer) => SecretKind[];

/** A cookie such as `theme=internal` keeps no session, and its value is in every text. */
const minTelling = 16;
/** Unpacking what is packed in what was packed. */
const mostLayers = 3;

/** Made once per run, when all secrets are known. */
export function secretFinder(known: readonly KnownSecret[]): SecretFinder {
  const worked = spreadOut.get(known);
  const opaque = worked?.opaque ?? new OpaqueSecrets();
  const typed = new TypedSecrets();
  const literals: { readonly bytes: Buffer; readonly kind: SecretKind }[] = [];
  const patterns: { readonly pattern: RegExp; readonly kind: SecretKind }[] = [];
  for (const { value, kind } of known) {
    if (kind === 'password' || kind === 'code') {
      if (isCommonWord(value)) patterns.push({ pattern: tellingPlaces(value), kind });
      else typed.add(value, kind);
      [...binaryShapes(value), ...(isCommonWord(value) ? [] : [value])].forEach((shape) => literals.push({ bytes: Buffer.from(shape, 'utf8'), kind }));
      if (value.length >= 4) literals.push({ bytes: Buffer.from(value, 'utf16le'), kind }, { bytes: Buffer.from(value, 'utf16le').swap16(), kind });
    } else if (isOpaque(value) && value.length >= minOpaqueLength) {
      if (!worked) opaque.add(value, kind);
    } else if (value.length >= minTelling || (/\p{L}/u.test(value) && /\p{N}/u.test(value))) {
      for (const variant of worked?.variants.get(value) ?? longTextVariants(value)) literals.push({ bytes: Buffer.from(variant, 'utf8'), kind });
      if (!worked) for (const part of usableParts(value)) opaque.add(part, kind);
    }
  }

  return (bytes) => {
    const found = new Set<SecretKind>();
    for (const { bytes: layer, legible } of layersOf(bytes)) {
      for (const { bytes: literal, kind } of literals) if (!found.has(kind) && layer.includes(literal)) found.add(kind);
      // Byte by byte: random values are spelled in ASCII, whatever stands around them.
      for (const { kind } of opaque.find(layer.toString('latin1'))) found.add(kind as SecretKind);
      if (!legible && patterns.length === 0) continue;
      const text = layer.toString('utf8');
      for (const { pattern, kind } of patterns) if (!found.has(kind) && text.search(pattern) >= 0) found.add(kind);
      if (legible) for (const { kind } of typed.find(text, { own: true })) found.add(kind as SecretKind);
    }
    return [...found];
  };
}

interface Layer {
  readonly bytes: Buffer;
  /** Not a picture, a key or an archive: worth to be read as a person would. */
  readonly legible: boolean;
}

/** The bytes, and what they hide in Base64 or percent signs, layer by layer. */
function layersOf(bytes: Buffer): Layer[] {
  let latest: Layer[] = [{ bytes, legible: isLegible(bytes) }];
  const layers = [...latest];
  const unpacked = new Set<string>();
  for (let depth = 1; depth < mostLayers && latest.length > 0; depth++) {
    latest = latest.flatMap((layer) => hiddenIn(layer.bytes.toString('latin1'), unpacked));
    layers.push(...latest);
  }
  return layers;
}

/** As long as pictures are: what was searched in one layer is searched again in the next at its ends only, where its neighbours may differ. */
const longStretch = 16_384;
const endOfStretch = 4_096;
const ends = (text: string): string =>
  // A whole number of Base64's groups, so that both ends are read as they were.
  `${text.slice(0, endOfStretch)}\n${text.slice(text.length - endOfStretch - (text.length % 4))}`;

/** `unpacked`: the long runs of Base64 that were unpacked for a layer before. */
function hiddenIn(text: string, unpacked: Set<string>): Layer[] {
  const runs = (text.match(/[A-Za-z0-9+/_-]{8,}/g) ?? []).flatMap((run) => {
    if (run.length < longStretch) return run;
    const known = unpacked.has(run);
    unpacked.add(run);
    return known ? ends(run).split('\n') : run;
  });
  const decoded = runs.map((run) => Buffer.from(run, 'base64'));
  // Pieces are joined: short ones by themselves would cost a pass each.
  const layers = [true, false].flatMap((legible): Layer[] => {
    const pieces = decoded.filter((piece) => isLegible(piece) === legible);
    return pieces.length > 0 ? [{ bytes: Buffer.concat(pieces.flatMap((piece) => [piece, separator])), legible }] : [];
  });
  const plain = withoutPercentSigns(text);
  if (plain === null) return layers;
  const bytes = Buffer.from(plain, 'latin1');
  return [...layers, { bytes, legible: isLegible(bytes) }];
}

/** Of a long stretch without percent signs only the ends: it stands as it is in the text itself, which is searched, too. */
function withoutPercentSigns(text: string): string | null {
  if (!/%[0-9a-f]{2}/i.test(text)) return null;
  let plain = '';
  let at = 0;
  const stretch = (end: number): string => (end - at < longStretch ? text.slice(at, end) : ends(text.slice(at, end)));
  for (const { 0: escape, index } of text.matchAll(/%[0-9a-f]{2}/gi)) {
    plain += stretch(index) + String.fromCharCode(parseInt(escape.slice(1), 16));
    at = index + escape.length;
  }
  return plain + stretch(text.length);
}
const separator = Buffer.from('\n');

/** Texts have hardly any control characters; the zeros of UTF-16 are none. Of random bytes every tenth is one. */
function isLegible(bytes: Buffer): boolean {
  let controls = 0;
  for (const byte of bytes) if (byte > 0 && byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d) controls += 1;
  return controls * 25 <= bytes.length;
}
