import type { Baseline } from '../contracts/baseline';
import type { ChangeKind, Comparison } from '../contracts/comparison';
import type { Target } from '../contracts/target';
import { ProbeFault } from '../contracts/probe-fault';
import { checkName, checkNameFree, readBaseline, writeBaseline } from './baselines';
import { brokenRoutes, checkKnown, recordRuns, type RecordOptions } from './baselines-record';
import { type Change, openChanges, readChange, writeChange } from './changes';
import { compareNow, writeComparison } from './comparison-run';

type Probing = Omit<RecordOptions, 'name' | 'repeat' | 'label'>;

export interface ChangeStart extends Probing {
  readonly name: string;
  readonly expect: readonly ChangeKind[];
  readonly repeat: number;
  /** Replaces a change or baseline of this name. */
  readonly force: boolean;
  readonly evenIfBroken: boolean;
}

export type Started =
  | { readonly ok: true; readonly change: Change; readonly baseline: Baseline; readonly alsoOpen: readonly string[] }
  /** Sign-in does not work: a change does not start from there. */
  | { readonly ok: false; readonly broken: readonly string[]; readonly folder: string };

/** Keeps the state before a change under the change's name. Throws ProbeFault where the name is taken. */
export async function startChange({ name, expect, repeat, force, evenIfBroken, ...options }: ChangeStart): Promise<Started> {
  checkName(name, 'change');
  const { outFolder, targets } = options;
  const known = await readChange(outFolder, name);
  if (known && !force)
    throw new ProbeFault(
      known.finishedAt === null
        ? `The change "${name}" is under way since ${known.startedAt}. Finish it with signin-probe change finish ${name}, or begin anew with --force.`
        : `There was a change "${name}", finished ${known.finishedAt}. Choose another name, or begin anew with --force.`,
    );
  const baselineName = `change-${name}`;
  await checkNameFree(outFolder, baselineName, force);
  const { baseline, folders } = await recordRuns({ ...options, repeat, name: baselineName, label: `before the change ${name}` });
  checkKnown(baseline);
  const broken = brokenRoutes(baseline);
  if (broken.length > 0 && !evenIfBroken) return { ok: false, broken, folder: folders.at(-1) ?? outFolder };
  await writeBaseline(outFolder, { ...baseline, name: baselineName });
  const alsoOpen = (await openChanges(outFolder)).filter((other) => other.name !== name).map((other) => other.name);
  const change: Change = {
    schema: 1,
    name,
    startedAt: new Date().toISOString(),
    finishedAt: null,
    targets: routesByTarget(targets),
    expect: [...expect],
    baseline: baselineName,
    repeat,
    checks: [],
  };
  await writeChange(outFolder, change);
  return { ok: true, change, baseline, alsoOpen };
}

export interface Finished {
  readonly change: Change;
  readonly comparison: Comparison;
  readonly folder: string;
}

/**
 * Signs in again as the change began, compares and decides: go when everything that changed was announced or is better and sign-in works. The
 * change is closed by a go; otherwise it stays open, so that it can be finished again after a repair or a roll-back.
 */
export async function finishChange(change: Change, options: Probing): Promise<Finished> {
  const { outFolder } = options;
  const before = await readBaseline(outFolder, change.baseline);
  const { baseline: after } = await recordRuns({ ...options, repeat: change.repeat, name: null, label: `after the change ${change.name}` });
  const comparison = compareNow(before, after, { change: change.name, expect: change.expect });
  const folder = await writeComparison(outFolder, comparison);
  const { decision } = comparison;
  const { id, at } = comparison.comparison;
  const checked: Change = {
    ...change,
    finishedAt: decision === 'go' ? at : null,
    checks: [...change.checks, { at, decision, verdict: comparison.verdict, summary: comparison.summary, comparison: id }],
  };
  await writeChange(outFolder, checked);
  return { change: checked, comparison, folder };
}

/** The targets of a change as the configuration has them now; a ProbeFault names what it has lost. */
export function targetsOfChange(change: Change, configured: readonly Target[]): Target[] {
  return change.targets.flatMap(({ name, routes }) =>
    routes.map((route) => {
      const target = configured.find((each) => each.name === name && each.route === route);
      if (target) return target;
      throw new ProbeFault(
        `The change "${change.name}" was started with ${name} over ${route}, which the configuration does not have any more. ` +
          `Put it back, or give the configuration it was started with by --config.`,
      );
    }),
  );
}

function routesByTarget(targets: readonly Target[]): Change['targets'] {
  return [...new Set(targets.map(({ name }) => name))].map((name) => ({
    name,
    routes: targets.filter((target) => target.name === name).map(({ route }) => route),
  }));
}
