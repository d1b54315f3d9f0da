import type { Baseline } from '../../contracts/baseline';
import type { Evidence, RouteEvidence } from '../../contracts/evidence';
import { baselineOf, type ComparableRun } from '../compare/baseline-of';
import { comparableRun } from '../compare/comparable-run';
import { diagnose } from '../diagnose';
import { sample, startedAt } from './sample-evidence';

/** Test material: one run of the sample deployment as a side of a comparison; `over` is what this side is about. */
export const run = (id: string, results: readonly RouteEvidence[]): ComparableRun => {
  const evidence: Evidence = {
    schema: 1,
    run: { id, startedAt, finishedAt: startedAt, label: null, location: null, tool: '1.0.0', browser: 'test 1' },
    results: [...results],
  };
  return comparableRun(diagnose(evidence), evidence);
};

export const side = (name: string | null, results: readonly RouteEvidence[] = [sample('internal'), sample('ifd')]): Baseline =>
  baselineOf([run(name ?? 'run-1', results)], { name, savedAt: startedAt });

/** So many sign-ins over IFD with these times in ms. */
export const timed = (name: string, totalsMs: readonly number[]): Baseline => {
  const [first, ...others] = totalsMs.map((totalMs, index) => run(`${name}-${index}`, [sample('ifd', { timings: { ...sample('ifd').timings, totalMs } })]));
  if (!first) throw new RangeError('timed: expected a time at least');
  return baselineOf([first, ...others], { name, savedAt: startedAt });
};
