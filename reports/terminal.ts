/** What `run` prints at its end: a line per route, then for what is not healthy the cause, the proof and the next steps. */
import type { NextQuestion, Report, Result } from '../contracts/report';
import type { Verdict } from '../contracts/words';
import { type FindingGroup, findingGroupsOf, lastExchangeOf, mergeClaims, mergeSteps, strongestCertainty, targetsOf } from './findings';
import { oneLine } from './safe-text';
import { questionsOf } from './words/next-question';
import { endingLines } from './words/expiries';
import { earliestBreak, headlineOf, routesPhrase } from './words/headline';
import { inBrackets, zoneWords } from './words/event-zone';
import { answerText, requestText } from './words/hop';
import { certaintyLabels, routeLabels, routePhrases, verdictLabels, verdictSymbols } from './words/labels';
import { dayText, durationText, secondText, whenText } from './words/time';

export interface TerminalOptions {
  readonly color: boolean;
  /** Where the HTML report is, shown in the last line. */
  readonly reportPath?: string | null | undefined;
  /** Width to wrap at, in characters; default 100. */
  readonly columns?: number;
}

/** ANSI sequences (colours, cursor, window titles) first, then whatever control characters are left: a server's text must not drive the terminal. */
export const withoutEscapes = (value: string): string =>
  oneLine(
    value.replace(
      /(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]|(?:\u001B[\]PX^_]|[\u009D\u0090])[^\u0007\u001B\u009C]*(?:\u0007|\u001B\\|\u009C)?|\u001B[ -/]*[0-~]/g,
      '',
    ),
  );

const codes: Readonly<Record<Verdict | 'bold' | 'quiet', string>> = {
  healthy: '32;1',
  'at-risk': '33;1',
  broken: '31;1',
  unknown: '35;1',
  bold: '1',
  quiet: '2',
};

/** Colours text, or leaves it as it is. */
export const paintWith =
  (color: boolean) =>
  (style: keyof typeof codes, text: string): string =>
    color ? `\u001B[${codes[style]}m${text}\u001B[0m` : text;

/** Wraps at blanks; the first line begins with `head`, the others with as many blanks. Colour codes must not be in `text`. */
export const wrap = (head: string, text: string, columns: number): string => {
  const indent = ' '.repeat([...head].length);
  const lines: string[] = [];
  let current = head;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && current.length + 1 + word.length > columns) {
      lines.push(current);
      current = indent + word;
    } else current += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, current].join('\n');
};

const summaryOf = (result: Result): string => {
  if (result.verdict === 'healthy') {
    const breaksAt = earliestBreak([result]);
    return (
      `signed in${result.signedInAs ? ` as ${result.signedInAs}` : ''} in ${durationText(result.timings.totalMs)}` +
      (breaksAt ? `; next foreseeable break ${dayText(breaksAt)}` : '')
    );
  }
  return result.summary.replace(/^(at risk|at-risk|broken|unknown):\s*/i, '');
};

/** What every part is written with. */
interface Sheet {
  readonly paint: ReturnType<typeof paintWith>;
  readonly columns: number;
  readonly now: string;
}

const whyAndRemedy = (group: FindingGroup, { paint, columns }: Pick<Sheet, 'paint' | 'columns'>): string[] => {
  const remedy = mergeSteps(group.members, (one) => one.remedy);
  return [
    paint('bold', '  Why we say so'),
    ...mergeClaims(group.members, (one) => one.because).map(({ text, sources }) =>
      wrap(
        '  - ',
        `${group.members.length > 1 && sources.length === 1 && sources[0] ? `${routePhrases[sources[0].result.route]}: ` : ''}${withoutEscapes(text)}`,
        columns,
      ),
    ),
    ...remedy.flatMap(({ results: where, steps }) => [
      paint('bold', `  What to do now${remedy.length > 1 ? ` (${where.map(({ route }) => routePhrases[route]).join(', ')})` : ''}`),
      // Commands are not wrapped, so that they can be copied.
      ...steps.flatMap(({ text, command }, index) => [
        wrap(`  ${index + 1}. `, withoutEscapes(text), columns),
        ...(command === undefined ? [] : command.split('\n').map((line) => `       ${withoutEscapes(line)}`)),
      ]),
    ]),
  ];
};

const finding = (group: FindingGroup, results: readonly Result[], { paint, columns }: Sheet): string[] => {
  const [{ finding: first, result }] = group.members;
  const certainty = certaintyLabels[strongestCertainty(group)].toLowerCase();
  const facts = [
    routesPhrase(
      group.members.map((member) => member.result),
      results,
    ),
    certainty,
    first.kb === null ? null : `KB ${withoutEscapes(first.kb)}`,
    withoutEscapes(first.id),
  ];
  const heading = wrap(`${group.root ? (result.verdict === 'at-risk' ? 'Risk' : 'Cause') : 'Also'}: `, withoutEscapes(first.title), columns);
  return [
    '',
    paint(group.root ? result.verdict : 'bold', heading),
    `  (${facts.filter((fact) => fact !== null).join(', ')})`,
    ...(group.root ? whyAndRemedy(group, { paint, columns }) : []),
  ];
};

const withoutCause = (result: Result, { paint, columns }: Sheet): string[] => {
  const last = lastExchangeOf(result);
  return [
    '',
    paint(result.verdict, `${result.verdict === 'broken' ? 'Unexplained: none of the known causes fits' : 'Could not tell'} (${routePhrases[result.route]})`),
    wrap('  ', withoutEscapes(result.why), columns),
    ...(last ? [wrap('  ', withoutEscapes(`Last exchange: ${last.seq}. ${requestText(last, '')}, ${answerText(last, result)}`), columns)] : []),
    ...result.captureErrors.map(({ capture, why }) => wrap('  - ', withoutEscapes(`${capture}: ${why}`), columns)),
  ];
};

const serverEvents = (result: Result, { paint, columns }: Sheet): string[] =>
  result.serverEvents.length === 0
    ? []
    : [
        '',
        paint('bold', `In the servers' logs (${routePhrases[result.route]})`),
        ...result.serverEvents.map(({ source, id, at, zone, text }) =>
          wrap('  - ', withoutEscapes(`${source}${id === null ? '' : ` ${id}`}, ${secondText(at)}${inBrackets(zoneWords(zone))}: ${text}`), columns),
        ),
      ];

const nextQuestion = ({ ask, command, settles }: NextQuestion, { paint, columns }: Sheet): string[] => [
  '',
  paint('bold', 'Next question'),
  wrap('  ', withoutEscapes(ask), columns),
  ...(command === null ? [] : command.split('\n').map((line) => `       ${withoutEscapes(line)}`)),
  ...settles.map(({ answer, means }) => wrap('  - ', withoutEscapes(`${answer}: ${means}`), columns)),
];

const forecast = (results: readonly Result[], { paint, columns, now }: Sheet): string[] => {
  const breaksAt = earliestBreak(results.filter(({ verdict }) => verdict === 'at-risk'));
  const lines = [
    ...(breaksAt ? [paint('at-risk', `Sign-in breaks ${whenText(now, breaksAt)}, on ${withoutEscapes(dayText(breaksAt))}.`)] : []),
    ...endingLines(results, now).map((line) => wrap('Ends soon: ', withoutEscapes(`${line}.`), columns)),
  ];
  return lines.length > 0 ? ['', ...lines] : [];
};

/** Text for a terminal; with `color` the only escape sequences in it are this function's own. */
export const renderTerminal = (report: Report, { color, reportPath, columns = 100 }: TerminalOptions): string => {
  const paint = paintWith(color);
  const sheet: Sheet = { paint, columns, now: report.run.finishedAt };
  const nameWidth = Math.max(0, ...report.results.map(({ target, route }) => `${withoutEscapes(target)} ${routeLabels[route]}`.length));

  const routeLine = (result: Result): string => {
    const verdict = `${verdictSymbols[result.verdict]} ${verdictLabels[result.verdict].toUpperCase()}`.padEnd(10);
    const name = `${withoutEscapes(result.target)} ${routeLabels[result.route]}`.padEnd(nameWidth);
    const wrapped = wrap(`${verdict} ${name}  `, withoutEscapes(summaryOf(result)), columns);
    return wrapped.replace(verdict, () => paint(result.verdict, verdict));
  };

  return `${[
    paint('bold', withoutEscapes(headlineOf(report))),
    '',
    ...report.results.map(routeLine),
    ...targetsOf(report).flatMap(({ results }) => [
      ...forecast(results, sheet),
      ...findingGroupsOf(results).flatMap((group) => finding(group, results, sheet)),
      ...results
        .filter(({ causes, verdict }) => causes.length === 0 && (verdict === 'broken' || verdict === 'unknown'))
        .flatMap((result) => withoutCause(result, sheet)),
      ...results.flatMap((result) => serverEvents(result, sheet)),
      ...questionsOf(results).flatMap((question) => nextQuestion(question, sheet)),
    ]),
    ...(reportPath === undefined || reportPath === null ? [] : ['', `Report: ${withoutEscapes(reportPath)}`]),
  ].join('\n')}\n`;
};
