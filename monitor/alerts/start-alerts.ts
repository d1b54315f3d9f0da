import { setTimeout } from 'node:timers/promises';
import type { Slot } from '../../contracts/monitoring';
import type { Store } from '../store/store';
import { alertRound, type AlertSettings } from './alert-engine';
import type { Channel } from './channels/channel';
import { beginDeliveries, type DeliverOptions } from './deliver';

/** All of `alerts:`, ready to work with. */
export interface Alerting extends AlertSettings {
  readonly channels: readonly Channel[];
  /** Address of the web page of `watch`; null = messages have no links. */
  readonly baseUrl: string | null;
}

export interface StartAlertsOptions {
  readonly store: Store;
  readonly alerting: Alerting;
  readonly log: { info(text: string): void; warn(text: string): void; error(text: string): void };
  /** Slots of this and other processes, each once over all `watch` servers; for histograms and traces. */
  readonly onEvaluated?: (slots: readonly Slot[]) => void | Promise<void>;
  /** Between two rounds when no slot ends (15 s). */
  readonly everyMs?: number;
}

export interface RunningAlerts {
  /** The configuration was read again. */
  reload(alerting: Alerting): void;
  /** Ends after the round that is under way, within a few seconds. */
  stop(): Promise<void>;
}

/** Evaluates slots soon after they ended, and sends what waits. Failures of a round are logged, and the next one tries again: nothing is lost. */
export function startAlerts({ store, alerting, log, onEvaluated, everyMs = 15_000 }: StartAlertsOptions): RunningAlerts {
  let current = alerting;
  let stopped = false;
  const ending = new AbortController();
  let wake: () => void = () => undefined;
  const unsubscribe = store.onChange(({ state }) => {
    if (state !== 'planned' && state !== 'running') wake();
  });

  async function evaluate(): Promise<boolean> {
    const result = await alertRound(store, current);
    if (!result || result.slots.length === 0) return false;
    await onEvaluated?.(result.slots);
    return true;
  }

  /** Channels at work, and what they are at: a slow one keeps neither the rules nor the others waiting. */
  const busy = new Set<string>();
  const sending = new Set<Promise<unknown>>();

  async function deliver(): Promise<number> {
    const options = {
      channels: new Map(current.channels.map((channel) => [channel.name, channel])),
      baseUrl: current.baseUrl,
      signal: ending.signal,
      onTry: logTry,
    };
    const { taken, done } = await beginDeliveries(store, options, busy);
    if (taken === 0) return 0;
    // What came meanwhile for a channel that was at work is due when it is done.
    const work = done.then(() => wake(), failed).finally(() => sending.delete(work));
    sending.add(work);
    return taken;
  }

  const logTry: DeliverOptions['onTry'] = (delivery, { ok, text, givenUp }) => {
    const what = `Alert channel ${delivery.channel}, ${delivery.event}`;
    if (ok) log.info(`${what}: sent, ${text}`);
    else if (givenUp) log.error(`${what}: given up after ${delivery.attempts} tries: ${text}`);
    else log.warn(`${what}, try ${delivery.attempts}: ${text}`);
  };

  function failed(error: unknown): void {
    if (!stopped)
      log.error(`A round of the alert engine failed and will be repeated: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}`);
  }

  /** Whether there was something to do. */
  async function round(): Promise<boolean> {
    // What waits to be sent goes out in any case.
    const [evaluated] = await Promise.allSettled([evaluate()]);
    const taken = await deliver();
    if (evaluated.status === 'rejected') throw evaluated.reason;
    return evaluated.value || taken > 0;
  }

  const loop = (async () => {
    while (!stopped) {
      const woken = new Promise<void>((resolve) => (wake = resolve));
      const didSomething = await round().catch((error: unknown) => {
        failed(error);
        return false;
      });
      if (stopped) break;
      if (!didSomething) await Promise.race([woken, pause(everyMs)]);
      // Slots that end together are evaluated together.
      if (!stopped) await pause(Math.min(500, everyMs));
    }
  })();

  function pause(ms: number): Promise<void> {
    return setTimeout(ms, undefined, { signal: ending.signal }).catch(() => undefined);
  }

  return {
    reload: (next) => {
      current = next;
      wake();
    },
    stop: async () => {
      stopped = true;
      unsubscribe();
      // A receiver that does not answer must not keep the process: the message is tried again after the next start.
      ending.abort();
      await loop;
      await Promise.all(sending);
    },
  };
}
