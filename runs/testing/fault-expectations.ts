import type { CauseId } from '../../contracts/causes';
import type { Route, Verdict } from '../../contracts/words';
import { rules } from '../../diagnosis/causes';

/** What a fault of the lab must lead to, by what its rule says of the cause. */
export const showsOver = (id: CauseId): readonly Route[] => rules[id].inLab?.routes ?? ['internal', 'ifd'];

export function expectedVerdict(id: CauseId): Verdict {
  const { inLab, nature, liesWith } = rules[id];
  return inLab?.verdict ?? (nature === 'warns' ? 'at-risk' : liesWith === 'account' ? 'unknown' : 'broken');
}

export const mayStandBehind = (id: CauseId): CauseId | null => rules[id].inLab?.behind ?? null;

export const isToldByText = (id: CauseId): boolean => rules[id].inLab?.toldByText ?? false;
