import { dirname, resolve } from 'node:path';
import type { FastifyInstance } from 'fastify';
import type { Slot } from '../../contracts/monitoring';
import type { ConfigFile } from '../../contracts/target';
import { ProbeFault } from '../../contracts/probe-fault';
import { resolveSecret } from '../../probes/secrets';
import { toolVersion } from '../../runs/tool-version';
import type { Store } from '../store/store';
import { endedAttempts } from './ended-attempts';
import { type Otlp, startOtlp } from './otlp';
import { PrometheusText } from './prometheus';
import { registerMetrics } from './register-metrics';
import { snapshots } from './snapshot';

export interface RunningMetrics {
  /** `/metrics`, for the server of `watch`. */
  readonly http: (app: FastifyInstance) => void;
  /** Slots that ended, each once: histograms, counters and traces are made from their attempts. Never throws. */
  onEvaluated(slots: readonly Slot[]): Promise<void>;
  reload(config: ConfigFile): Promise<void>;
  stop(): Promise<void>;
}

export interface MetricsOptions {
  readonly store: Store;
  readonly config: ConfigFile;
  readonly configPath: string;
  readonly onProblem: (text: string) => void;
}

/** Everything measured. Throws ProbeFault when a secret of `otlp:` cannot be had. */
export async function startMetrics({ store, config, configPath, onProblem }: MetricsOptions): Promise<RunningMetrics> {
  const folder = dirname(resolve(configPath));
  const text = new PrometheusText(toolVersion);
  const snapshot = snapshots(store);
  let current = config;
  let otlp: Otlp | null = await open(current);

  async function secret(reference: string): Promise<string> {
    const absolute = reference.startsWith('file:') ? `file:${resolve(folder, reference.slice('file:'.length))}` : reference;
    const found = await resolveSecret(absolute, { interactive: false });
    if (!found.ok) throw new ProbeFault(`A secret of \`metrics:\` or \`otlp:\` could not be had. ${found.why}`);
    return found.value.use();
  }

  async function open({ otlp: wanted }: ConfigFile): Promise<Otlp | null> {
    if (!wanted) return null;
    return startOtlp({
      config: wanted,
      authorization: wanted.authorization === undefined ? null : await secret(wanted.authorization),
      caFile: wanted.ca === undefined ? null : resolve(folder, wanted.ca),
      snapshot,
      onProblem: (problem) => onProblem(`OpenTelemetry: ${problem}`),
    });
  }

  return {
    http: (app) => registerMetrics(app, { text, snapshot, token: async () => (current.metrics?.token === undefined ? null : secret(current.metrics.token)) }),
    onEvaluated: async (slots) => {
      try {
        const ended = await endedAttempts(store, slots);
        text.observe(ended);
        otlp?.observe(ended);
        if (otlp?.trace)
          for (const { series, attempt } of ended) {
            const stored = attempt.runId !== null && attempt.hasReport ? await store.report(attempt.runId) : null;
            if (!stored || 'unreadable' in stored) continue;
            const result = stored.report.results.find(({ target, route }) => target === series.target && route === series.route);
            if (result) otlp.trace({ series, run: stored.report.run, result });
          }
      } catch (error) {
        onProblem(`Metrics of ${slots.length} slots were lost: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
      }
    },
    reload: async (next) => {
      const changed = JSON.stringify(next.otlp) !== JSON.stringify(current.otlp);
      if (changed) {
        const opened = await open(next);
        await otlp?.stop();
        otlp = opened;
      }
      current = next;
    },
    stop: async () => otlp?.stop(),
  };
}
