/** The repair for the operator at a terminal: where the rollover stands, the steps of a round, what could be seen of them, the end. */
import type { Repair, RepairProbing, RepairStep, RouteSight } from '../contracts/repair';
import type { Verdict } from '../contracts/words';
import { paintWith, withoutEscapes, wrap } from './terminal';
import { routeLabels, verdictSymbols } from './words/labels';
import { firstUpper, standingKeys, standingLabels, stateHeadlines, stateVerdicts, stepLabels, stepMarks, stepsOf, summaryWords } from './words/repair';
import { dayText, whenText } from './words/time';

export interface RepairTextOptions {
  readonly color: boolean;
  readonly columns?: number;
}

const answers = { yes: 'yes', no: 'no', unknown: '?' } as const;

/** Per route: does sign-in work, and how far is the rollover; what is alike for all routes is said once. */
export const renderStanding = ({ routes, at }: RepairProbing, { color, columns = 100 }: RepairTextOptions): string => {
  const paint = paintWith(color);
  const rollover = (route: RouteSight): string[] =>
    standingKeys.map((key) => wrap(`    ${standingLabels[key].padEnd(22)}${answers[route[key].is].padEnd(5)}`, withoutEscapes(route[key].why), columns));
  const alike = new Set(routes.map((route) => rollover(route).join())).size <= 1;
  const lines = routes.flatMap((route) => {
    const works = route.signedIn === 'yes';
    const tone: Verdict = works ? (route.verdict === 'at-risk' ? 'at-risk' : 'healthy') : route.signedIn === 'no' ? 'broken' : 'unknown';
    const head = `${verdictSymbols[tone]} ${routeLabels[route.route]}`;
    const text = works ? `sign-in works${route.signedInAs ? `, as ${withoutEscapes(route.signedInAs)}` : ''}` : withoutEscapes(summaryWords(route));
    return [
      wrap(`${head.padEnd(18)} `, text, columns).replace(head, () => paint(tone, head)),
      ...(route.breaksAt && works ? [`    Next break foreseen   ${dayText(route.breaksAt)}, ${whenText(at, route.breaksAt)}`] : []),
      ...(alike ? [] : rollover(route)),
    ];
  });
  return `${[...lines, ...(alike && routes[0] ? ['  The rollover', ...rollover(routes[0])] : [])].join('\n')}\n`;
};

/** The first clause of a step, for who has read all of it a moment ago. */
const briefly = (text: string): string => text.replace(/(?: \(|[.;:] ).*$/s, '').replace(/\.$/, '');

const stepLines = (step: RepairStep, columns: number, withCommand: boolean): string[] => [
  wrap(
    `  [${stepMarks[step.state]}] ${String(step.n).padStart(2)}. `,
    withoutEscapes(`${firstUpper(step.where)}: ${withCommand ? step.text : briefly(step.text)}`),
    columns,
  ),
  // Commands are not wrapped, so that they can be copied.
  ...(withCommand && step.command !== null ? step.command.split('\n').map((line) => `            ${withoutEscapes(line)}`) : []),
  ...(withCommand ? step.values.map(({ name, value }) => wrap('          ', withoutEscapes(`${name}: ${value}`), columns)) : []),
  ...(step.seen === null ? [] : [wrap('          → ', `${stepLabels[step.state]}. ${withoutEscapes(step.seen)}`, columns)]),
];

/** A round with its commands. */
export const renderRound = (repair: Repair, round: number, { color, columns = 100 }: RepairTextOptions): string => {
  const title = withoutEscapes(repair.rounds.find(({ n }) => n === round)?.title ?? '');
  return `${[
    paintWith(color)('bold', `Round ${round} of ${repair.rounds.length}. ${title}`),
    ...stepsOf(repair, round).flatMap((step) => stepLines(step, columns, step.state === 'open' || step.state === 'contradicted')),
  ].join('\n')}\n`;
};

/** What could be seen of a round's steps. */
export const renderTicks = (repair: Repair, round: number, { columns = 100 }: RepairTextOptions): string =>
  `${[`What can be seen of round ${round}`, ...stepsOf(repair, round).flatMap((step) => stepLines(step, columns, false))].join('\n')}\n`;

/** The state in one paragraph, for the end and for in between. */
export const renderOutcome = (repair: Repair, { color, columns = 100 }: RepairTextOptions): string =>
  `${paintWith(color)(stateVerdicts[repair.state], stateHeadlines[repair.state](withoutEscapes(repair.target)))}\n` +
  `${wrap('', withoutEscapes(repair.why), columns)}\n`;
