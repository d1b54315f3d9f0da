import type { CauseId } from '../../contracts/causes';
import type { Certainty } from '../../contracts/words';
import { rules } from '../../diagnosis/causes';
import { isToldByText, mayStandBehind, showsOver } from '../../runs/testing/fault-expectations';
import type { Cell } from './cell';

const kb: CauseId = 'adfs-signing-cert-rolled';
const rank: Readonly<Record<Certainty, number>> = { suspected: 0, probable: 1, confirmed: 2 };

/** A cause that cannot show itself over this route: healthy is right there. */
export const isSilent = ({ fault, route }: Cell): boolean => !showsOver(fault).includes(route);

/**
 * Whether the root cause is said. Without history, causes that only history can part may share the top as suspected: the right one must be
 * among those.
 */
export function isRight(cell: Cell): boolean {
  const { fault, history, causes } = cell;
  if (causes[0]?.id === fault) return true;
  if (causes[0]?.id === mayStandBehind(fault) && causes[1]?.id === fault) return true;
  if (isWordless(cell)) return causes.every(({ id, certainty }) => certainty === 'suspected' && (id === fault || id === mayStandBehind(fault)));
  const sharesTop = causes.filter(({ certainty }) => certainty === 'suspected').some(({ id }) => id === fault);
  return !history && causes[0]?.certainty === 'suspected' && sharesTop;
}

/** A refusal without words, of a cause that only words tell. */
const isWordless = ({ fault, face }: Cell): boolean => face !== 'errorhandler' && isToldByText(fault);

export const isInTopThree = (cell: Cell): boolean => cell.causes.slice(0, 3).some(({ id }) => id === cell.fault) || (isWordless(cell) && isRight(cell));

/** KB 2686840 said of something else. A suspicion is no claim on a first run, among several and beside the right one, and where the two look the same. */
export function claimsKbWrongly(cell: Cell): boolean {
  const { fault, history, causes } = cell;
  const claim = causes.find(({ id }) => id === kb);
  const mayBeSuspected = !history || mayStandBehind(fault) === kb;
  return fault !== kb && claim !== undefined && !(claim.certainty === 'suspected' && mayBeSuspected && isRight(cell));
}

export const isTooCertain = ({ causes }: Pick<Cell, 'causes'>): boolean => causes.some(({ id, certainty }) => rank[certainty] > rank[rules[id].ceiling]);

/** Nothing became more certain, and nothing was said of what is not there, with a part of the evidence taken away. */
export const holdsWithLess = ({ withLess }: Cell): boolean => (withLess ?? []).length === 0;

export interface Score {
  readonly cells: number;
  readonly right: number;
  readonly inTopThree: number;
  readonly kbWrongly: number;
  readonly tooCertain: number;
}

export function scoreOf(cells: readonly Cell[]): Score {
  const telling = cells.filter((cell) => !isSilent(cell));
  return {
    cells: telling.length,
    right: telling.filter(isRight).length,
    inTopThree: telling.filter(isInTopThree).length,
    kbWrongly: cells.filter(claimsKbWrongly).length,
    tooCertain: cells.filter(isTooCertain).length,
  };
}

export const meetsGoal = ({ cells, right, inTopThree, kbWrongly, tooCertain }: Score): boolean =>
  right === cells && inTopThree === cells && kbWrongly === 0 && tooCertain === 0;
