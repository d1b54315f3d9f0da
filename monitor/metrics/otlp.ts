import { readFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { durationMs, type OtlpConfig } from '../../contracts/alert-config';
import { trustedRoots } from '../../probes/network';
import { toolVersion } from '../../runs/tool-version';
import { measurementsOf } from './measurements';
import type { Snapshot } from './snapshot';
import { durationBuckets, type EndedAttempt, stagesOf } from './stage-durations';
import { recordRun, type RunToTrace } from './trace-run';

export interface OtlpSettings {
  readonly config: OtlpConfig;
  /** Value of the Authorization header. */
  readonly authorization: string | null;
  /** Absolute path of a PEM file. */
  readonly caFile: string | null;
  readonly snapshot: () => Promise<Snapshot>;
  /** Told when a batch could not be sent; it may hold no secret. */
  readonly onProblem: (text: string) => void;
}

export interface Otlp {
  observe(ended: readonly EndedAttempt[]): void;
  /** Null when traces are not sent. */
  readonly trace: ((run: RunToTrace) => void) | null;
  /** Sends what waits, within a few seconds. */
  stop(): Promise<void>;
}

const timeoutMillis = 10_000;

/** Sends traces and metrics to a collector, OTLP over HTTP. The libraries are loaded here, that is only where it is configured. */
export async function startOtlp({ config, authorization, caFile, snapshot, onProblem }: OtlpSettings): Promise<Otlp> {
  if (caFile !== null) readFileSync(caFile); // a wrong path is said at the start
  const base = config.endpoint.replace(/\/+$/, '');
  const shared = {
    timeoutMillis,
    ...(authorization === null ? {} : { headers: { authorization } }),
    ...(base.startsWith('https:') ? { httpAgentOptions: { ca: [...trustedRoots(caFile)], keepAlive: true } } : {}),
  };
  const send = config.send ?? ['traces', 'metrics'];
  const { resourceFromAttributes } = await import('@opentelemetry/resources');
  const resource = resourceFromAttributes({
    'service.name': 'signin-probe',
    'service.version': toolVersion,
    'service.instance.id': `${hostname()}:${process.pid}`,
  });
  const { diag, DiagLogLevel } = await import('@opentelemetry/api');
  const tell = (text: string): void => onProblem(text.split('\n')[0]?.slice(0, 300) ?? '');
  diag.setLogger(
    { error: tell, warn: tell, info: () => undefined, debug: () => undefined, verbose: () => undefined },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  const traces = send.includes('traces') ? await startTraces() : null;
  const metrics = send.includes('metrics') ? await startMetrics() : null;
  return {
    observe: (ended) => metrics?.observe(ended),
    trace: traces?.trace ?? null,
    stop: async () => {
      await Promise.allSettled([traces?.stop(), metrics?.stop()]);
      diag.disable();
    },
  };

  async function startTraces() {
    const { BasicTracerProvider, BatchSpanProcessor } = await import('@opentelemetry/sdk-trace-base');
    const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-http');
    const provider = new BasicTracerProvider({
      resource,
      spanProcessors: [new BatchSpanProcessor(new OTLPTraceExporter({ url: `${base}/v1/traces`, ...shared }))],
    });
    const tracer = provider.getTracer('signin-probe', toolVersion);
    return { trace: (run: RunToTrace) => recordRun(tracer, run), stop: () => provider.shutdown() };
  }

  async function startMetrics() {
    const { AggregationType, MeterProvider, PeriodicExportingMetricReader } = await import('@opentelemetry/sdk-metrics');
    const { OTLPMetricExporter } = await import('@opentelemetry/exporter-metrics-otlp-http');
    const reader = new PeriodicExportingMetricReader({
      exporter: new OTLPMetricExporter({ url: `${base}/v1/metrics`, ...shared }),
      exportIntervalMillis: durationMs(config.every ?? '60s'),
      exportTimeoutMillis: Math.min(timeoutMillis, durationMs(config.every ?? '60s')),
    });
    const provider = new MeterProvider({
      resource,
      readers: [reader],
      views: [
        {
          instrumentName: 'signin_probe_stage_duration_seconds',
          aggregation: { type: AggregationType.EXPLICIT_BUCKET_HISTOGRAM, options: { boundaries: [...durationBuckets] } },
        },
      ],
    });
    const meter = provider.getMeter('signin-probe', toolVersion);
    const durations = meter.createHistogram('signin_probe_stage_duration_seconds', { unit: 's', description: 'How long the parts of a sign-in took.' });
    const empty = measurementsOf({ now: new Date(), overview: [], certificates: [], queues: [], runners: [], alerts: [], slots: [], browserBytes: null });
    const instruments = new Map(
      empty.map(({ name, help, type }) => [
        name,
        type === 'counter' ? meter.createObservableCounter(name, { description: help }) : meter.createObservableGauge(name, { description: help }),
      ]),
    );
    meter.addBatchObservableCallback(
      async (result) => {
        for (const { name, samples } of measurementsOf(await snapshot()))
          for (const { labels, value } of samples) {
            const instrument = instruments.get(name);
            if (instrument) result.observe(instrument, value, labels);
          }
      },
      [...instruments.values()],
    );
    return {
      observe: (ended: readonly EndedAttempt[]) => {
        for (const { series, attempt } of ended)
          if (attempt.timings)
            for (const [stage, ms] of stagesOf(attempt.timings))
              durations.record(ms / 1000, { target: series.target, route: series.route, location: series.location, stage });
      },
      stop: () => provider.shutdown(),
    };
  }
}
