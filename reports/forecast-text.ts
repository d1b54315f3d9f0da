/** The forecast for a person at a terminal: dates first, then what to do by when. */
import type { ForecastReport, TargetForecast } from '../contracts/forecast';
import { verdictLabels, verdictSymbols } from './words/labels';
import { paintWith, withoutEscapes, wrap } from './terminal';
import { expiryGroups, expiryLabels } from './words/expiries';
import { dayText, minuteText, whenText } from './words/time';

export interface ForecastTextOptions {
  readonly color: boolean;
  readonly columns?: number;
}

/** Instead of a date. */
const withoutDate: Readonly<Record<TargetForecast['forecast']['state'], string>> = {
  promoted: 'perhaps already: the new certificate is in use',
  unknown: 'not known',
  steady: 'not foreseeable',
  'window-open': 'not foreseeable',
  urgent: 'at any moment',
};

/** Text for a terminal; with `color` the only escape sequences in it are this function's own. */
export const renderForecastText = (report: ForecastReport, { color, columns = 100 }: ForecastTextOptions): string => {
  const { at } = report;
  const paint = paintWith(color);

  const signing = ({ forecast, verdict }: TargetForecast): string[] => {
    const { breaksAt, toleranceHours, state, why } = forecast;
    const when = breaksAt === null ? withoutDate[state] : `${minuteText(breaksAt)}, ${whenText(at, breaksAt)} (or up to ${toleranceHours} h later)`;
    return [
      `  Sign-in breaks  ${paint(verdict === 'healthy' ? 'bold' : verdict, when)}`,
      `  Rollover        ${state}`,
      wrap('                  ', withoutEscapes(why), columns),
    ];
  };

  const ends = ({ expiries, warnDays }: TargetForecast): string[] =>
    expiryGroups(expiries).map(({ first, hosts }) => {
      const near = first.daysLeft < warnDays;
      const when = `${dayText(first.notAfter).padEnd(11)} ${whenText(at, first.notAfter)}`;
      return wrap(`  ${near ? '!' : ' '} ${when.padEnd(26)} `, withoutEscapes(`${expiryLabels[first.what]}: ${hosts.join(', ')}`), columns);
    });

  const todo = ({ todo: steps }: TargetForecast): string[] => {
    const dates = [...new Set(steps.map(({ by }) => by))];
    return dates.flatMap((by) => [
      '',
      paint('bold', by === null ? '  To do now' : `  To do by ${minuteText(by)}`),
      ...steps
        .filter((step) => step.by === by)
        .flatMap(({ text, command }, index) => [
          wrap(`  ${String(index + 1).padStart(2)}. `, withoutEscapes(text), columns),
          ...(command === undefined ? [] : command.split('\n').map((line) => `        ${withoutEscapes(line)}`)),
        ]),
    ]);
  };

  const one = (result: TargetForecast): string[] => [
    paint(
      result.verdict,
      `${verdictSymbols[result.verdict]} ${withoutEscapes(result.target)}: ` +
        (result.verdict === 'healthy' ? 'steady' : verdictLabels[result.verdict].toLowerCase()),
    ),
    ...signing(result),
    ...(result.expiries.length > 0 ? ['', paint('bold', '  Other certificates'), ...ends(result)] : []),
    ...todo(result),
    ...(result.unseen.length > 0
      ? ['', paint('bold', '  Not seen'), ...result.unseen.map(({ what, why }) => wrap(`  - ${withoutEscapes(what)}: `, withoutEscapes(why), columns))]
      : []),
  ];
  return `${report.results.map((result) => one(result).join('\n')).join('\n\n')}\n`;
};
