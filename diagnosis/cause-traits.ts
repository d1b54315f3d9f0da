import type { CauseId } from '../contracts/causes';
import type { LiesWith } from '../contracts/rule';
import { rules } from './causes';
import type { DefinedRule } from './define-rule';

/** The rule of a cause known by name only; null for no cause, and for an id that no rule has (kept by another version). */
export const ruleOf = (id: string | null | undefined): DefinedRule | null =>
  id !== null && id !== undefined && Object.hasOwn(rules, id) ? rules[id as CauseId] : null;

/** With whom a cause lies. */
export const liesWith = (cause: string | null): LiesWith | null => ruleOf(cause)?.liesWith ?? null;

/** Whether a forecast foretells the cause. */
export const isForetold = (cause: string | null): boolean => ruleOf(cause)?.foretold ?? false;
