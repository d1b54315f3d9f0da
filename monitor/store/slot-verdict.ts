import type { SlotVerdict } from '../../contracts/monitoring';
import type { Verdict } from '../../contracts/words';

/**
 * What a slot's attempts say together, and which of them says it. Nothing is averaged: a broken sign-in whose repetition worked is `flaky` (shown is the broken
 * one); one whose repetition could not tell stays broken.
 */
export function slotVerdict(attempts: readonly { readonly verdict: Verdict }[]): { readonly verdict: SlotVerdict; readonly index: number } {
  const [first, second] = attempts;
  if (!first) return { verdict: 'unknown', index: 0 };
  if (!second || first.verdict !== 'broken') return { verdict: first.verdict, index: 0 };
  if (second.verdict === 'broken') return { verdict: 'broken', index: 1 };
  return { verdict: second.verdict === 'unknown' ? 'broken' : 'flaky', index: 0 };
}
