import type { Delivery } from '../../contracts/monitoring';
import { longestWaitMs } from '../store/alert-writes';
import type { Store } from '../store/store';
import type { Channel, SendResult } from './channels/channel';
import { groupBy } from './group-by';
import { type MessageContext, messageOf } from './message-of';

export interface DeliverOptions extends MessageContext {
  readonly channels: ReadonlyMap<string, Channel>;
  /** Give up at once what is under way: its lease ends, and it is tried again. */
  readonly signal?: AbortSignal;
  /** Told of each try. */
  readonly onTry?: ((delivery: Delivery, outcome: { readonly ok: boolean; readonly text: string; readonly givenUp: boolean }) => void) | undefined;
}

/** Longer than one message may take. */
const leaseMs = 120_000;
const perRound = 10;
/** 15 s, 30 s, 1 min … up to an hour apart. */
const backoffMs = (attempts: number): number => Math.min(15_000 * 2 ** Math.max(0, attempts - 1), longestWaitMs);
/** Whoever could not be told for so long has other means by now; the record stays. */
const giveUpAfterMs = 12 * 3_600_000;
/** Tries that take about so long; time alone proves nothing: the machine may have been asleep, or its clock was put right. */
const giveUpAfterTries = 12;

/** Sends what is due and waits for the end of it. Returns how many were tried. */
export async function deliverDue(store: Store, options: DeliverOptions, now?: () => Date): Promise<number> {
  const { taken, done } = await beginDeliveries(store, options, new Set(), now);
  await done;
  return taken;
}

/**
 * Takes what is due and begins to send it: at least once each, with the same id at every try. Messages of one alert reach a channel in order: a recovery waits
 * until what it recovers from was told or given up. Channels do not wait for each other, nor does the caller: those at work are in `busy`, and left out, until
 * they are done. `done` rejects when the store fails.
 */
export async function beginDeliveries(
  store: Store,
  options: DeliverOptions,
  busy: Set<string>,
  now: () => Date = () => new Date(),
): Promise<{ readonly taken: number; readonly done: Promise<unknown> }> {
  const due = await store.takeDeliveries({ limit: perRound, leaseMs, except: [...busy] }, now());
  const started = performance.now();
  const channels = [...groupBy(due, ({ channel }) => channel)].map(async ([channel, deliveries]) => {
    busy.add(channel);
    try {
      // What a slow one does not get done in time, its lease gives to a later round.
      for (const delivery of deliveries) if (performance.now() - started < leaseMs / 2) await deliver(store, delivery, options, now);
    } finally {
      busy.delete(channel);
    }
  });
  return { taken: due.length, done: Promise.all(channels) };
}

async function deliver(store: Store, delivery: Delivery, { channels, baseUrl, onTry, signal }: DeliverOptions, now: () => Date): Promise<void> {
  const siblings = delivery.alertId === null ? [] : ((await store.alert(delivery.alertId))?.deliveries ?? []);
  const before = siblings.slice(
    0,
    siblings.findIndex(({ id }) => id === delivery.id),
  );
  const ofChannel = before.filter(({ channel }) => channel === delivery.channel);
  const first = ofChannel.find(({ state }) => state === 'pending');
  if (first) {
    const retryAt = new Date(Math.max(Date.parse(first.nextAttemptAt), now().getTime()) + 1000).toISOString();
    await store.deliveryResult(delivery.id, { ok: false, error: 'Waits for an earlier message of this alert.', retryAt });
    return;
  }
  const channel = channels.get(delivery.channel);
  // Somebody who was never told of an alert need not hear of its end.
  const needless = (delivery.event === 'recovered' || delivery.event === 'closed') && ofChannel.length === 0;
  if (!channel || needless) {
    const error = channel ? 'Not sent: this channel was not told of the alert.' : 'The channel is no longer in the configuration.';
    await store.deliveryResult(delivery.id, { ok: false, error, retryAt: null });
    return;
  }
  const result = await messageOf(store, delivery, { baseUrl }).then(
    (message) => channel.send(message, signal),
    (error: unknown): SendResult => ({ ok: false, why: `The message could not be made (${error instanceof Error ? error.name : 'unknown fault'}).` }),
  );
  if (result.ok) {
    await store.deliveryResult(delivery.id, { ok: true });
    onTry?.(delivery, { ok: true, text: result.note, givenUp: false });
    return;
  }
  const givenUp = delivery.attempts >= giveUpAfterTries && now().getTime() - Date.parse(delivery.createdAt) > giveUpAfterMs;
  const retryAt = givenUp ? null : new Date(now().getTime() + Math.max(result.retryAfterMs ?? 0, backoffMs(delivery.attempts))).toISOString();
  await store.deliveryResult(delivery.id, { ok: false, error: givenUp ? `Given up after ${delivery.attempts} tries: ${result.why}` : result.why, retryAt });
  onTry?.(delivery, { ok: false, text: result.why, givenUp });
}
