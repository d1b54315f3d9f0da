import { slotVerdictSchema } from '../../contracts/monitoring';
import { oneLine, shorten } from '../../reports/safe-text';
import { coverageOf } from '../store/coverage';
import { boundedCause } from './bounded-cause';
import type { Snapshot } from './snapshot';

export interface Measurement {
  readonly name: string;
  readonly help: string;
  /** A `counter` only grows while a process runs. */
  readonly type: 'gauge' | 'counter';
  readonly labels: readonly string[];
  readonly samples: readonly { readonly labels: Readonly<Record<string, string>>; readonly value: number }[];
}

/** More certificates than any number of farms has; a hostile metadata document must not flood the database. */
const mostCertificates = 500;

const text = (value: string): string => shorten(oneLine(value), 120);
const seconds = (instant: string): number => Date.parse(instant) / 1000;

/** Per machine: a name ends with the process's number, which is another one after each restart. */
function lastSeen(runners: Snapshot['runners']): Measurement['samples'] {
  const latest = new Map<string, Measurement['samples'][number]>();
  for (const { location, kind, name, lastSeenAt } of runners) {
    const labels = { location, kind, runner: text(name.replace(/:\d+$/, '')) };
    const key = JSON.stringify(labels);
    latest.set(key, { labels, value: Math.max(seconds(lastSeenAt), latest.get(key)?.value ?? 0) });
  }
  return [...latest.values()];
}

/** A snapshot as named figures; all label values are bounded by the configuration and by what this tool knows. */
export function measurementsOf({ now, overview, certificates, queues, runners, alerts, slots, browserBytes }: Snapshot): Measurement[] {
  const series = ['target', 'route', 'location'] as const;
  const perSeries = (
    name: string,
    help: string,
    sample: (each: Snapshot['overview'][number]) => number | null | readonly { readonly more: Record<string, string>; readonly value: number }[],
    more: readonly string[] = [],
  ): Measurement => ({
    name,
    help,
    type: 'gauge',
    labels: [...series, ...more],
    samples: overview.flatMap((each) => {
      const { target, route, location } = each;
      const found = sample(each);
      if (found === null) return [];
      return (typeof found === 'number' ? [{ more: {}, value: found }] : found).map((one) => ({
        labels: { target, route, location, ...one.more },
        value: one.value,
      }));
    }),
  });
  const instant = (at: string | null | undefined): number | null => (at === null || at === undefined ? null : seconds(at));
  const gauge = (name: string, help: string, labels: readonly string[], samples: Measurement['samples']): Measurement => ({
    name,
    help,
    type: 'gauge',
    labels,
    samples,
  });

  return [
    perSeries(
      'signin_probe_verdict',
      'The latest verdict: 1 for the one that holds, 0 for the others.',
      ({ verdict }) => slotVerdictSchema.options.map((each) => ({ more: { verdict: each }, value: each === verdict ? 1 : 0 })),
      ['verdict'],
    ),
    perSeries(
      'signin_probe_cause',
      'The cause of the latest verdict as a label; the value is always 1.',
      ({ verdict, cause }) => [{ more: { cause: boundedCause(verdict, cause) }, value: 1 }],
      ['cause'],
    ),
    perSeries('signin_probe_verdict_since_timestamp_seconds', 'Since when verdict and cause are what they are.', ({ since }) => instant(since)),
    perSeries('signin_probe_last_slot_timestamp_seconds', 'The slot that gave the latest verdict.', ({ lastSlotAt }) => instant(lastSlotAt)),
    perSeries('signin_probe_last_duration_seconds', 'How long the latest sign-in, or the failed try, took.', ({ lastTotalMs }) =>
      lastTotalMs === null ? null : lastTotalMs / 1000,
    ),
    perSeries('signin_probe_coverage_ratio', 'Slots with a verdict among the slots of the last 24 hours.', ({ last24h }) => coverageOf(last24h)),
    perSeries(
      'signin_probe_slots_24h',
      'Slots of the last 24 hours by how they ended.',
      ({ last24h: { planned, healthy, atRisk, broken, flaky, unknown, missed, maintenance } }) =>
        Object.entries({ planned, healthy, 'at-risk': atRisk, broken, flaky, unknown, missed, maintenance }).map(([state, value]) => ({
          more: { state },
          value,
        })),
      ['state'],
    ),
    perSeries('signin_probe_breaks_timestamp_seconds', 'When sign-in is expected to break next; absent without a date.', ({ forecast }) =>
      instant(forecast?.breaksAt),
    ),
    perSeries('signin_probe_seconds_to_break', 'Seconds until sign-in is expected to break; below zero when it is overdue.', ({ forecast }) =>
      forecast?.breaksAt ? seconds(forecast.breaksAt) - now.getTime() / 1000 : null,
    ),
    {
      name: 'signin_probe_slots_total',
      help: 'Slots that ended, by how; `reason` says why one was missed. Counted since midnight UTC of the day this process began.',
      type: 'counter',
      labels: [...series, 'state', 'reason'],
      samples: slots.map(({ series: { target, route, location }, state, missedBecause, count }) => ({
        labels: { target, route, location, state, reason: missedBecause ?? '' },
        value: count,
      })),
    },
    gauge(
      'signin_probe_queue_waiting',
      'Slots that are due and not begun.',
      ['location'],
      queues.map(({ location, waiting }) => ({ labels: { location }, value: waiting })),
    ),
    gauge(
      'signin_probe_queue_running',
      'Slots that are being worked on.',
      ['location'],
      queues.map(({ location, running }) => ({ labels: { location }, value: running })),
    ),
    gauge(
      'signin_probe_queue_age_seconds',
      'How long the oldest slot that waits has been due.',
      ['location'],
      queues.map(({ location, queueAgeMs }) => ({ labels: { location }, value: queueAgeMs / 1000 })),
    ),
    gauge(
      'signin_probe_runner_last_seen_timestamp_seconds',
      'When a machine that runs jobs was last heard of.',
      ['location', 'kind', 'runner'],
      lastSeen(runners),
    ),
    gauge(
      'signin_probe_alerts_open',
      'Alerts that are open.',
      ['kind', 'severity'],
      (['verdict', 'forecast', 'coverage', 'account'] as const).flatMap((kind) =>
        (['info', 'warning', 'critical'] as const).map((severity) => ({
          labels: { kind, severity },
          value: alerts.filter((alert) => alert.kind === kind && alert.severity === severity).length,
        })),
      ),
    ),
    gauge(
      'signin_probe_certificate_not_after_timestamp_seconds',
      'The end of validity of a certificate that takes part in the sign-in.',
      ['sts', 'role', 'host', 'sha1', 'primary'],
      certificates.slice(0, mostCertificates).map(({ sts, role, host, sha1, primary, notAfter }) => ({
        labels: { sts: text(sts), role, host: text(host), sha1: text(sha1), primary: primary === null ? '' : String(primary) },
        value: seconds(notAfter),
      })),
    ),
    gauge(
      'signin_probe_browser_memory_bytes',
      'Memory of the browsers of this process; Linux only.',
      [],
      browserBytes === null ? [] : [{ labels: {}, value: browserBytes }],
    ),
  ];
}
