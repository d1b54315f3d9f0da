/**
 * What differs from one healthy sign-in to the next, by its kind: GUIDs, instants, long random values. Nothing here knows a product's names, so it
 * holds for servers nobody here has seen. `keep` are GUIDs that are no accident, such as the organization's.
 */
const guidPattern = /\{?\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b\}?/gi;
const instantPattern = /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?/gi;
/** ASP.NET's session without cookies: /(S(…))/ */
const pathSessionPattern = /\([A-Z]\([A-Za-z0-9_-]+\)\)/g;
/** Ten digits and more: Unix times, ticks, counters. */
const longNumberPattern = /\d{10,}/g;
const wordPattern = /[A-Za-z0-9_~+-]{16,}={0,2}/g;

/** A word of at least 16 characters that nobody made up: letters of both cases with digits, or hexadecimal with both kinds. */
function isRandom(word: string): boolean {
  const digits = (word.match(/\d/g) ?? []).length;
  const hexadecimal = /^[0-9a-f_-]+$/i.test(word) && /[a-f]/i.test(word) && digits >= 4;
  const mixed = /[a-z]/.test(word) && /[A-Z]/.test(word) && digits >= 2;
  const long = word.length >= 24 && digits >= 4 && /[a-z]/i.test(word) && !word.includes('-'); // names of hosts have hyphens
  return hexadecimal || mixed || long;
}

/** The text with everything accidental replaced: `rm=1&id={guid}&ru=%2fContoso`. */
export function normalise(text: string, keep: readonly string[] = []): string {
  return text
    .replace(guidPattern, (guid) => (keep.includes(guid.replace(/[{}]/g, '').toLowerCase()) ? guid : '{guid}'))
    .replace(instantPattern, '{time}')
    .replace(pathSessionPattern, '({session})')
    .replace(longNumberPattern, '{number}')
    .replace(wordPattern, (word) => (isRandom(word) && !keep.includes(word.toLowerCase()) ? '{random}' : word));
}

/** Percent-encoding undone where it can be, so that `%3a` and `%3A` are alike; twice-encoded values are read to the ground. */
export function decoded(text: string): string {
  let current = text;
  for (let round = 0; round < 3; round++) {
    let next: string;
    try {
      next = decodeURIComponent(current);
    } catch {
      return current;
    }
    if (next === current) return current;
    current = next;
  }
  return current;
}

/** Scheme, host and path; null where the text is no address. */
export function addressOf(url: string, keep: readonly string[] = []): string | null {
  if (!URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  return `${origin}${normalise(decoded(pathname), keep)}`;
}

/** Address and the names of its query's parameters, sorted: their values are read where they mean something. */
export function addressWithNames(url: string, keep: readonly string[] = []): string {
  const address = addressOf(url, keep);
  if (address === null) return normalise(url, keep);
  const names = [...new Set([...new URL(url).searchParams.keys()].map((name) => normalise(name, keep)))].sort();
  return names.length > 0 ? `${address}?${names.join('&')}` : address;
}
