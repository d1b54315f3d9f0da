/** A comparison for a person at a terminal: the verdict, the routes, then each difference with before, after and meaning. */
import type { Comparison, Difference } from '../contracts/comparison';
import { paintWith, withoutEscapes, wrap } from './terminal';
import {
  comparisonLabels,
  comparisonSymbols,
  comparisonTones,
  judgementHeadings,
  judgements,
  judgementTones,
  nothing,
  placeOf,
  routeNameOf,
  sideName,
} from './words/comparison';
import { verdictLabels, verdictSymbols } from './words/labels';
import { minuteText } from './words/time';

export interface ComparisonTextOptions {
  readonly color: boolean;
  /** Folder of the written formats. */
  readonly folder?: string | null;
  readonly columns?: number;
}

/** Text for a terminal; with `color` the only escape sequences in it are this function's own. */
export const renderComparisonText = (comparison: Comparison, { color, folder, columns = 100 }: ComparisonTextOptions): string => {
  const paint = paintWith(color);
  const { verdict, before, after, routes, differences, notHappened, timings } = comparison;
  const clean = withoutEscapes;

  const routeLines = routes.map((route) => {
    const health = (side: typeof route.before): string =>
      side ? `${verdictSymbols[side.verdict]} ${verdictLabels[side.verdict].toLowerCase()}` : '– not tried';
    return (
      `  ${clean(routeNameOf(route)).padEnd(Math.max(...routes.map((each) => clean(routeNameOf(each)).length)))}  ` +
      `${health(route.before).padEnd(11)} → ${health(route.after)}`
    );
  });

  const one = (difference: Difference): string[] => [
    wrap('  - ', clean(`${difference.where} (${placeOf(difference, comparison)}; ${difference.kind})`), columns),
    wrap('      before  ', clean(difference.before ?? nothing), columns),
    wrap('      after   ', clean(difference.after ?? nothing), columns),
    wrap('      ', clean(difference.meaning), columns),
  ];
  const groups = judgements.flatMap((judged) => {
    const some = differences.filter((difference) => difference.judged === judged);
    if (some.length === 0) return [];
    const heading = `${judgementHeadings[judged]} (${some.length})`;
    // What only follows from a sign-in that ended early is in the report; here it would bury the cause.
    if (judged === 'follows') return ['', wrap('', `${heading}: in the report.`, columns)];
    return ['', paint(judgementTones[judged], heading), ...some.flatMap(one)];
  });

  const causes = routes.flatMap((route) => route.causes.slice(0, 1).map((cause) => ({ route, cause })));
  const remedies = [...new Map(causes.map(({ cause }) => [cause.id, cause])).values()].flatMap(({ title, remedy }) => [
    '',
    paint('bold', wrap('What to do: ', clean(title), columns)),
    ...remedy.flatMap(({ text, command }, index) => [
      wrap(`  ${index + 1}. `, clean(text), columns),
      ...(command === undefined ? [] : command.split('\n').map((line) => `       ${clean(line)}`)),
    ]),
  ]);

  const times = timings
    .filter(({ what }) => what === 'total')
    .map(({ target, route, text }) => wrap('  - ', clean(`${routeNameOf({ target, route })}: ${text}`), columns));
  return `${[
    paint(comparisonTones[verdict], wrap(`${comparisonSymbols[verdict]} ${comparisonLabels[verdict]}: `, clean(comparison.summary), columns)),
    '',
    `  Before  ${clean(sideName(before))}, ${minuteText(before.at)}`,
    `  After   ${clean(sideName(after))}, ${minuteText(after.at)}`,
    ...routeLines,
    ...groups,
    ...remedies,
    ...(notHappened.length > 0
      ? ['', paint('at-risk', 'Announced, but not seen'), ...notHappened.map(({ kind, text }) => wrap('  - ', clean(`${kind}: ${text}`), columns))]
      : []),
    ...(times.length > 0 ? ['', paint('bold', 'Time'), ...times] : []),
    ...(folder ? ['', `Comparison: ${clean(folder)}`] : []),
  ].join('\n')}\n`;
};
