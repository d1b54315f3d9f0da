import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Baseline } from '../contracts/baseline';
import { evidenceSchema } from '../contracts/evidence';
import type { Report } from '../contracts/report';
import { baselineOf, type ComparableRun } from '../diagnosis/compare/baseline-of';
import { comparableRun } from '../diagnosis/compare/comparable-run';
import { ProbeFault } from '../contracts/probe-fault';
import { type RunOptions, runTargets } from './run-targets';

export interface RecordOptions extends Omit<RunOptions, 'submitOnce'> {
  /** How many runs, each one fresh sign-in per target and route. */
  readonly repeat: number;
  readonly name: string | null;
}

export interface Recorded {
  readonly baseline: Baseline;
  /** The report of each run. */
  readonly reports: readonly Report[];
  readonly folders: readonly string[];
}

/**
 * Signs in `repeat` times and makes one side of a comparison of it. Each run is a run of its own with its folder and its one submission per
 * account; after a run in which anybody could not sign in no further one is made, so that a refused password is not tried again.
 */
export async function recordRuns({ repeat, name, ...options }: RecordOptions): Promise<Recorded> {
  const runs: ComparableRun[] = [];
  const reports: Report[] = [];
  const folders: string[] = [];
  for (let n = 1; n <= repeat; n++) {
    if (repeat > 1) options.log.info(`sign-in ${n} of ${repeat}`);
    const { report, folder } = await runTargets(options);
    const evidence = evidenceSchema.parse(JSON.parse(await readFile(join(folder, 'evidence.json'), 'utf8')));
    runs.push(comparableRun(report, evidence));
    reports.push(report);
    folders.push(folder);
    if (report.results.some(({ signedIn }) => signedIn !== 'yes')) {
      if (n < repeat) options.log.warn(`No further sign-in: not everybody could sign in (${n} of ${repeat} made).`);
      break;
    }
  }
  const [first, ...others] = runs;
  if (!first) throw new RangeError('recordRuns: expected at least one run');
  return { baseline: baselineOf([first, ...others], { name, savedAt: new Date().toISOString() }), reports, folders };
}

/** Why a state is no "last good" one: the summaries of the routes over which sign-in does not work; empty when it works everywhere. */
export const brokenRoutes = ({ states }: Pick<Baseline, 'states'>): string[] =>
  states.filter(({ signedIn, verdict }) => signedIn !== 'yes' || verdict === 'broken').map(({ target, route, summary }) => `${target} ${route}: ${summary}`);

/** Where the outcome of a sign-in is not known (the probe's own fault, a browser that was killed) there is no state to keep: ProbeFault. */
export function checkKnown({ states }: Pick<Baseline, 'states'>): void {
  const unknown = states.filter(({ verdict }) => verdict === 'unknown');
  if (unknown.length > 0)
    throw new ProbeFault(
      `Nothing was kept: it could not be told whether people can sign in. ` +
        `${unknown.map(({ target, route, summary }) => `${target} ${route}: ${summary}`).join(' ')} Try again.`,
    );
}
