import type { FaultId } from '../../lab/lab-types';
import type { Route, Verdict } from '../../contracts/words';
import { maskingPairs } from '../../lab/masking-order';
import { mayStandBehind } from '../../runs/testing/fault-expectations';
import type { Cell } from './cell';
import { isTooCertain } from './judge-cell';
import { kb } from './pair';

/** Two faults in the lab at once, over one route: what was said. */
export interface FaultPair {
  /** The one a sign-in meets, then the one it masks. */
  readonly faults: readonly [FaultId, FaultId];
  readonly route: Route;
  readonly verdict: Verdict;
  readonly causes: Cell['causes'];
}

/** "first+second" as it is written on the command line. */
export const pairName = ([first, second]: FaultPair['faults']): string => `${first}+${second}`;

/** The pair of that name, in whichever order its faults stand; undefined when there is none. */
export const pairNamed = (name: string): FaultPair['faults'] | undefined =>
  maskingPairs.find((faults) => pairName(faults) === name || pairName([faults[1], faults[0]]) === name);

/** The fault that was met comes first, or right behind the more general one it cannot be parted from. */
export const isMetFirst = ({ faults: [met], causes: [first, second] }: FaultPair): boolean =>
  first?.id === met || (first?.id === mayStandBehind(met) && second?.id === met);

/** KB 2686840 said where it is not among the two, or first where the sign-in ended at the other. */
export const claimsKbWrongly = ({ faults, causes }: FaultPair): boolean =>
  causes.some(({ id }, place) => id === kb && (!faults.includes(kb) || (faults[0] !== kb && place === 0)));

/** Something else than what was met is called confirmed, or a cause exceeds its ceiling. */
export const isOverCertain = ({ faults: [met], causes }: FaultPair): boolean =>
  isTooCertain({ causes }) || causes.some(({ id, certainty }) => certainty === 'confirmed' && id !== met);

export interface PairScore {
  readonly results: number;
  readonly right: number;
  readonly kbWrongly: number;
  readonly overCertain: number;
}

export const pairScoreOf = (pairs: readonly FaultPair[]): PairScore => ({
  results: pairs.length,
  right: pairs.filter(isMetFirst).length,
  kbWrongly: pairs.filter(claimsKbWrongly).length,
  overCertain: pairs.filter(isOverCertain).length,
});

/** The head line of all pairs; one line more for each that is not as it must be. */
export function pairLines(pairs: readonly FaultPair[]): string[] {
  const { results, right, kbWrongly, overCertain } = pairScoreOf(pairs);
  const wrong = pairs.filter((pair) => !isMetFirst(pair) || claimsKbWrongly(pair) || isOverCertain(pair));
  const said = ({ causes, verdict }: FaultPair): string => causes.map(({ id, certainty }) => `${id} (${certainty})`).join(', ') || verdict;
  return [
    `${'two faults at once'.padEnd(26)} the one met first ${right} of ${results}, KB claimed wrongly ${kbWrongly}, over-certain ${overCertain}  ` +
      `(${new Set(pairs.map(({ faults }) => pairName(faults))).size} pairs)`,
    ...wrong.map((pair) => `  ✗ ${pairName(pair.faults)}, ${pair.route}: ${said(pair)}`),
  ];
}

export const pairsMeetGoal = (pairs: readonly FaultPair[]): boolean => {
  const { results, right, kbWrongly, overCertain } = pairScoreOf(pairs);
  return right === results && kbWrongly === 0 && overCertain === 0;
};
