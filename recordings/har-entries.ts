/** A HAR's entries in one spelling, whichever browser wrote them. HAR 1.2; what the dialects do differently is said where it is read. */
import { decodeText } from '../system/decode-text';
import { savedEntries } from './saved-entries';

/** Larger recordings are refused: a sign-in has a few hundred kilobytes. */
export const maxHarBytes = 200 * 1024 * 1024;

export interface HarEntry {
  /** Milliseconds since 1970, by the clock of the browser's machine. */
  readonly startedMs: number;
  /** null = unknown. */
  readonly durationMs: number | null;
  readonly method: string;
  readonly url: string;
  /** null = no answer. */
  readonly status: number | null;
  /** The browser's network error when there was no answer and it says why (Chrome, Edge). */
  readonly failure: string | null;
  /** Values of a header in order; names in any case. */
  readonly sent: (name: string) => readonly string[];
  readonly received: (name: string) => readonly string[];
  readonly sentHeaderBytes: number | null;
  readonly cookiesSent: readonly Named[];
  /** Only where there is no Set-Cookie header to read. */
  readonly cookiesReceived: readonly ReceivedCookie[];
  /** Form body as sent (`a=1&b=2`); null when the recording has none. */
  readonly body: string | null;
  readonly contentType: string | null;
  /** Text of the answer; null when the recording has none. */
  readonly content: string | null;
  /** Chrome, Edge and Playwright say what a request was for: document, stylesheet, xhr … */
  readonly resourceType: string | null;
  readonly dnsMs: number | null;
  readonly tlsMs: number | null;
}

interface Named {
  readonly name: string;
  readonly value: string;
}
interface ReceivedCookie extends Named {
  readonly path: string | null;
  readonly domain: string | null;
  readonly httpOnly: boolean;
  readonly secure: boolean;
  readonly sameSite: string | null;
  readonly expires: string | null;
}

export interface Har {
  readonly entries: readonly HarEntry[];
  /** Who recorded it, e.g. "Chrome 128.0.0.0". */
  readonly browser: string;
  /** Entries that could not be read. */
  readonly unreadable: number;
}
export type HarReading = ({ readonly ok: true } & Har) | { readonly ok: false; readonly why: string };

/** True when the text is a HAR by its beginning, even a broken one. */
export const looksLikeHar = (text: string): boolean => /^\uFEFF?\s*\{\s*"log"\s*:/.test(text.slice(0, 1000));

/** Opens a HAR. A file that is none, or broken, is said to be so; never throws. */
export function openHar(file: Buffer | string): HarReading {
  if (file.length > maxHarBytes)
    return no(
      `it has ${Math.round(file.length / 1048576)} MB, more than the ${maxHarBytes / 1048576} MB that are read; record the sign-in alone and save again`,
    );
  const packed = typeof file === 'string' ? null : packedAs(file);
  if (packed) return no(`it is packed (${packed}); unpack it and give the file in it`);
  const text = (typeof file === 'string' ? file : decodeText(file)).replace(/^\uFEFF/, '');
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch (error) {
    const cut = text.trim().length === 0 || !/\}\s*$/.test(text) || /end of JSON|Unterminated/i.test(String(error));
    return no(cut ? 'the file ends in the middle (cut off while saving or sending); save it again' : 'it is not JSON');
  }
  const log = child(data, 'log') ?? {};
  const entries = savedEntries(data);
  if (entries === null) return no('it is JSON, but has no log.entries');
  const read = withTimes(entries).map(readEntry);
  const good = read.filter((entry) => entry !== null).sort((a, b) => a.startedMs - b.startedMs);
  if (good.length === 0) return no(entries.length === 0 ? 'nothing was recorded (log.entries is empty)' : 'none of its entries has a request with an address');
  return { ok: true, entries: good, browser: browserOf(log, good), unreadable: read.length - good.length };
}

/** Files that mail programs and proxies pack, by their first bytes. */
const packedAs = ([a, b]: Buffer): string | null => (a === 0x1f && b === 0x8b ? 'gzip' : a === 0x50 && b === 0x4b ? 'zip' : null);

const no = (why: string): HarReading => ({ ok: false, why });

type Json = Readonly<Record<string, unknown>>;
const child = (data: unknown, name: string): Json | null => {
  const value = typeof data === 'object' && data !== null ? (data as Json)[name] : null;
  return typeof value === 'object' && value !== null ? (value as Json) : null;
};
const list = (data: unknown): readonly unknown[] | null => (Array.isArray(data) ? data : null);
const text = (data: Json | null, name: string): string | null => (typeof data?.[name] === 'string' ? data[name] : null);
const number = (data: Json | null, name: string): number | null => {
  const value = data?.[name];
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? value : null;
};
/** Up to a day; a recorder that writes more does not know. */
const duration = (data: Json | null, name: string): number | null => {
  const value = number(data, name);
  return value !== null && value <= 86_400_000 ? value : null;
};
/** A status of HTTP. Recorders write 0 where there was no answer; some write it as text. */
const statusOf = (response: Json | null): number | null => {
  const written = text(response, 'status');
  const value = written !== null && /^\d{3}$/.test(written) ? Number(written) : number(response, 'status');
  return value !== null && Number.isInteger(value) && value >= 100 && value <= 999 ? value : null;
};
/** From 1970 on, in a year of four digits; null where it is no such time. */
const startOf = (entry: Json | null): number | null => {
  const value = Date.parse(text(entry, 'startedDateTime') ?? '');
  return value >= 0 && value < Date.UTC(9999, 0) ? value : null;
};
const pairs = (data: Json | null, name: string): readonly (Named & { readonly raw: Json })[] =>
  (list(data?.[name]) ?? []).flatMap((each) => {
    const raw = child({ each }, 'each');
    const key = text(raw, 'name');
    return raw && key !== null ? [{ name: key, value: text(raw, 'value') ?? '', raw }] : [];
  });

/** Some tools write no times: the servers' Date headers stand in, and entries stay in the order they were written. */
function withTimes(entries: readonly unknown[]): readonly unknown[] {
  const dateOf = (data: unknown): number => Date.parse(valuesOf(pairs(child(data, 'response'), 'headers'))('date')[0] ?? '');
  if (!entries.every((data) => child({ data }, 'data')?.['startedDateTime'] === undefined)) return entries;
  let at = entries.map(dateOf).find((ms) => !Number.isNaN(ms)) ?? 0;
  return entries.map((data) => {
    const ms = dateOf(data);
    at = Math.max(at + 1, Number.isNaN(ms) ? 0 : ms);
    const entry = child({ data }, 'data');
    return entry ? { ...entry, startedDateTime: new Date(at).toISOString() } : data;
  });
}

function readEntry(data: unknown): HarEntry | null {
  const request = child(data, 'request');
  const response = child(data, 'response');
  const url = text(request, 'url');
  const entry = child({ data }, 'data');
  const startedMs = startOf(entry);
  if (!request || url === null || !URL.canParse(url) || !/^https?:/i.test(url) || startedMs === null) return null;
  const sent = pairs(request, 'headers');
  const received = pairs(response, 'headers');
  const content = child(response, 'content');
  const timings = child(entry, 'timings');
  return {
    startedMs,
    durationMs: duration(entry, 'time'),
    method: (text(request, 'method') ?? 'GET').toUpperCase(),
    url,
    status: statusOf(response),
    failure: text(response, '_error') ?? text(response, '_failureText') ?? text(entry, '_error'),
    sent: valuesOf(sent),
    received: valuesOf(received),
    sentHeaderBytes: sent.length > 0 ? sent.reduce((sum, { name, value }) => sum + name.length + value.length + 4, 0) : null,
    cookiesSent: pairs(request, 'cookies'),
    cookiesReceived: pairs(response, 'cookies').map(({ name, value, raw }) => ({
      name,
      value,
      path: text(raw, 'path'),
      domain: text(raw, 'domain'),
      httpOnly: raw['httpOnly'] === true,
      secure: raw['secure'] === true,
      sameSite: text(raw, 'sameSite'),
      expires: text(raw, 'expires'),
    })),
    body: bodyOf(child(request, 'postData')),
    contentType: valuesOf(received)('content-type')[0] ?? text(content, 'mimeType'),
    content: contentOf(content),
    resourceType: text(entry, '_resourceType'),
    dnsMs: duration(timings, 'dns'),
    tlsMs: duration(timings, 'ssl'),
  };
}

/** Firefox joins several Set-Cookie values by line breaks, Chrome lists them. */
const valuesOf =
  (headers: readonly Named[]) =>
  (name: string): readonly string[] =>
    headers.filter((header) => header.name.toLowerCase() === name).flatMap(({ value }) => value.split('\n'));

/** The text as sent, else put together from `params`, whose values Chrome leaves URL-encoded and Firefox decodes. */
function bodyOf(postData: Json | null): string | null {
  const whole = text(postData, 'text');
  // Older Firefox puts the headers of the upload before it.
  if (whole) return whole.replace(/^(?:[A-Za-z-]+: [^\r\n]*\r?\n)+\r?\n/, '');
  const params = pairs(postData, 'params');
  if (params.length === 0) return null;
  const encoded = params.every(({ value }) => /^[^\s<>&=]*$/.test(value));
  return params
    .map(({ name, value }) => (encoded && /%[0-9a-f]{2}/i.test(value) ? `${name}=${value}` : `${encodeURIComponent(name)}=${encodeURIComponent(value)}`))
    .join('&');
}

function contentOf(content: Json | null): string | null {
  const raw = text(content, 'text');
  if (!raw) return null;
  return text(content, 'encoding')?.toLowerCase() === 'base64' ? decodeText(Buffer.from(raw, 'base64')) : raw;
}

const agents: readonly (readonly [RegExp, string])[] = [
  [/\bEdg(?:e|A)?\/([\d.]+)/, 'Edge'],
  [/\bFirefox\/([\d.]+)/, 'Firefox'],
  [/\b(?:Headless)?Chrome\/([\d.]+)/, 'Chrome'],
  [/\bVersion\/([\d.]+).*Safari/, 'Safari'],
];

/** Chrome names only its inspector ("WebInspector 537.36"): the User-Agent says more. */
function browserOf(log: Json, entries: readonly HarEntry[]): string {
  const agent = entries.flatMap(({ sent }) => sent('user-agent'))[0] ?? '';
  for (const [pattern, name] of agents) {
    const version = pattern.exec(agent)?.[1];
    if (version) return `${name} ${version}`;
  }
  const named = child(log, 'browser') ?? child(log, 'creator');
  return [text(named, 'name') ?? 'an unknown browser', text(named, 'version') ?? ''].join(' ').trim().slice(0, 80);
}
