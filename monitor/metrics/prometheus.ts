import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
import { type Measurement, measurementsOf } from './measurements';
import type { Snapshot } from './snapshot';
import { durationBuckets, type EndedAttempt, stagesOf } from './stage-durations';

/** The text Prometheus reads: figures from the store at each scrape, histograms of what ended since this process began, and the process itself. */
export class PrometheusText {
  private readonly own = new Registry();
  private readonly durations = new Histogram({
    name: 'signin_probe_stage_duration_seconds',
    help: 'How long the parts of a sign-in took; stage `total` is the whole. Each attempt is counted by one server of a fleet.',
    labelNames: ['target', 'route', 'location', 'stage'],
    buckets: [...durationBuckets],
    registers: [this.own],
  });
  private readonly attempts = new Counter({
    name: 'signin_probe_attempts_total',
    help: 'Sign-ins that ended, confirming ones included.',
    labelNames: ['target', 'route', 'location', 'verdict', 'reason'],
    registers: [this.own],
  });
  readonly contentType = this.own.contentType;

  constructor(version: string) {
    collectDefaultMetrics({ register: this.own });
    new Gauge({ name: 'signin_probe_build_info', help: 'The version as a label; the value is always 1.', labelNames: ['version'], registers: [this.own] }).set(
      { version },
      1,
    );
  }

  observe(ended: readonly EndedAttempt[]): void {
    for (const { series, attempt } of ended) {
      const { target, route, location } = series;
      this.attempts.inc({ target, route, location, verdict: attempt.verdict ?? 'unknown', reason: attempt.reason });
      if (attempt.timings) for (const [stage, ms] of stagesOf(attempt.timings)) this.durations.observe({ target, route, location, stage }, ms / 1000);
    }
  }

  async render(snapshot: Snapshot): Promise<string> {
    const now = new Registry();
    for (const measurement of measurementsOf(snapshot)) register(measurement, now);
    return `${await now.metrics()}\n${await this.own.metrics()}`;
  }
}

function register({ name, help, type, labels, samples }: Measurement, registry: Registry): void {
  if (samples.length === 0) return;
  const settings = { name, help, labelNames: [...labels], registers: [registry] };
  if (type === 'gauge') {
    const gauge = new Gauge(settings);
    for (const sample of samples) gauge.set(sample.labels, sample.value);
  } else {
    const counter = new Counter(settings);
    for (const sample of samples) counter.inc(sample.labels, sample.value);
  }
}
