import type { Slot } from '../../contracts/monitoring';
import type { AlertPolicy, Thresholds } from './alert-policy';

/** The verdicts that make an alert, from mild to severe. */
export type Trouble = 'flaky' | 'at-risk' | 'broken';
export const troubles: readonly Trouble[] = ['flaky', 'at-risk', 'broken'];

/** How a series stands: `same` = nothing new that decides, it stays where it is. */
export type Standing =
  | { readonly kind: 'good' | 'same' }
  | {
      readonly kind: 'bad';
      readonly verdict: Trouble;
      readonly cause: string | null;
      readonly causeTitle: string | null;
      readonly kb: string | null;
      /** Enough slots say so; otherwise it may only join an alert that others opened. */
      readonly confirmed: boolean;
      readonly since: string;
      readonly runId: string | null;
    };

export interface StandingQuestion {
  /** The latest slots that ended with a verdict or were missed, the newest first. */
  readonly slots: readonly Slot[];
  /** What it is alerted for now. */
  readonly held: { readonly verdict: Trouble; readonly cause: string | null } | null;
  readonly thresholds: Thresholds;
  readonly flaky: AlertPolicy['flaky'];
  /** A forecast alarm tells of the danger already: `at-risk` adds nothing. */
  readonly foretold: boolean;
}

const withVerdict: readonly Slot['state'][] = ['healthy', 'at-risk', 'broken', 'flaky'];

/**
 * What a series' latest slots say together. `unknown` and `missed` slots say nothing about sign-in: they neither open nor end an alert (they are the
 * coverage alert's matter). A flaky slot is neither broken nor healthy: it opens no alert of a broken sign-in, and ends none.
 */
export function standingOf({ slots, held, thresholds, flaky, foretold }: StandingQuestion): Standing {
  const judged = slots.filter(({ state }) => withVerdict.includes(state));
  const latest = judged[0];
  if (!latest) return { kind: held ? 'same' : 'good' };
  const recent = judged.slice(0, thresholds.of);
  const among = (...states: readonly Slot['state'][]): number => recent.filter(({ state }) => states.includes(state)).length;
  const over = (...states: readonly Slot['state'][]): boolean =>
    judged.length >= thresholds.recovered && judged.slice(0, thresholds.recovered).every(({ state }) => !states.includes(state));

  if (held?.verdict === 'broken' && !over('broken', 'flaky')) return changedCause(judged, 'broken', held.cause, thresholds.after) ?? { kind: 'same' };
  if (held?.verdict !== 'broken' && latest.state === 'broken') return bad(judged, 'broken', among('broken') >= thresholds.after);
  if (held?.verdict === 'at-risk' && !over('at-risk', 'broken')) return changedCause(judged, 'at-risk', held.cause, thresholds.after) ?? { kind: 'same' };
  if (held?.verdict !== 'at-risk' && latest.state === 'at-risk' && !foretold) return bad(judged, 'at-risk', among('at-risk', 'broken') >= thresholds.after);
  const flakies = judged.slice(0, flaky.of).filter(({ state }) => state === 'flaky');
  if (flakies.length < flaky.after) return { kind: 'good' };
  if (held?.verdict === 'flaky') return { kind: 'same' };
  // Several causes may be behind it; the message has the latest.
  return { ...bad(flakies, 'flaky', true), cause: null, causeTitle: null, kb: null };
}

/** Another cause counts once as many slots in a row agree on it as open an alert: a cause that changes with every run tells nobody anything. */
function changedCause(judged: readonly Slot[], verdict: Trouble, before: string | null, after: number): Standing | null {
  const latest = judged.slice(0, after);
  const [first] = latest;
  if (!first || latest.length < after || first.cause === before) return null;
  return latest.every(({ state, cause }) => state === verdict && cause === first.cause) ? bad(judged, verdict, true) : null;
}

function bad(judged: readonly Slot[], verdict: Trouble, confirmed: boolean): Extract<Standing, { kind: 'bad' }> {
  const end = judged.findIndex(({ state }) => state !== verdict);
  const run = end < 0 ? judged : judged.slice(0, end);
  const latest = run[0] ?? judged[0];
  if (!latest) throw new Error('a standing needs a slot');
  return {
    kind: 'bad',
    verdict,
    cause: latest.cause,
    causeTitle: latest.causeTitle,
    kb: latest.kb,
    confirmed,
    since: run.at(-1)?.slotAt ?? latest.slotAt,
    runId: latest.runId,
  };
}
