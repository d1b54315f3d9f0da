/**
 * A file for the textfile collector of Prometheus' node exporter. Labels have bounded values: targets and routes of the configuration, causes this tool knows.
 */
import { causeIds } from '../contracts/causes';
import type { Report, Result } from '../contracts/report';
import { verdictSchema } from '../contracts/words';
import { isUnexplained } from './findings';
import { type Labels, type Metric, renderMetric, secondsOf } from './prometheus-lines';

/** More certificates than any farm has; a hostile metadata document must not flood the database. */
const mostCertificates = 20;

const causeOf = (result: Result): string => {
  const first = result.causes[0];
  if (!first) return isUnexplained(result) ? 'unexplained' : 'none';
  return causeIds.find((id) => id === first.id) ?? 'other';
};

interface RouteMetric extends Pick<Metric, 'name' | 'help'> {
  /** The samples of one route; those without a value are left out. */
  of(result: Result, labels: Labels): readonly { labels: Labels; value: number | null }[];
}

const routeMetrics: readonly RouteMetric[] = [
  {
    name: 'signin_probe_verdict',
    help: 'The verdict of the last run: 1 for the verdict that holds, 0 for the others.',
    of: (result, labels) => verdictSchema.options.map((verdict) => ({ labels: { ...labels, verdict }, value: result.verdict === verdict ? 1 : 0 })),
  },
  {
    name: 'signin_probe_signed_in',
    help: 'Whether the sign-in went through: 1 yes, 0 no; absent when it could not be told.',
    of: (result, labels) => [{ labels, value: result.signedIn === 'unknown' ? null : result.signedIn === 'yes' ? 1 : 0 }],
  },
  {
    name: 'signin_probe_duration_seconds',
    help: 'How long the sign-in, or the failed try, took.',
    of: ({ timings }, labels) => [{ labels, value: timings.totalMs / 1000 }],
  },
  {
    name: 'signin_probe_stage_duration_seconds',
    help: 'How long a part of the sign-in took.',
    of: ({ timings }, labels) =>
      (
        [
          ['dns', timings.dnsMs],
          ['tls', timings.tlsMs],
          ['sts', timings.stsMs],
          ['token-post', timings.tokenPostMs],
          ['crm-page', timings.crmPageMs],
        ] as const
      ).map(([stage, ms]) => ({
        labels: { ...labels, stage },
        value: ms === null ? null : ms / 1000,
      })),
  },
  {
    name: 'signin_probe_cause',
    help: 'The root cause of the last run as a label; the value is always 1.',
    of: (result, labels) => [{ labels: { ...labels, cause: causeOf(result), certainty: result.causes[0]?.certainty ?? 'none' }, value: 1 }],
  },
  {
    name: 'signin_probe_breaks_timestamp_seconds',
    help: 'When sign-in is expected to break next; absent without a forecast.',
    of: ({ forecast }, labels) => [{ labels, value: secondsOf(forecast.breaksAt) }],
  },
  {
    name: 'signin_probe_certificate_not_after_timestamp_seconds',
    help: 'The end of validity of a certificate that takes part in the sign-in.',
    of: ({ certificates }, labels) =>
      certificates.slice(0, mostCertificates).map(({ role, host, sha1, primary, notAfter }) => ({
        labels: { ...labels, role, host, sha1, primary: primary === null ? '' : String(primary) },
        value: secondsOf(notAfter),
      })),
  },
  {
    name: 'signin_probe_clock_offset_seconds',
    help: 'A server clock minus the clock of the probe.',
    of: ({ clocks }, labels) => clocks.map(({ host, role, source, offsetMs }) => ({ labels: { ...labels, host, role, source }, value: offsetMs / 1000 })),
  },
];

/** Text exposition format 0.0.4. */
export const renderPrometheus = (report: Report): string => {
  const metrics: readonly Metric[] = [
    ...routeMetrics.map(({ name, help, of }) => ({
      name,
      help,
      samples: report.results
        .flatMap((result) => of(result, { target: result.target, route: result.route }))
        .flatMap(({ labels, value }) => (value === null ? [] : [{ labels, value }])),
    })),
    {
      name: 'signin_probe_last_run_timestamp_seconds',
      help: 'When the last run ended.',
      samples: [{ labels: {}, value: secondsOf(report.run.finishedAt) ?? 0 }],
    },
  ];
  return `${metrics.flatMap(renderMetric).join('\n')}\n`;
};
