/**
 * Takes secrets out of everything that is written: evidence, reports, logs. Known secrets are found in all their encodings; addresses and headers are also
 * masked by place, so that a secret nobody registered does not pass either (default deny).
 */
import { longTextVariants } from './long-text';
import { OpaqueSecrets, type FoundRange } from './opaque-secrets';
import { spreadOut } from './spread-out';
import type { KnownSecret, SecretKind } from './known-secret';
import { PersonLabels } from './person-labels';
import { isOpaque, minOpaqueLength, usableParts } from './usable-parts';
import { withoutQuerySecrets } from './secret-query';
import { TypedSecrets } from './typed-secrets';

export type { KnownSecret, SecretKind };

export interface Redactor {
  /**
   * Registers a secret. A password or one-time code is removed whatever its length;
   * anything else needs at least 8 characters (a cookie "1" keeps no session, but is in every text).
   * Of an XML token the parts that make it usable (signature, cipher texts) are registered as well.
   */
  add(secret: string, kind: SecretKind): void;
  /**
   * A text from outside with each known secret as `[kind]`, in any encoding and disguise, and each UPN or mail address as `user-1`, `user-2` … (the same all
   * through a run).
   */
  text(text: string): string;
  /** A sentence of the probe's own: the same, but names of accounts stay, and so do words that a password merely is made of. */
  ownText(text: string): string;
  /** Every secret registered so far, for the last look at what was written. */
  known(): readonly KnownSecret[];
  /** The address without user information, tokens and secret parameters, and without known secrets. */
  url(address: string): string;
  /** A header's value fit for writing: cookie names without values, schemes without credentials. */
  header(name: string, value: string): string;
  /** A copy of plain JSON data with every string passed through `text`; keys too. */
  deep<T>(data: T): T;
}

const minLength: Readonly<Record<SecretKind, number>> = { password: 1, code: 1, authorization: 8, cookie: 8, token: 8, signature: 8, other: 8 };

export function createRedactor(): Redactor {
  const known = new Map<string, SecretKind>();
  const people = new PersonLabels();
  const literals: { readonly variant: string; readonly kind: SecretKind }[] = [];
  const variants = new Map<string, readonly string[]>();
  const opaque = new OpaqueSecrets();
  const typed = new TypedSecrets();

  function add(secret: string, kind: SecretKind): void {
    if (secret.length < minLength[kind] || known.has(secret)) return;
    known.set(secret, kind);
    if (kind === 'password' || kind === 'code') typed.add(secret, kind);
    else if (isOpaque(secret) && secret.length >= minOpaqueLength) opaque.add(secret, kind);
    else {
      const spellings = longTextVariants(secret);
      variants.set(secret, spellings);
      for (const variant of spellings) literals.push({ variant, kind });
      for (const part of usableParts(secret)) opaque.add(part, kind);
    }
  }

  function without(source: string, own: boolean): string {
    const ranges: FoundRange[] = [...opaque.find(source), ...typed.find(source, { own })];
    for (const { variant, kind } of literals)
      if (variant.length <= source.length)
        for (let at = source.indexOf(variant); at >= 0; at = source.indexOf(variant, at + variant.length))
          ranges.push({ start: at, end: at + variant.length, kind });
    return withoutTellingShapes(replaced(source, ranges));
  }

  const text = (source: string): string => people.in(without(source, false));
  const ownText = (source: string): string => people.packedIn(without(source, true));
  const url = (address: string): string => {
    const clean = withoutQuerySecrets(address);
    // By itself, so that what is masked behind it cannot take the port along.
    const origin = /^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i.exec(clean)?.[0] ?? '';
    return text(origin) + text(clean.slice(origin.length));
  };

  function header(name: string, value: string): string {
    const lower = name.toLowerCase();
    if (lower === 'cookie') return value.split(/;\s*/).map(cookieName).join('; ');
    if (lower === 'set-cookie')
      return value
        .split('\n')
        .map((line) => text(line.replace(/^([^=;]*)=[^;]*/, '$1=[cookie]')))
        .join('\n');
    if (/^(proxy-)?(authorization|authenticate)$|^www-authenticate$/.test(lower))
      return value.replace(/\b(Negotiate|NTLM|Basic|Bearer|Digest)\s+(?!realm=|authorization_uri=)[^\s,]+/gi, '$1 [masked]');
    if (/token|secret|api-?key|password|session|signature/.test(lower)) return '[masked]';
    return /^(location|content-location|referer|origin|refresh|link)$/.test(lower) ? url(value) : text(value);
  }

  function deep<T>(data: T): T {
    if (typeof data === 'string') return text(data) as T;
    if (Array.isArray(data)) return data.map(deep) as T;
    if (typeof data === 'object' && data !== null) return Object.fromEntries(Object.entries(data).map(([key, value]) => [text(key), deep(value)])) as T;
    return data;
  }

  const everySecret = (): readonly KnownSecret[] => {
    const all = [...known].map(([value, kind]) => ({ value, kind }));
    spreadOut.set(all, { opaque, variants });
    return all;
  };
  return { add, text, ownText, known: everySecret, url, header, deep };
}

/** What is a credential by its looks, whether registered or not. */
function withoutTellingShapes(source: string): string {
  return source
    .replace(/\b(Negotiate|NTLM|Basic|Bearer) +[A-Za-z0-9+/_.~-]{16,}=*/g, '$1 [masked]')
    .replace(/\bTlRMTVNTUAA[A-Za-z0-9+/_-]{8,}={0,2}/g, '[authorization]') // NTLM's messages
    .replace(/\bYI[IGH][A-Za-z0-9+/_-]{60,}={0,2}/g, '[authorization]') // Kerberos and SPNEGO (ASN.1, 0x60 0x82)
    .replace(/\/wE[A-Za-z0-9+/]{40,}={0,2}/g, '[view-state]') // ASP.NET
    .replace(/[A-Za-z0-9+/_-]{40,}={0,2}/g, masked) // whatever it is, a diagnosis does not need it
    .replace(/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]*/g, '[token]')
    .replace(/(<(?:\w+:)?(?:SignatureValue|CipherValue)\b[^>]*>)[^<]+/g, '$1[masked]');
}

/** Without the folders of a path in front. */
function masked(run: string): string {
  const path = /^(?:\/[a-z]{0,20}(?=\/))*\/?/i.exec(run)?.[0] ?? '';
  return looksRandom(run.slice(path.length)) ? `${path}[masked]` : run;
}

/** Like Base64 of random bytes: kinds of characters change all the time. Thumbprints and GUIDs (hexadecimal), words and paths do not. */
function looksRandom(run: string): boolean {
  if (/^[0-9a-f-]+$/i.test(run) || !/[a-z]/.test(run) || !/[A-Z]/.test(run) || !/[0-9]/.test(run)) return false;
  const kinds = run.match(/[a-z]+|[A-Z]+|[0-9]+|[+/=_-]+/g) ?? [];
  return kinds.length >= run.length * 0.4;
}

/** Overlapping finds become one, named after the longest of them: half a secret must not stay behind. */
function replaced(source: string, ranges: readonly FoundRange[]): string {
  const sorted = [...ranges].sort((a, b) => a.start - b.start || b.end - a.end);
  const merged: { readonly start: number; end: number; longest: FoundRange }[] = [];
  for (const range of sorted) {
    const last = merged.at(-1);
    if (last && range.start < last.end) {
      last.end = Math.max(last.end, range.end);
      if (range.end - range.start > last.longest.end - last.longest.start) last.longest = range;
    } else merged.push({ start: range.start, end: range.end, longest: range });
  }
  let result = '';
  let at = 0;
  for (const { start, end, longest } of merged) {
    result += `${source.slice(at, start)}[${longest.kind}]`;
    at = end;
  }
  return result + source.slice(at);
}

function cookieName(pair: string): string {
  const equals = pair.indexOf('=');
  return equals < 0 ? '[cookie]' : `${pair.slice(0, equals)}=[cookie]`;
}
