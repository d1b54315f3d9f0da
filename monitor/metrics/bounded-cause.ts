import { causeIds } from '../../contracts/causes';
import type { SlotVerdict } from '../../contracts/monitoring';

/** A cause as a label's value: one of those this tool knows, `unexplained`, `none`, or `other` (from an agent of a later version). */
export function boundedCause(verdict: SlotVerdict | null, cause: string | null): string {
  if (cause !== null) return causeIds.find((id) => id === cause) ?? 'other';
  return verdict === 'broken' || verdict === 'flaky' ? 'unexplained' : 'none';
}
