import type { RouteEvidence } from '../../contracts/evidence';
import { atLeastAsCertain, type DefinedRule, type Sibling } from '../define-rule';
import { lessOf } from './taking-away';
import { mostWithLess } from './what-must-hold';

/**
 * A judgement flattened for assertions: its kind (or the certainty, when found) and all its words. Every evidence that is judged so is also judged with each
 * part taken
 * away: that must never raise the certainty (the rule stands in less-evidence.test.ts).
 */
export function judged(
  rule: DefinedRule,
  evidence: RouteEvidence,
  siblings: readonly Sibling[] = [],
): { readonly outcome: string; readonly text: string; readonly refs: readonly string[] } {
  const judgement = rule.judge({ ...evidence, siblings });
  const most = mostWithLess(judgement.kind === 'found' ? judgement.certainty : undefined);
  for (const less of lessOf(evidence, { deep: false })) {
    const then = rule.judge({ ...less.evidence, siblings });
    if (then.kind === 'found' && !atLeastAsCertain(most, then.certainty))
      throw new Error(`${rule.id} rises from ${judgement.kind === 'found' ? judgement.certainty : judgement.kind} to ${then.certainty} without ${less.what}`);
  }
  if (judgement.kind !== 'found') return { outcome: judgement.kind, text: judgement.why, refs: [] };
  const claims = [...judgement.because, ...(judgement.against ?? [])];
  return { outcome: judgement.certainty, text: claims.map(({ text }) => text).join('\n'), refs: claims.flatMap(({ refs }) => refs) };
}
