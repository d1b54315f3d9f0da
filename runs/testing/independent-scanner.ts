/**
 * For tests: looks for planted secrets in every file of a folder. Uses nothing of the product: its own encodings, its own unpacking of zip, PNG, Base64,
 * percent signs, entities and escapes. It looks for pieces too, of long values, and for passwords as a person could still read them: with signs between their
 * letters, backwards, in other shapes of the same letters.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inflateRawSync, inflateSync } from 'node:zlib';

export interface Planted {
  readonly kind: string;
  readonly value: string;
  /** A word of every day: looked for where it is somebody's value, and in every encoding that is not the word itself. */
  readonly commonWord?: boolean;
}

export interface ScanCount {
  readonly files: number;
  /** Entries of archives, chunks of pictures, decoded pieces. */
  readonly layers: number;
  readonly secrets: number;
  /** Writings per secret, on average. */
  readonly encodings: number;
  /** `file: kind as encoding` */
  readonly found: readonly string[];
}

interface Writing {
  readonly name: string;
  readonly bytes: Buffer;
}

const bytesOf = (text: string, encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(text, encoding);
const percent = (bytes: Buffer): string => [...bytes].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
const entities = (text: string): string =>
  text.replace(/[&<>"']/g, (sign) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' })[sign] ?? sign);
const escaped = (text: string): string => text.replace(/[^\x20-\x7e]|["\\<>&'+]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
const component = (text: string): string => encodeURIComponent(text.replace(/\p{Surrogate}/gu, ''));

/** Every writing this scanner knows, by name. */
export function writingsOf(value: string): Writing[] {
  const list: [string, string | Buffer][] = [];
  const spellings = [...new Set([value, value.normalize('NFC'), value.normalize('NFD'), value.replace(/\r?\n/g, '\r\n'), value.replace(/\r\n/g, '\n')])];
  for (const text of spellings) {
    const form = new URLSearchParams({ v: text }).toString().slice(2);
    const html = entities(text);
    const json = JSON.stringify(text).slice(1, -1);
    list.push(['raw', text], ['reversed', [...text].reverse().join('')], ['latin1', bytesOf(text, 'latin1')], ['mojibake', bytesOf(text).toString('latin1')]);
    for (const [name, url] of [
      ['url', component(text)],
      ['form', form],
      ['every byte percent', percent(bytesOf(text))],
      ['escape()', jsEscape(text)],
    ] as const) {
      list.push([name, url], [`${name} lower`, url.replace(/%[0-9A-F]{2}/g, (hex) => hex.toLowerCase())]);
      list.push([`${name} twice`, component(url)], [`${name} three times`, component(component(url))]);
    }
    list.push(['html', html], ['html minimal', text.replace(/&/g, '&amp;').replace(/</g, '&lt;')], ['html apos', html.replace(/&#39;/g, '&apos;')]);
    list.push(['html decimal', [...text].map((sign) => `&#${sign.codePointAt(0)};`).join('')]);
    list.push(['html hex', [...text].map((sign) => `&#x${sign.codePointAt(0)?.toString(16)};`).join('')], ['html in url', component(html)]);
    list.push(
      ['html in json', JSON.stringify(html).slice(1, -1)],
      ['json', json],
      ['json ascii', escaped(text)],
      ['json in json', JSON.stringify(json).slice(1, -1)],
    );
    list.push(['json slashes', json.replace(/\//g, '\\/')], ['json in html', entities(json)], ['json in url', component(json)]);
    list.push(['utf16le', bytesOf(text, 'utf16le')], ['utf16be', bytesOf(text, 'utf16le').swap16()]);
    for (const [name, bytes] of [
      ['utf8', bytesOf(text)],
      ['utf16le', bytesOf(text, 'utf16le')],
      ['latin1', bytesOf(text, 'latin1')],
    ] as const) {
      list.push(
        [`hex ${name}`, bytes.toString('hex')],
        [`HEX ${name}`, bytes.toString('hex').toUpperCase()],
        [`hex spaced ${name}`, (bytes.toString('hex').match(/../g) ?? []).join(' ')],
      );
      for (const shift of [0, 1, 2]) {
        const core = base64At(bytes, shift);
        list.push(
          [`base64 ${name} +${shift}`, core],
          [`base64url ${name} +${shift}`, core.replace(/\+/g, '-').replace(/\//g, '_')],
          [`base64 ${name} +${shift} url`, component(core)],
        );
      }
    }
    list.push(
      ['base64 of base64', base64At(bytesOf(bytesOf(text).toString('base64')), 0)],
      ['quoted-printable', percent(bytesOf(text)).toUpperCase().replace(/%/g, '=')],
    );
  }
  const unique = new Map<string, Writing>();
  for (const [name, written] of list) {
    const bytes = Buffer.isBuffer(written) ? written : bytesOf(written);
    const key = bytes.toString('latin1');
    if (!unique.has(key)) unique.set(key, { name, bytes });
  }
  return [...unique.values()].filter(({ bytes }) => bytes.length >= 4 || bytes.equals(bytesOf(value)));
}

/** The letters that stand for these bytes whatever comes before and after. */
function base64At(bytes: Buffer, shift: number): string {
  const text = Buffer.concat([Buffer.alloc(shift, 0x41), bytes])
    .toString('base64')
    .replace(/=+$/, '');
  const from = [0, 2, 3][shift] ?? 0;
  const sure = Math.floor(((bytes.length + shift) * 8) / 6);
  return text.slice(from, sure);
}

function jsEscape(text: string): string {
  return text.replace(/[^A-Za-z0-9@*_+\-./]/g, (sign) => {
    const code = sign.charCodeAt(0);
    return code < 256 ? `%${code.toString(16).toUpperCase().padStart(2, '0')}` : `%u${code.toString(16).toUpperCase().padStart(4, '0')}`;
  });
}

/** All files below the folders; `texts` are outputs that never were files (standard error, a process list). */
export function scanFolders(folders: readonly string[], planted: readonly Planted[], texts: Readonly<Record<string, string>> = {}): ScanCount {
  const files = folders.flatMap((folder) =>
    readdirSync(folder, { withFileTypes: true, recursive: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name)),
  );
  const searches = planted.flatMap((secret) => searchesFor(secret));
  const found = new Set<string>();
  let layers = 0;
  const look = (name: string, content: Buffer): void => {
    for (const layer of unpacked(content)) {
      layers++;
      for (const { kind, writing, matches } of searches) if (matches(layer)) found.add(`${name}: ${kind} as ${writing}`);
    }
  };
  for (const file of files) look(file, Buffer.concat([bytesOf(`${file.split(/[\\/]/).at(-1) ?? ''}\n`), readFileSync(file)]));
  for (const [name, text] of Object.entries(texts)) look(name, bytesOf(text));
  return {
    files: files.length + Object.keys(texts).length,
    layers,
    secrets: planted.length,
    encodings: Math.round(searches.length / Math.max(1, planted.length)),
    found: [...found],
  };
}

interface Search {
  readonly kind: string;
  readonly writing: string;
  readonly matches: (layer: Buffer) => boolean;
}

function searchesFor({ kind, value, commonWord }: Planted): Search[] {
  if (commonWord) {
    // The word itself is on every page; as a value it stands behind a telling name, alone in quotes behind one, or next to the account.
    const word = value.replace(/[^\p{L}\p{N}]/gu, '\\$&');
    const value1 = new RegExp(`(?:pass\\w*|pwd|kennwort|secret)["'\\\\]*\\s*(?:=|:|%3d|&#61;|\\]=|" value=)\\s*["'\\\\]*${word}(?![\\p{L}\\p{N}])`, 'iu');
    const packed = writingsOf(value).filter(({ name, bytes }) => bytes.length >= 8 && /base64|hex|utf16|percent|decimal/.test(name));
    return [
      { kind, writing: 'value of a telling name', matches: (layer) => value1.test(layer.toString('utf8')) },
      ...packed.map(({ name, bytes }) => ({ kind, writing: name, matches: (layer: Buffer) => layer.includes(bytes) })),
    ];
  }
  // A long value is found by any piece of 40 letters, too.
  const pieces =
    value.length < 80 || value.includes('<') ? [] : Array.from({ length: Math.floor(value.length / 40) }, (_, n) => value.slice(n * 40, n * 40 + 40));
  return [
    ...writingsOf(value).map(({ name, bytes }) => ({ kind, writing: name, matches: (layer: Buffer) => layer.includes(bytes) })),
    ...pieces.map((piece, n) => ({ kind, writing: `piece ${n}`, matches: (layer: Buffer) => layer.includes(piece) })),
    ...(kind === 'password' ? legible(value) : []),
  ];
}

/** Forms that a person reads as the value. Each is looked for in what is left of a layer when everything that does not count is taken out. */
function legible(value: string): Search[] {
  const views: readonly (readonly [string, (text: string) => string])[] = [
    ['as it looks', looks],
    ['as its letters and digits look, signs between them', (text) => looks(spelledOut(text)).replace(/[^\p{L}\p{N}]/gu, '')],
  ];
  return views.flatMap(([name, view]) => {
    const forms = view === looks ? [looks(value)] : [looks(value).replace(/[^\p{L}\p{N}]/gu, '')];
    return forms
      .filter((form) => [...form].length >= 6)
      .flatMap((form) => [
        { kind: 'password', writing: name, matches: (layer: Buffer) => seen(layer, name, view).includes(form) },
        { kind: 'password', writing: `${name}, backwards`, matches: (layer: Buffer) => seen(layer, name, view).includes([...form].reverse().join('')) },
      ]);
  });
}

/** Upper case, compatible shapes, no marks, nothing invisible, no blanks, no backslashes. */
const looks = (text: string): string =>
  text
    .normalize('NFKD')
    .toUpperCase()
    .normalize('NFKD')
    .replace(/[\p{M}\p{C}\p{Z}\u115f\u1160\u2800\u3164\uffa0\\]/gu, '');

/** Only where single letters stand between signs: "h-u-n-t" is spelled out, "pass-word" is not. */
const spelledOut = (text: string): string => (text.match(/(?:(?<![\p{L}\p{N}])[\p{L}\p{N}]\p{M}*[^\p{L}\p{N}]{1,12}){5,}[\p{L}\p{N}]/gu) ?? []).join('\n');

/** A layer is looked at by many searches; its latest view is kept. */
const views = new Map<string, { readonly layer: Buffer; readonly text: string }>();
function seen(layer: Buffer, name: string, view: (text: string) => string): string {
  const kept = views.get(name);
  if (kept?.layer === layer) return kept.text;
  const text = view(layer.toString('utf8'));
  views.set(name, { layer, text });
  return text;
}

/** The content, and what is packed in it, down to the third layer. */
function unpacked(content: Buffer): Buffer[] {
  const all = [content];
  let latest = [content];
  for (let depth = 0; depth < 3 && latest.length > 0; depth++) {
    latest = latest.flatMap((layer) => [...zipEntries(layer), ...pngTexts(layer), ...decodings(layer)]).filter((layer) => layer.length > 3);
    all.push(...latest);
  }
  return all;
}

/** By the central directory at the end of a zip archive: name and content of each entry. */
function zipEntries(bytes: Buffer): Buffer[] {
  const start = bytes.indexOf(Buffer.from([0x50, 0x4b, 3, 4]));
  const end = bytes.lastIndexOf(Buffer.from([0x50, 0x4b, 5, 6]));
  // Not an archive, or one that another decoding has spoilt.
  if (start < 0 || start > 300 || end < start || end + 22 > bytes.length) return [];
  const entries: Buffer[] = [];
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16) + start;
  for (let n = 0; n < count && at + 46 <= bytes.length && bytes.readUInt32LE(at) === 0x02014b50; n++) {
    const [method, size, nameLength, extra, comment, offset] = [
      bytes.readUInt16LE(at + 10),
      bytes.readUInt32LE(at + 20),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
      bytes.readUInt32LE(at + 42) + start,
    ];
    if (offset + 30 > bytes.length) break;
    const from = offset + 30 + bytes.readUInt16LE(offset + 26) + bytes.readUInt16LE(offset + 28);
    const packed = bytes.subarray(from, from + size);
    entries.push(bytes.subarray(at + 46, at + 46 + nameLength + extra + comment), method === 8 ? inflateRawSync(packed) : packed);
    at += 46 + nameLength + extra + comment;
  }
  return entries;
}

/** Texts a PNG carries besides its picture. */
function pngTexts(bytes: Buffer): Buffer[] {
  const start = bytes.indexOf(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  const texts: Buffer[] = [];
  if (start < 0) return texts;
  for (let at = start + 8; at + 12 <= bytes.length;) {
    const length = bytes.readUInt32BE(at);
    const type = bytes.toString('latin1', at + 4, at + 8);
    const data = bytes.subarray(at + 8, at + 8 + length);
    if (/^(tEXt|iTXt|eXIf|zTXt)$/.test(type)) {
      texts.push(data);
      const zlib = data.indexOf(Buffer.from([0x78]));
      if (zlib >= 0)
        try {
          texts.push(inflateSync(data.subarray(zlib)));
        } catch {
          /* no compressed text */
        }
    }
    if (type === 'IEND') break;
    at += 12 + length;
  }
  return texts;
}

/** What the text says when Base64, hexadecimal, percent signs, entities or backslashes in it are undone. */
function decodings(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1');
  const results: Buffer[] = [];
  for (const run of text.match(/[A-Za-z0-9+/_-]{10,}/g) ?? []) {
    const decoded = Buffer.from(run, 'base64');
    // Pictures and keys say nothing; texts and messages do.
    if (run.length > 2000 || printable(decoded) > 0.6 || decoded.includes('NTLMSSP')) results.push(decoded);
  }
  const undo = (pattern: RegExp, by: (found: string, first?: string, second?: string) => string): void => {
    if (text.search(pattern) >= 0) results.push(Buffer.from(text.replace(pattern, by), 'latin1'));
  };
  undo(/%([0-9a-fA-F]{2})/g, (_, hex) => String.fromCharCode(parseInt(hex ?? '', 16)));
  const utf8 = (code: number): string => Buffer.from(String.fromCodePoint(code)).toString('latin1');
  undo(/&#x([0-9a-fA-F]{2,5});|&#(\d{2,6});|&(?:amp|lt|gt|quot|apos|shy|nbsp|zwnj|zwj);/g, (found, hex, decimal) => {
    if (hex || decimal) return utf8(hex ? parseInt(hex, 16) : parseInt(decimal ?? '', 10));
    return { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'" }[found] ?? ' ';
  });
  undo(/\\u([0-9a-fA-F]{4})|\\[nrt]/g, (_, hex) => (hex ? utf8(parseInt(hex, 16)) : ' '));
  undo(/<[a-zA-Z/][^<>]{0,200}>/g, () => '');
  return results.length > 200 ? [Buffer.concat(results.flatMap((each) => [each, Buffer.from('\n')]))] : results;
}

function printable(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if ((byte >= 32 && byte < 127) || byte === 0 || byte === 10) count++;
  return count / Math.max(1, bytes.length);
}
