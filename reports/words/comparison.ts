/** The words of a comparison, once for all renderers. */
import type { Comparison, ComparisonVerdict, Difference, DifferenceJudgement, Side } from '../../contracts/comparison';
import { routeLabels, routePhrases } from './labels';

export const comparisonLabels: Readonly<Record<ComparisonVerdict, string>> = { same: 'Same', 'intended-change': 'Intended change', regression: 'Regression' };
export const comparisonSymbols: Readonly<Record<ComparisonVerdict, string>> = { same: '=', 'intended-change': '✓', regression: '✕' };
/** The tone a verdict is shown in, as for a report's verdict. */
export const comparisonTones = { same: 'healthy', 'intended-change': 'healthy', regression: 'broken' } as const satisfies Record<ComparisonVerdict, string>;

export const decisionWords: Readonly<Record<Comparison['decision'], string>> = { go: 'GO', 'roll-back': 'ROLL BACK' };

export const judgementHeadings: Readonly<Record<DifferenceJudgement, string>> = {
  unannounced: 'Changed without being announced',
  announced: 'Changed as announced',
  better: 'Better than before',
  noted: 'Worth knowing',
  follows: 'Seen because the sign-in ended elsewhere',
};
export const judgementTones = {
  unannounced: 'broken',
  announced: 'healthy',
  better: 'healthy',
  noted: 'unknown',
  follows: 'unknown',
} as const satisfies Record<DifferenceJudgement, string>;
export const judgements: readonly DifferenceJudgement[] = ['unannounced', 'announced', 'better', 'noted', 'follows'];

/** `contoso, both routes` */
export const placeOf = ({ target, routes }: Pick<Difference, 'target' | 'routes'>, { routes: all }: Pick<Comparison, 'routes'>): string => {
  const count = all.filter((route) => route.target === target).length;
  return `${target}, ${count > 1 && routes.length === count ? 'both routes' : routes.map((route) => routePhrases[route]).join(' and ')}`;
};

export const routeNameOf = ({ target, route }: { readonly target: string; readonly route: keyof typeof routeLabels }): string =>
  `${target}, ${routeLabels[route]}`;

/** `baseline before-patch-day`, `run 20261123T…` */
export const sideName = ({ kind, name }: Side): string => `${kind} ${name}`;

export const nothing = '(not there)';

const words = (text: string): string[] => text.split(/(?<=[\s,;/])/);

/** A value in three parts: what both sides begin with, what differs, what both end with; by whole words. */
export const changedPart = (value: string | null, other: string | null): readonly [string, string, string] => {
  if (value === null || other === null) return ['', value ?? nothing, ''];
  const [mine, others] = [words(value), words(other)];
  let start = 0;
  while (start < mine.length && start < others.length && mine[start] === others[start]) start++;
  let end = 0;
  while (end < mine.length - start && end < others.length - start && mine[mine.length - 1 - end] === others[others.length - 1 - end]) end++;
  return [mine.slice(0, start).join(''), mine.slice(start, mine.length - end).join(''), mine.slice(mine.length - end).join('')];
};
