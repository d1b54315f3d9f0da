import { type RouteEvidence, routeEvidenceSchema } from '../../contracts/evidence';

/** Test material: evidence with parts taken away, swapped or put into another order. */

/** Evidence of which a part is gone; `what` is the path of that part. */
export interface Less {
  readonly what: string;
  readonly evidence: RouteEvidence;
}

/** What the run is about, from which machine, how the journey ended, and a person's word: no evidence that was seen. */
const kept: readonly string[] = [
  ...['target', 'route', 'settings', 'startedAt', 'finishedAt', 'method', 'journey', 'timings', 'ownAddresses', 'repairOnRecord'],
  ...['screenshots', 'console', 'captureErrors'],
];
/**
 * Where null is a statement, not a gap: no answer came, no error, no redirect, nothing written. With null there the evidence would say something else, not
 * less.
 */
const statements: readonly string[] = [
  ...['status', 'failure', 'error', 'why', 'location', 'redirectedFrom', 'address', 'protocol', 'cipher', 'domain', 'path', 'unreadable', 'crmError'],
  ...['encryptedFor', 'requestId', 'server', 'authorization', 'wsfed', 'formAction', 'exchange', 'notBefore', 'notOnOrAfter'],
];
/** What the other side wrote as a whole: with one entry less it would have said something else. Taken away is the whole document it stands in. */
const documents: readonly string[] = [
  ...['challenges', 'cookiesSet', 'cookiesSent', 'scopes', 'crmScopes', 'flags', 'blocked', 'keys', 'passiveEndpoints', 'chain', 'names', 'addresses'],
  ...['claims', 'fields', 'codes', 'texts'],
];

type Path = readonly (string | number)[];

/** Every part that can be missing, by its path: the parts of the evidence, the entries of its lists, and below them (`deep`) what may be null. */
function partsOf(evidence: RouteEvidence, deep = true): readonly Path[] {
  const paths: Path[] = [];
  const walk = (value: unknown, path: Path): void => {
    const entries: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
      ? value.map((entry, index) => [index, entry] as const)
      : typeof value === 'object' && value !== null
        ? Object.entries(value).filter(([key]) => !(path.length === 0 && kept.includes(key)) && !statements.includes(key) && !documents.includes(key))
        : [];
    for (const [key, inner] of entries) {
      if (inner === null) continue;
      if (typeof key === 'number' || nullable(inner, path)) paths.push([...path, key]);
      if (deep || path.length === 0) walk(inner, [...path, key]);
    }
  };
  walk(evidence, []);
  return paths;
}

/** Numbers and flags say nothing when they are gone; lists, objects and texts may be. */
const nullable = (value: unknown, path: Path): boolean => path.length === 0 || typeof value === 'object' || typeof value === 'string';

/** The evidence without these parts; null where it is none any more. */
function without(evidence: RouteEvidence, ...paths: readonly Path[]): RouteEvidence | null {
  let copy: unknown = evidence;
  // Later entries of a list first, so that the places of earlier ones stay.
  for (const path of [...paths].sort((a, b) => ((Number(a.at(-1)) || 0) < (Number(b.at(-1)) || 0) ? 1 : -1))) copy = taken(copy, path);
  if (paths.every((path) => path.length === 1 || (path.length === 2 && typeof path[1] === 'number'))) return copy as RouteEvidence;
  const parsed = routeEvidenceSchema.safeParse(copy);
  return parsed.success ? parsed.data : null;
}

function taken(value: unknown, [key, ...rest]: Path): unknown {
  if (Array.isArray(value))
    return rest.length === 0 ? value.filter((_, index) => index !== key) : value.map((each, index) => (index === key ? taken(each, rest) : (each as unknown)));
  if (typeof value !== 'object' || value === null) return value;
  const inner = (value as Record<string, unknown>)[String(key)];
  return { ...value, [String(key)]: rest.length > 0 ? taken(inner, rest) : Array.isArray(inner) ? [] : null };
}

/** Numbers from 0 up to 1, the same for the same seed. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}

/** Each part taken away by itself, then so many pairs of them at random. */
export function* lessOf(evidence: RouteEvidence, { pairs = 0, deep = true, seed = 1 } = {}): Generator<Less> {
  const parts = partsOf(evidence, deep);
  for (const path of parts) {
    const less = without(evidence, path);
    if (less) yield { what: path.join('.'), evidence: less };
  }
  const random = seeded(seed);
  const any = (): Path => parts[Math.floor(random() * parts.length)] ?? [];
  for (let n = 0; n < pairs; n++) {
    const [one, other] = [any(), any()];
    const less = without(evidence, one, other);
    if (less) yield { what: `${one.join('.')} and ${other.join('.')}`, evidence: less };
  }
}

/** Lists whose order says nothing, each the other way round. */
export function* reordered(evidence: RouteEvidence): Generator<Less> {
  const lists = ['tls', 'dns', 'clocks', 'nodes', 'serverEvents', 'userAgents'] as const;
  for (const list of lists)
    if (evidence[list].length > 1) yield { what: `${list} the other way round`, evidence: { ...evidence, [list]: [...evidence[list]].reverse() } };
  const { stsMetadata } = evidence;
  if (stsMetadata?.ok)
    yield { what: 'keys the other way round', evidence: { ...evidence, stsMetadata: { ...stsMetadata, keys: [...stsMetadata.keys].reverse() } } };
}

/** Parts of another run in the place of this one's: nothing is right about them, and nothing must break. */
export function* swapped(evidence: RouteEvidence, other: RouteEvidence): Generator<Less> {
  for (const [part] of partsOf(evidence, false).filter((path) => path.length === 1))
    if (part !== undefined) yield { what: `${part} of another run`, evidence: { ...evidence, [part]: other[part as keyof RouteEvidence] } };
}
