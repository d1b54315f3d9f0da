import type { RouteEvidence } from '../../contracts/evidence';
import type { DefinedRule, Sibling } from '../define-rule';

/** A judgement flattened for assertions: its kind (or the certainty, when found) and all its words. */
export function judged(
  rule: DefinedRule,
  evidence: RouteEvidence,
  siblings: readonly Sibling[] = [],
): { readonly outcome: string; readonly text: string; readonly refs: readonly string[] } {
  const judgement = rule.judge({ ...evidence, siblings });
  if (judgement.kind !== 'found') return { outcome: judgement.kind, text: judgement.why, refs: [] };
  const claims = [...judgement.because, ...(judgement.against ?? [])];
  return { outcome: judgement.certainty, text: claims.map(({ text }) => text).join('\n'), refs: claims.flatMap(({ refs }) => refs) };
}
