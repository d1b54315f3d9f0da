import { defineCommand, oneOf } from '../shared/define-command';
import type { ForecastReport } from '../../contracts/forecast';
import { renderForecastCalendar } from '../../reports/forecast-calendar';
import { renderForecastNagios, renderForecastPrometheus } from '../../reports/forecast-monitoring';
import { renderForecastText } from '../../reports/forecast-text';
import { exitCodeFor } from '../../runs/exit-code';
import { forecastTargets } from '../../runs/forecast-targets';
import { type CommonOptions, targetsFor } from '../shared/common';

/** `signin-probe forecast`: the date on which sign-in will break, and the end of each certificate; no sign-in, no browser, no credential. */
export const command = defineCommand({
  name: 'forecast',
  group: 'Judge and forecast',
  place: 3,
  args: '[target...]',
  description: 'the date on which sign-in will break, and the end of each certificate; no sign-in, no credential',
  example: 'signin-probe forecast contoso --format ics > contoso.ics',
  options: (command) =>
    command
      .option('--format <format>', 'print instead of text: ics (calendar), nagios, prometheus or json', oneOf('ics', 'nagios', 'prometheus', 'json'))
      .option('--json', 'the same as --format json')
      .option('--fail-on <verdict>', 'from which verdict on the exit code tells: broken or at-risk', oneOf('broken', 'at-risk'), 'at-risk'),
  run,
});

async function run(names: string[], options: CommonOptions): Promise<number> {
  const { targets } = targetsFor(names, options);
  const report = await forecastTargets(targets);
  process.stdout.write(render(report, options));
  return exitCodeFor(report.verdict, options.failOn ?? 'at-risk');
}

function render(report: ForecastReport, { format, json }: CommonOptions): string {
  if (json || format === 'json') return `${JSON.stringify(report)}\n`;
  switch (format) {
    case 'ics':
      return renderForecastCalendar(report);
    case 'nagios':
      return renderForecastNagios(report);
    case 'prometheus':
      return renderForecastPrometheus(report);
    default:
      return renderForecastText(report, { color: process.stdout.isTTY });
  }
}
