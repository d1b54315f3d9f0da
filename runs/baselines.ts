import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { type Baseline, baselineSchema } from '../contracts/baseline';
import { writeKept } from '../probes/captures';
import { nearestMatch } from '../config/nearest-match';
import { ProbeFault } from '../contracts/probe-fault';
import { upgradedBaseline } from './baselines-upgrade';

/** Names that are file names on every system; Windows keeps some for devices. */
const namePattern = /^[a-z0-9]+([._-][a-z0-9]+)*$/i;
const devices = /^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i;

/** Throws a ProbeFault for a name that could not be a file name everywhere. */
export function checkName(name: string, what: 'baseline' | 'change'): void {
  if (name.length <= 80 && namePattern.test(name) && !devices.test(name)) return;
  throw new ProbeFault(
    `"${name}" cannot be the name of a ${what}: expected at most 80 letters, digits, and single dots, ` +
      `dashes or underscores between them, such as before-patch-day.`,
  );
}

/** `<out>/baselines/NAME.json` */
export const baselineFile = (outFolder: string, name: string): string => join(outFolder, 'baselines', `${name}.json`);

/** Throws a ProbeFault when the name is taken and `force` is not given: ask before anybody signs in. */
export async function checkNameFree(outFolder: string, name: string, force: boolean): Promise<void> {
  checkName(name, 'baseline');
  const file = baselineFile(outFolder, name);
  if (!force && (await exists(file))) throw new ProbeFault(`There is a baseline "${name}" already (${file}). Choose another name, or replace it with --force.`);
}

/** Writes the baseline in one step: readable JSON whose keys stand in the order of the format, so that two versions of it can be compared line by line. */
export async function writeBaseline(outFolder: string, baseline: Baseline & { readonly name: string }): Promise<string> {
  const written = await writeKept(baselineFile(outFolder, baseline.name), baselineSchema.parse(baseline), {
    what: 'The baseline',
    without: 'name another folder with --out DIR.',
  });
  if (!written.ok) throw new ProbeFault(written.why);
  return written.file;
}

export async function listBaselines(outFolder: string): Promise<Baseline[]> {
  const names = await baselineNames(outFolder);
  const all = await Promise.all(names.map((name) => readBaselineFile(baselineFile(outFolder, name))));
  return all.sort((a, b) => (a.savedAt < b.savedAt ? -1 : 1));
}

async function baselineNames(outFolder: string): Promise<string[]> {
  const files = await readdir(join(outFolder, 'baselines')).catch((): string[] => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

/** The baseline of a name; a ProbeFault with the nearest name when there is none. */
export async function readBaseline(outFolder: string, name: string): Promise<Baseline> {
  const file = baselineFile(outFolder, name);
  if (namePattern.test(name) && (await exists(file))) return readBaselineFile(file);
  throw new ProbeFault(`There is no baseline "${name}" in ${outFolder}. ${await suggestion(outFolder, name)}`);
}

/** "Did you mean …?", or which there are. */
export async function suggestion(outFolder: string, name: string): Promise<string> {
  const names = await baselineNames(outFolder);
  const near = nearestMatch(name, names);
  if (near) return `Did you mean "${near}"?`;
  return names.length > 0 ? `There are: ${names.sort().join(', ')}.` : 'None is kept there yet; make one with signin-probe baseline save NAME.';
}

/** A baseline's file, also one that came out of a change ticket. Older versions are upgraded; a newer or damaged one is a ProbeFault. */
export async function readBaselineFile(file: string): Promise<Baseline> {
  let data: unknown;
  try {
    data = JSON.parse((await readFile(file, 'utf8')).replace(/^\uFEFF/, ''));
  } catch (error) {
    throw new ProbeFault(
      `${file}: expected a baseline, found ` +
        `${error instanceof SyntaxError ? 'something that is no JSON' : `a file that cannot be read (${(error as NodeJS.ErrnoException).code})`}.`,
    );
  }
  return parseBaseline(data, file);
}

export function parseBaseline(data: unknown, file: string): Baseline {
  const upgraded = upgradedBaseline(data);
  if (!upgraded.ok) throw new ProbeFault(`${file}: ${upgraded.why}`);
  const parsed = baselineSchema.safeParse(upgraded.data);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw new ProbeFault(`${file}: expected a baseline of signin-probe; at ${issue?.path.join('.') || 'the top'}: ${issue?.message}. Save it anew.`);
}

export const exists = (file: string): Promise<boolean> =>
  stat(file).then(
    () => true,
    () => false,
  );
