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

/**
 * A word of at least 16 characters that nobody made up: hexadecimal, or one that changes between lower case, upper case and digits all the time. In words
 * that people make (ClaimsRelyingPartyTrust2016) about a third of the neighbours differ and digits stand at the end, in random ones 60 % do.
 */
function isRandom(word: string): boolean {
  const digits = (word.match(/\d/g) ?? []).length;
  if (/^[0-9a-f_-]+$/i.test(word) && /[a-f]/i.test(word) && digits >= 4) return true;
  const kinds = [...word].map((letter) => (/\d/.test(letter) ? 'digit' : /[a-z]/.test(letter) ? 'lower' : /[A-Z]/.test(letter) ? 'upper' : 'sign'));
  const changes = kinds.filter((kind, index) => index > 0 && kind !== kinds[index - 1]).length;
  if (kinds.includes('lower') && kinds.includes('upper')) return changes >= (/\d[a-z]/i.test(word) ? 0.25 : 0.4) * (word.length - 1);
  return word.length >= 20 && digits >= 4 && (word.match(/\d+/g) ?? []).length >= 3 && !word.includes('-'); // names of hosts have hyphens
}

/** The text with everything accidental replaced: `rm=1&id={guid}&ru=%2fContoso`. */
export function normalise(text: string, keep: readonly string[] = []): string {
  return text
    .replace(guidPattern, (guid) => (keep.includes(guid.replace(/[{}]/g, '').toLowerCase()) ? guid : '{guid}'))
    .replace(instantPattern, '{time}')
    .replace(pathSessionPattern, '({session})')
    .replace(wordPattern, (word) => (isRandom(word) && !keep.includes(word.toLowerCase()) ? '{random}' : word))
    .replace(longNumberPattern, '{number}');
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

/** Scheme, host and path; what of a query means something is read by name. null where the text is no address. */
export function addressOf(url: string, keep: readonly string[] = []): string | null {
  if (!URL.canParse(url)) return null;
  const { origin, pathname } = new URL(url);
  return `${origin}${normalise(decoded(pathname), keep)}`;
}

/**
 * What an application gives along for itself (wctx), as far as it says where people are led: names, addresses, words and small numbers. What mixes letters
 * and digits is the application's own state, however short.
 */
export function contextShape(context: string, keep: readonly string[] = []): string {
  const shape = (value: string): string =>
    /[/:]/.test(value) || !/\d/.test(value) || keep.includes(value.toLowerCase()) || /^\d{1,4}$/.test(value) ? value : '{value}';
  return normalise(decoded(context), keep)
    .split('&')
    .map((part) => {
      const [name, ...rest] = part.split('=');
      return rest.length > 0 ? `${name}=${shape(rest.join('='))}` : shape(part);
    })
    .join('&');
}
