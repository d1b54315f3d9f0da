import type { ForecastReport } from '../contracts/forecast';
import { renderForecastCalendar } from '../reports/forecast-calendar';
import { renderForecastNagios, renderForecastPrometheus } from '../reports/forecast-monitoring';
import { renderForecastText } from '../reports/forecast-text';
import { exitCodeFor } from '../runs/exit-code';
import { forecastTargets } from '../runs/forecast-targets';
import { type CommonOptions, targetsFor } from './common';

/** `signin-probe forecast`: the date on which sign-in will break, and the end of each certificate; no sign-in, no browser, no credential. */
export async function command(names: string[], options: CommonOptions): Promise<number> {
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
      return renderForecastText(report, { color: process.stdout.isTTY === true });
  }
}
