/**
 * What the file says in short, written out: `defaults:` for every target, `organizations:` for a group of targets that differ in a name, keys that begin with
 * `x-` left out. Knows no schema: what is wrong with the result is found there, and told at the place in the file it came from.
 */

type PathInConfig = readonly PropertyKey[];
type Mapping = Readonly<Record<string, unknown>>;

export interface Expanded {
  /** The configuration as `configSchema` has it. */
  readonly data: unknown;
  /** The place in the file that a place in `data` came from. */
  readonly sourceOf: (path: PathInConfig) => PathInConfig;
  readonly problems: readonly { readonly path: PathInConfig; readonly text: string }[];
}

/** Stands for the organization's name in every text of a group and of the defaults. */
const placeholder = '{organization}';

interface TargetSource {
  readonly target: unknown;
  /** Its number in the file. */
  readonly entry: number;
  /** Its number among the entry's organizations; null without a group. */
  readonly organization: number | null;
  readonly fromDefaults: ReadonlySet<string>;
}

/** `written` is what YAML gave. A target's key replaces the default of that name whole. */
export function expand(written: unknown): Expanded {
  if (!isMapping(written)) return { data: written, sourceOf: (path) => path, problems: [] };
  const { defaults, targets, ...rest } = withoutExtensions(written);
  if (!Array.isArray(targets)) return { data: { ...rest, ...('targets' in written ? { targets } : {}) }, sourceOf: (path) => path, problems: [] };
  const given = isMapping(defaults) ? withoutExtensions(defaults) : {};
  const sources = targets.flatMap((target: unknown, entry) => sourcesOf(target, entry, given));
  return {
    data: { ...rest, targets: sources.map(({ target }) => target) },
    sourceOf: (path) => sourceOf(path, sources),
    problems: [
      ...defaultsProblems(defaults),
      ...targets.flatMap((target: unknown, entry) => groupProblems(target, entry)),
      ...sources.flatMap(({ target, entry, organization }) =>
        organization === null && JSON.stringify(target ?? null).includes(placeholder)
          ? [
              {
                path: ['targets', entry],
                text: `expected \`organizations: [sales, service]\` beside ${placeholder}, found none; add the list, or write the name.`,
              },
            ]
          : [],
      ),
    ],
  };
}

function sourcesOf(target: unknown, entry: number, defaults: Mapping): TargetSource[] {
  if (!isMapping(target)) return [{ target, entry, organization: null, fromDefaults: new Set() }];
  const { organizations, ...own } = withoutExtensions(target);
  const fromDefaults = new Set(Object.keys(defaults).filter((key) => !(key in own)));
  const whole = { ...defaults, ...own };
  if (organizations === undefined) return [{ target: whole, entry, organization: null, fromDefaults }];
  const names = Array.isArray(organizations) ? organizations : [];
  return names.flatMap((name: unknown, organization): TargetSource[] =>
    isOrganization(name) ? [{ target: named({ name: placeholder.toLowerCase(), ...whole }, name), entry, organization, fromDefaults }] : [],
  );
}

/** The organization's name in place of the placeholder; a target's own name is in small letters, as those of targets are. */
function named(target: Mapping, organization: string): Mapping {
  const fill = (value: unknown): unknown =>
    typeof value === 'string'
      ? value.replaceAll(placeholder, organization)
      : Array.isArray(value)
        ? value.map(fill)
        : isMapping(value)
          ? Object.fromEntries(Object.entries(value).map(([key, each]) => [key.replaceAll(placeholder, organization), fill(each)]))
          : value;
  const { name } = target;
  return { ...(fill(target) as Mapping), name: typeof name === 'string' ? name.replaceAll(placeholder, organization.toLowerCase()) : name };
}

function sourceOf(path: PathInConfig, sources: readonly TargetSource[]): PathInConfig {
  const [first, index, key, ...rest] = path;
  const source = first === 'targets' && typeof index === 'number' ? sources[index] : undefined;
  if (!source) return path;
  if (typeof key === 'string' && source.fromDefaults.has(key)) return ['defaults', key, ...rest];
  if (key === 'name' && source.organization !== null) return ['targets', source.entry, 'organizations', source.organization];
  return ['targets', source.entry, ...(key === undefined ? [] : [key, ...rest])];
}

function groupProblems(target: unknown, entry: number): Expanded['problems'] {
  if (!isMapping(target) || target.organizations === undefined) return [];
  const { organizations } = target;
  const path = ['targets', entry, 'organizations'];
  if (!Array.isArray(organizations) || organizations.length === 0)
    return [{ path, text: 'expected a list of names such as [sales, service]; write one name for each organization.' }];
  return organizations.flatMap((name: unknown, index) =>
    isOrganization(name) ? [] : [{ path: [...path, index], text: "expected an organization's name of letters, digits, - and _; correct it." }],
  );
}

const defaultsProblems = (defaults: unknown): Expanded['problems'] =>
  defaults === undefined || isMapping(defaults)
    ? isMapping(defaults) && 'name' in defaults
      ? [{ path: ['defaults', 'name'], text: 'expected no name here, for each target has its own; remove it.' }]
      : []
    : [{ path: ['defaults'], text: 'expected a mapping with keys of a target, such as `sts: https://sts.contoso.com`; correct it.' }];

const isOrganization = (name: unknown): name is string => typeof name === 'string' && /^[\w-]+$/.test(name);

const withoutExtensions = (mapping: Mapping): Mapping => Object.fromEntries(Object.entries(mapping).filter(([key]) => !key.startsWith('x-')));

const isMapping = (value: unknown): value is Mapping => typeof value === 'object' && value !== null && !Array.isArray(value);
