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
  const lately = judged.slice(0, flaky.of);
  const over = (...states: readonly Slot['state'][]): boolean =>
    judged.length >= thresholds.recovered &&
    judged.slice(0, thresholds.recovered).every(({ state }) => !states.includes(state)) &&
    // What came and went as often as makes a flaky sign-in is over once it is calm.
    spells(lately, ({ state }) => (states.includes(state) ? 'bad' : null)) < flaky.after;
  const changed = (verdict: Trouble, cause: string | null): Standing => changedCause(judged, verdict, cause, thresholds.after, flaky) ?? { kind: 'same' };

  if (held?.verdict === 'broken' && !over('broken', 'flaky')) return changed('broken', held.cause);
  if (held?.verdict !== 'broken' && latest.state === 'broken') return bad(judged, 'broken', among('broken') >= thresholds.after);
  if (held?.verdict === 'at-risk' && !over('at-risk', 'broken')) return changed('at-risk', held.cause);
  if (held?.verdict !== 'at-risk' && latest.state === 'at-risk' && !foretold) return bad(judged, 'at-risk', among('at-risk', 'broken') >= thresholds.after);
  const flakies = lately.filter(({ state }) => state === 'flaky');
  // Around the threshold it does not come and go: it is over at half of it.
  if (held?.verdict === 'flaky') return { kind: flakies.length * 2 >= flaky.after ? 'same' : 'good' };
  if (flakies.length < flaky.after) return { kind: 'good' };
  // Several causes may be behind it; the message has the latest.
  return { ...bad(flakies, 'flaky', true), cause: null, causeTitle: null, kb: null };
}

/**
 * Another cause counts once as many slots in a row agree on it as open an alert: a cause that changes with every run tells nobody anything. Nor do two that
 * took turns so often lately as makes a flaky sign-in.
 */
function changedCause(judged: readonly Slot[], verdict: Trouble, before: string | null, after: number, flaky: AlertPolicy['flaky']): Standing | null {
  const latest = judged.slice(0, after);
  const [first] = latest;
  if (!first || latest.length < after || first.cause === before) return null;
  if (spells(judged.slice(0, flaky.of), ({ state, cause }) => (state === verdict ? (cause ?? 'unexplained') : null), after) > flaky.after) return null;
  return latest.every(({ state, cause }) => state === verdict && cause === first.cause) ? bad(judged, verdict, true) : null;
}

/** How many stretches of slots alike there are, of at least so many slots each; null = in none. Two of the same kind with shorter ones between are one. */
function spells(slots: readonly Slot[], kindOf: (slot: Slot) => string | null, atLeast = 1): number {
  const runs: { readonly kind: string | null; length: number }[] = [];
  for (const slot of slots) {
    const kind = kindOf(slot);
    const run = runs.at(-1);
    if (run?.kind === kind) run.length++;
    else runs.push({ kind, length: 1 });
  }
  const long = runs.filter(({ length, kind }) => kind === null || length >= atLeast);
  return long.filter(({ kind }, index) => kind !== null && kind !== long[index - 1]?.kind).length;
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
