import type { Baseline, RouteState } from '../../contracts/baseline';
import type { Run } from '../../contracts/evidence';
import { aspectsOf } from './aspects';

/** One run as it can be compared. */
export interface ComparableRun {
  readonly run: Run;
  readonly states: readonly RouteState[];
}

/**
 * Several runs of the same targets as one side: the facts of the last one, the times of all, and what differed among the healthy ones by itself
 * (a farm whose nodes are not alike), which is then not compared. At least one run; `name` null = made for one comparison.
 */
export function baselineOf(
  runs: readonly [ComparableRun, ...ComparableRun[]],
  { name, savedAt }: { readonly name: string | null; readonly savedAt: string },
): Baseline {
  const last = runs.at(-1) ?? runs[0];
  return {
    kind: 'signin-probe baseline',
    schema: 1,
    name,
    savedAt,
    tool: last.run.tool,
    browser: last.run.browser,
    label: last.run.label,
    runs: runs.map(({ run: { id, startedAt } }) => ({ id, startedAt })),
    states: last.states.map((state) => {
      const all = runs.flatMap(({ states }) => states.filter(({ target, route }) => target === state.target && route === state.route));
      const every = (key: keyof RouteState['timings']): number[] => all.flatMap(({ timings }) => timings[key]);
      return {
        ...state,
        timings: { totalMs: every('totalMs'), stsMs: every('stsMs'), tokenPostMs: every('tokenPostMs'), crmPageMs: every('crmPageMs') },
        varies: varying(all),
      };
    }),
  };
}

function varying(states: readonly RouteState[]): string[] {
  const good = states
    .filter(({ signedIn }) => signedIn === 'yes')
    .map((state) => new Map(aspectsOf(state).list.map(({ id, key, value }) => [id, key ?? value])));
  const ids = new Set(good.flatMap((values) => [...values.keys()]));
  return [...ids].filter((id) => new Set(good.map((values) => values.get(id) ?? null)).size > 1).sort();
}
