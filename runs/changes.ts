import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type ChangeKind, changeKindSchema, comparisonVerdictSchema } from '../contracts/comparison';
import { instantSchema, routeSchema } from '../contracts/words';
import { readKept, writeKept } from '../probes/captures';
import { nearestMatch } from '../config/nearest-match';
import { ProbeFault } from '../contracts/probe-fault';

/** A change of the deployment, from `change start` to the `change finish` that said go. */
const changeSchema = z.object({
  schema: z.literal(1),
  name: z.string(),
  startedAt: instantSchema,
  /** null = still open. */
  finishedAt: instantSchema.nullable(),
  targets: z.array(z.object({ name: z.string(), routes: z.array(routeSchema) })),
  expect: z.array(changeKindSchema),
  /** Name of the baseline in the same output folder. */
  baseline: z.string(),
  /** Sign-ins per route on each side. */
  repeat: z.number().int().positive(),
  /** Each `change finish` so far, the last one last. */
  checks: z.array(
    z.object({ at: instantSchema, decision: z.enum(['go', 'roll-back']), verdict: comparisonVerdictSchema, summary: z.string(), comparison: z.string() }),
  ),
});
export type Change = z.infer<typeof changeSchema>;

const kind = { schema: changeSchema, what: 'The change', advice: 'Delete it and start the change anew.' };

/** `<out>/changes/NAME.json` */
const changeFile = (outFolder: string, name: string): string => join(outFolder, 'changes', `${name}.json`);

/** The change of a name; null when there is none. A damaged file is a ProbeFault. */
export async function readChange(outFolder: string, name: string): Promise<Change | null> {
  const read = await readKept(changeFile(outFolder, name), kind);
  if (!read.ok) throw new ProbeFault(read.why);
  return read.state;
}

/** The change of a name, or a ProbeFault with the nearest name. */
export async function requireChange(outFolder: string, name: string): Promise<Change> {
  const names = await changeNames(outFolder);
  const change = names.includes(name) ? await readChange(outFolder, name) : null;
  if (change) return change;
  const near = nearestMatch(name, names);
  throw new ProbeFault(
    `There is no change "${name}" in ${outFolder}. ` +
      (near ? `Did you mean "${near}"?` : names.length > 0 ? `There are: ${names.sort().join(', ')}.` : 'Start one with signin-probe change start NAME.'),
  );
}

export async function writeChange(outFolder: string, change: Change): Promise<void> {
  const written = await writeKept(changeFile(outFolder, change.name), change, { what: kind.what, without: 'name another folder with --out DIR.' });
  if (!written.ok) throw new ProbeFault(written.why);
}

/** All changes of the folder, the oldest first. */
export async function listChanges(outFolder: string): Promise<Change[]> {
  const all = await Promise.all((await changeNames(outFolder)).map((name) => readChange(outFolder, name)));
  return all.flatMap((change) => change ?? []).sort((a, b) => (a.startedAt < b.startedAt ? -1 : 1));
}

async function changeNames(outFolder: string): Promise<string[]> {
  const files = await readdir(join(outFolder, 'changes')).catch((): string[] => []);
  return files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -'.json'.length));
}

/** A change that is under way: what `watch` marks results with. */
export interface OpenChange {
  readonly name: string;
  readonly since: string;
  readonly targets: Change['targets'];
  readonly expect: readonly ChangeKind[];
}

/** The changes that are open now. Reads a few small files; a damaged one is a ProbeFault, as everywhere. */
export async function openChanges(outFolder: string): Promise<OpenChange[]> {
  return (await listChanges(outFolder))
    .filter(({ finishedAt }) => finishedAt === null)
    .map(({ name, startedAt, targets, expect }) => ({ name, since: startedAt, targets, expect }));
}
