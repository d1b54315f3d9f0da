/** The forecast for monitoring systems: one plugin line (Nagios and its kin), and a textfile-collector file (Prometheus). */
import type { ForecastReport, TargetForecast } from '../contracts/forecast';
import { forecastSchema } from '../contracts/report';
import { verdictSchema, verdictsFromBestToWorst } from '../contracts/words';
import { type Metric, renderMetric, secondsOf } from './prometheus-lines';
import { oneLine, shorten } from './safe-text';
import { expiryGroups } from './words/expiries';
import { verdictLabels } from './words/labels';
import { dayMs, dayText, instantMs, whenText } from './words/time';

/** More hosts and certificates than any deployment has: a hostile document must not flood the database. */
const mostSeries = 40;

const text = (value: string): string => oneLine(value).replace(/\|/g, '/');
const label = (...parts: readonly string[]): string => parts.join('_').replace(/[^A-Za-z0-9_-]/g, '_');
const daysUntil = (at: string, instant: string): string => (((instantMs(instant) ?? 0) - (instantMs(at) ?? 0)) / dayMs).toFixed(1);

const detail = (result: TargetForecast, at: string): string => {
  const { breaksAt } = result.forecast;
  const said = result.summary.replace(/^(steady|at risk|broken|unknown):\s*/, '');
  return `${result.target}: ${result.verdict === 'healthy' && breaksAt !== null ? `next break ${dayText(breaksAt)}, ${whenText(at, breaksAt)}` : said}`;
};

/** Days left, warning below warnDays, critical below zero (`30:` and `0:` are the plugin guideline's ranges). */
const performance = (result: TargetForecast, at: string): string[] => {
  const range = `;${result.warnDays}:;0:`;
  const { breaksAt } = result.forecast;
  return [
    ...(breaksAt === null ? [] : [`${label(result.target, 'signing')}=${daysUntil(at, breaksAt)}${range}`]),
    ...expiryGroups(result.expiries)
      .filter(({ first }) => first.breaksSignIn)
      .slice(0, mostSeries)
      .map(({ first, hosts }) => `${label(result.target, first.what, hosts[0] ?? '')}=${daysUntil(at, first.notAfter)}${range}`),
  ];
};

/** The plugin line, with its line end. The exit code is the verdict's. */
export const renderForecastNagios = ({ at, verdict, results }: ForecastReport): string => {
  const worst = [...results].sort((a, b) => verdictsFromBestToWorst.indexOf(b.verdict) - verdictsFromBestToWorst.indexOf(a.verdict));
  const values = results.flatMap((result) => performance(result, at));
  const line = `SIGNIN FORECAST ${verdictLabels[verdict].toUpperCase()} - ${shorten(text(worst.map((result) => detail(result, at)).join('; ')), 700)}`;
  return `${line}${values.length > 0 ? ` | ${values.join(' ')}` : ''}\n`;
};

/** Text exposition format 0.0.4. */
export const renderForecastPrometheus = ({ at, results }: ForecastReport): string => {
  const each = (samples: (result: TargetForecast) => readonly { labels: Readonly<Record<string, string>>; value: number | null }[]): Metric['samples'] =>
    results.flatMap((result) =>
      samples(result).flatMap(({ labels, value }) => (value === null ? [] : [{ labels: { target: result.target, ...labels }, value }])),
    );
  const metrics: readonly Metric[] = [
    {
      name: 'signin_probe_forecast_verdict',
      help: 'The verdict of the last forecast: 1 for the verdict that holds, 0 for the others.',
      samples: each(({ verdict }) => verdictSchema.options.map((option) => ({ labels: { verdict: option }, value: Number(option === verdict) }))),
    },
    {
      name: 'signin_probe_forecast_state',
      help: 'Where the rollover of the signing certificate stands: 1 for the state that holds, 0 for the others.',
      samples: each(({ forecast }) => forecastSchema.shape.state.options.map((state) => ({ labels: { state }, value: Number(state === forecast.state) }))),
    },
    {
      name: 'signin_probe_forecast_breaks_timestamp_seconds',
      help: 'When sign-in is expected to break because of the signing certificate; absent without a date.',
      samples: each(({ forecast }) => [{ labels: {}, value: secondsOf(forecast.breaksAt) }]),
    },
    {
      name: 'signin_probe_forecast_tolerance_seconds',
      help: 'How much later than expected the break may come.',
      samples: each(({ forecast }) => [{ labels: {}, value: forecast.breaksAt === null ? null : forecast.toleranceHours * 3600 }]),
    },
    {
      name: 'signin_probe_expiry_timestamp_seconds',
      help: 'The end of a certificate other than the signing one.',
      samples: each(({ expiries }) =>
        expiries.slice(0, mostSeries).map(({ what, host, notAfter }) => ({ labels: { what, host }, value: secondsOf(notAfter) })),
      ),
    },
    {
      name: 'signin_probe_forecast_last_run_timestamp_seconds',
      help: 'When the last forecast was made.',
      samples: [{ labels: {}, value: secondsOf(at) ?? 0 }],
    },
  ];
  return `${metrics.flatMap(renderMetric).join('\n')}\n`;
};
