import type { ChangeKind } from '../../contracts/comparison';
import { loadTargets } from '../../config/targets';
import { readExpect } from '../../runs/comparison-run';
import { exists } from '../../runs/baselines';
import { ProbeFault } from '../../contracts/probe-fault';
import type { CommonOptions } from './common';

export interface ExpectedChanges {
  readonly name: string | null;
  readonly expect: readonly ChangeKind[];
}

/** What is meant to change: `--expect`, or the configuration's `change:` block where there is a configuration. */
export async function expectedChanges(options: CommonOptions): Promise<ExpectedChanges> {
  if (options.expect !== undefined) return { name: null, expect: readExpect(options.expect) };
  if (!(await exists(options.config))) return { name: null, expect: [] };
  const loaded = loadTargets(options.config);
  if (!loaded.ok) throw new ProbeFault(loaded.problems.map(({ text }) => text).join('\n'));
  return { name: loaded.change?.name ?? null, expect: loaded.change?.expect ?? [] };
}
