/** What `change start`, `change finish` and `change status` print. */
import type { Baseline } from '../contracts/baseline';
import type { ChangeKind, Comparison } from '../contracts/comparison';
import { keptLines } from './baseline-text';
import { paintWith, withoutEscapes, wrap } from './terminal';
import { routeLabels, verdictSymbols } from './words/labels';
import { minuteText, whenText } from './words/time';

const listed = (kinds: readonly ChangeKind[]): string => (kinds.length > 0 ? kinds.join(', ') : 'nothing: whatever changes is a finding');

/** After `change start`: what was kept, what may change, how it goes on. */
export const renderChangeStarted = (name: string, expect: readonly ChangeKind[], baseline: Baseline, alsoOpen: readonly string[]): string =>
  `${[
    `The change ${withoutEscapes(name)} is open. Kept from before it:`,
    ...baseline.states.map(
      ({ target, route, summary, verdict }) => `  ${verdictSymbols[verdict]} ${withoutEscapes(target)}, ${routeLabels[route]}: ${withoutEscapes(summary)}`,
    ),
    ...keptLines(baseline),
    wrap('Announced: ', listed(expect), 100),
    ...(alsoOpen.length > 0 ? [`Also open: ${alsoOpen.map(withoutEscapes).join(', ')}`] : []),
    `Make the change, then: signin-probe change finish ${withoutEscapes(name)}`,
  ].join('\n')}\n`;

/** The first line of `change finish`. */
export const renderDecision = ({ decision, verdict }: Pick<Comparison, 'decision' | 'verdict'>, color: boolean): string => {
  const paint = paintWith(color);
  if (decision === 'go') return `${paint('healthy', 'GO')}\n\n`;
  return verdict === 'regression'
    ? `${paint('broken', 'ROLL BACK')} (or repair, then finish the change again)\n\n`
    : `${paint('broken', 'NO GO')} (sign-in does not work, and did not before the change: rolling back alone will not help)\n\n`;
};

export interface ShownChange {
  readonly name: string;
  readonly startedAt: string;
  readonly finishedAt: string | null;
  readonly targets: readonly { readonly name: string; readonly routes: readonly (keyof typeof routeLabels)[] }[];
  readonly expect: readonly ChangeKind[];
  readonly checks: readonly { readonly at: string; readonly decision: 'go' | 'roll-back'; readonly summary: string }[];
}

/** `change status`. */
export const renderChanges = (changes: readonly ShownChange[], now: string, folder: string): string =>
  changes.length === 0
    ? `No change is open in ${withoutEscapes(folder)}.\n`
    : `${changes
        .map(({ name, startedAt, finishedAt, targets, expect, checks }) =>
          [
            `${withoutEscapes(name)}: ${
              finishedAt === null ? 'open' : `finished ${minuteText(finishedAt)}`
            }, started ${minuteText(startedAt)} (${whenText(now, startedAt)})`,
            `  ${targets.map((target) => `${withoutEscapes(target.name)}: ${target.routes.map((route) => routeLabels[route]).join(' and ')}`).join('; ')}`,
            wrap('  Announced: ', listed(expect), 100),
            ...checks.map(({ at, decision, summary }) => wrap(`  ${minuteText(at)} ${decision === 'go' ? 'GO' : 'ROLL BACK'}: `, withoutEscapes(summary), 100)),
          ].join('\n'),
        )
        .join('\n')}\n`;
