/**
 * Reads `signin-probe.yaml` and finds every problem in it at once, each with its line. Nothing here prints a value that could be a password:
 * YAML errors are told in own words (the parser's messages quote the source), and values under `password` are never repeated.
 */
import { readFileSync, statSync } from 'node:fs';
import { type Document, isMap, isNode, isPair, isScalar, LineCounter, parseDocument } from 'yaml';
import type { z } from 'zod';
import { type ConfigFile, configSchema } from '../contracts/target';
import { knownKeysAt } from './config-schema';
import { expand } from './expand';
import { nearestMatch } from './nearest-match';

/** One mistake in the configuration. `text` is the whole sentence, beginning with `file:line:`; `line` is null when the file as a whole is meant. */
export interface ConfigProblem {
  readonly line: number | null;
  readonly text: string;
}

type PathInConfig = readonly PropertyKey[];

/** A configuration that reads well, and how to report something about a place in it. */
export interface ReadConfig {
  readonly ok: true;
  readonly config: ConfigFile;
  readonly problemAt: (path: PathInConfig, text: string) => ConfigProblem;
}

const maxBytes = 1_000_000;
/** More aliases than this is no configuration but an attempt to fill the memory ("billion laughs"). */
const maxAliases = 50;

/** Further checks of what was read, valid or not; `problemAt` tells each at its place in the file. */
export type MoreProblems = (data: unknown, problemAt: ReadConfig['problemAt']) => readonly ConfigProblem[];

/** Reads and validates the file. Expected failures (missing, not YAML, wrong content) come back as problems, in the order of their lines. */
export function readConfig(
  configPath: string,
  moreProblems: MoreProblems = () => [],
): ReadConfig | { readonly ok: false; readonly problems: readonly ConfigProblem[] } {
  const whole = (text: string): { ok: false; problems: ConfigProblem[] } => ({ ok: false, problems: [{ line: null, text: `${configPath}: ${text}` }] });
  let source: string;
  try {
    if (statSync(configPath).size > maxBytes) return whole(`expected a configuration of less than ${maxBytes} bytes, found a larger file; check the path.`);
    source = readFileSync(configPath, 'utf8');
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === 'ENOENT') return whole('there is no such file. Write one (README, "A configuration in ten lines"), or name another one with --config FILE.');
    return whole(`the file cannot be read (${code ?? 'unknown reason'}); check its path and rights.`);
  }

  const lines = new LineCounter();
  const document = parseDocument(source, { lineCounter: lines, uniqueKeys: true, prettyErrors: false, strict: true, merge: true });
  const problemOn = (offset: number | null, text: string): ConfigProblem => {
    const line = offset === null ? null : lines.linePos(offset).line;
    return { line, text: `${configPath}${line === null ? '' : `:${line}`}: ${text}` };
  };
  const problemAt = (path: PathInConfig, text: string): ConfigProblem => problemOn(offsetOf(document, path), `${pathText(path)}: ${text}`);

  const faults = [...document.errors, ...document.warnings];
  const faultProblems = faults.map((fault) => problemOn(fault.pos[0], yamlFaultText(fault.code, lineAt(source, fault.pos[0]))));
  // A key given twice leaves the rest readable: what else is wrong is told in the same round.
  if (faults.some(({ code }) => code !== 'DUPLICATE_KEY')) return { ok: false, problems: faultProblems };
  let written: unknown;
  try {
    written = document.toJS({ maxAliasCount: maxAliases });
  } catch {
    return whole('an alias (*name) in it has no anchor (&name), or there are too many of them; write the values out (quote a value that begins with * or &).');
  }
  if (written === null || written === undefined)
    return whole('expected `targets:` with at least one target, found an empty file (README, "A configuration in ten lines").');

  const expanded = expand(written);
  const { data, sourceOf } = expanded;
  const told = (path: PathInConfig, text: string): ConfigProblem => problemAt(sourceOf(path), text);
  const checked = configSchema.safeParse(data);
  const problems = [
    ...faultProblems,
    ...expanded.problems.map(({ path, text }) => problemAt(path, text)),
    ...(checked.success ? [] : checked.error.issues.flatMap((issue) => issueProblems(issue, data, told))),
    ...missingRoutes(data, checked, told),
    ...moreProblems(data, told),
  ];
  if (checked.success && problems.length === 0) return { ok: true, config: checked.data, problemAt: told };
  // What a default has wrong is wrong once, not once for each target.
  const once = [...new Map(problems.map((problem) => [problem.text, problem])).values()];
  return { ok: false, problems: once.sort((one, other) => (one.line ?? 0) - (other.line ?? 0)) };
}

/** `targets[0].account.password`, as the message's "where". */
function pathText(path: PathInConfig): string {
  return (
    path.reduce<string>((text, part) => (typeof part === 'number' ? `${text}[${part}]` : `${text}${text === '' ? '' : '.'}${String(part)}`), '') || 'the file'
  );
}

/** Where a path stands in the source: its key, else its value, else the nearest ancestor that is written down. */
function offsetOf(document: Document, path: PathInConfig): number | null {
  for (let length = path.length; length > 0; length--) {
    const parent = length === 1 ? document.contents : document.getIn(path.slice(0, length - 1), true);
    const key = path[length - 1];
    if (isMap(parent)) {
      const pair = parent.items.find((item) => isPair(item) && (isScalar(item.key) ? item.key.value : item.key) === key);
      if (pair && isNode(pair.key) && pair.key.range) return pair.key.range[0];
    }
    const node = document.getIn(path.slice(0, length), true);
    if (isNode(node) && node.range) return node.range[0];
  }
  return null;
}

type Issue = z.core.$ZodIssue;

function issueProblems(issue: Issue, data: unknown, problemAt: ReadConfig['problemAt']): ConfigProblem[] {
  if (issue.code === 'unrecognized_keys') {
    const known = knownKeysAt(issue.path);
    return issue.keys.map((key) => {
      const near = nearestMatch(key, known);
      return problemAt(
        [...issue.path, key],
        `expected one of ${known.join(', ')}; found the unknown key \`${key}\`; ${near ? `did you mean \`${near}\`?` : 'remove it.'}`,
      );
    });
  }
  const found = valueAt(data, issue.path);
  if (found === undefined && issue.code !== 'custom') return [problemAt(issue.path, `expected ${expectedOf(issue)}, found nothing; add it.`)];
  const secret = issue.path.at(-1) === 'password' || issue.message.startsWith('expected a secret reference');
  const shown = secret ? 'a value that is no reference (not shown)' : described(found);
  const advice = secret
    ? 'put the password into an environment variable or a file only you can read, name it here (such as env:CRM_PROBE_PASSWORD), ' +
      'and change the password if this file was shared.'
    : 'correct this line.';
  const text = issue.message.startsWith('expected') || issue.code === 'custom' ? withoutUserInfo(issue.message) : `expected ${expectedOf(issue)}`;
  return [problemAt(issue.path, / found /.test(text) || issue.code === 'custom' ? `${text}; ${advice}` : `${text}; found ${shown}; ${advice}`)];
}

/** zod stops at a target's first layer of mistakes; a missing route is told in the same round nevertheless. */
function missingRoutes(data: unknown, checked: z.ZodSafeParseResult<ConfigFile>, problemAt: ReadConfig['problemAt']): ConfigProblem[] {
  const issues = checked.success ? [] : checked.error.issues;
  const targets = valueAt(data, ['targets']);
  if (!Array.isArray(targets)) return [];
  return targets.flatMap((target: unknown, index) => {
    if (typeof target !== 'object' || target === null || 'internal' in target || 'ifd' in target) return [];
    const told = issues.some((issue) => issue.code === 'custom' && issue.path.length === 2 && issue.path[1] === index);
    const mistyped = Object.keys(target).some((key) => ['internal', 'ifd'].includes(nearestMatch(key, knownKeysAt(['targets', 0])) ?? ''));
    return told || mistyped
      ? []
      : [problemAt(['targets', index], 'expected at least one route, `internal: { url: … }` or `ifd: { url: … }`; found neither; add one.')];
  });
}

function valueAt(data: unknown, path: PathInConfig): unknown {
  return path.reduce<unknown>((value, part) => (typeof value === 'object' && value !== null ? (value as Record<PropertyKey, unknown>)[part] : undefined), data);
}

function expectedOf(issue: Issue): string {
  if (issue.code === 'too_small')
    return issue.origin === 'number' ? `a number ${issue.inclusive ? 'of at least' : 'greater than'} ${issue.minimum}` : 'a value that is not empty';
  if (issue.code === 'too_big') return `a number of at most ${issue.maximum}`;
  const kind = issue.code === 'invalid_type' ? issue.expected : issue.code === 'invalid_value' ? issue.values.join(' or ') : 'another value';
  const names: Record<string, string> = {
    string: 'text',
    object: 'a mapping (key: value)',
    array: 'a list (- …)',
    boolean: 'true or false',
    number: 'a number',
    record: 'a mapping (host: address)',
  };
  return names[kind] ?? kind;
}

function described(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value === null) return 'nothing';
  if (typeof value === 'object') return 'a mapping';
  if (typeof value === 'string') return `"${withoutUserInfo(value)}"`;
  return typeof value === 'number' || typeof value === 'boolean' ? `the ${typeof value} ${value}` : `a ${typeof value}`;
}

/** An address with `user:password@` in it must not bring the password into an error text. */
function withoutUserInfo(text: string): string {
  return text.replace(/:\/\/[^/?#\s"]*@/g, '://[masked]@');
}

/** The line of the source at an offset, without what may be a value. */
const lineAt = (source: string, offset: number): string => source.slice(source.lastIndexOf('\n', offset - 1) + 1).split('\n', 1)[0] ?? '';

function yamlFaultText(code: string, line: string): string {
  if (/[^'"]https:[^'"]*\{organization\}/.test(line) && line.includes('{ '))
    return 'expected an address with {organization} in quotes within { … }; write "https://{organization}.contoso.com/main.aspx".';
  const texts: Record<string, string> = {
    DUPLICATE_KEY: 'expected each key once, found the same key again in this mapping; remove one of them.',
    BAD_INDENT: 'expected the same indentation as the lines of this mapping or list, found another; align it with spaces.',
    TAB_AS_INDENT: 'expected spaces, found a tab as indentation; replace it with spaces.',
    BAD_DQ_ESCAPE: 'expected a known escape after \\ within double quotes, found another; write DOMAIN\\user without quotes or in single quotes.',
    BAD_SCALAR_START: 'expected a plain value, found a character YAML reserves at its start (such as @, ` or %); put the value in single quotes.',
    MISSING_CHAR: 'expected a closing quote, bracket or a colon after a key, found none; complete the line.',
    MULTIPLE_DOCS: 'expected one YAML document, found a second one (---); keep one.',
    BAD_ALIAS: 'expected a plain value, found an alias (*name) that cannot stand here; put the value in single quotes.',
    TAG_RESOLVE_FAILED: 'expected a plain value, found a tag (!…); put the value in single quotes.',
  };
  return texts[code] ?? `expected YAML, found something that is none (${code}); check quotes, colons and indentation of this line.`;
}
