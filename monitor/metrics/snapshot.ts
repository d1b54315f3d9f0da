import type { AlertRecord, CertificateRecord, Overview, QueueState, RunnerRecord } from '../../contracts/monitoring';
import type { Store } from '../store/store';
import { childMemoryBytes } from './child-memory';
import { type SlotCount, SlotCounter } from './slot-counter';

/** Everything measured, at one instant, read from the store: every server of a fleet tells the same. */
export interface Snapshot {
  readonly now: Date;
  readonly overview: readonly Overview[];
  readonly certificates: readonly CertificateRecord[];
  readonly queues: readonly QueueState[];
  readonly runners: readonly RunnerRecord[];
  readonly alerts: readonly AlertRecord[];
  readonly slots: readonly SlotCount[];
  /** Null where it cannot be told. */
  readonly browserBytes: number | null;
}

/** Reads a snapshot at most every two seconds, however many ask. */
export function snapshots(store: Store): () => Promise<Snapshot> {
  const counter = new SlotCounter(store);
  let latest: { readonly at: number; readonly snapshot: Promise<Snapshot> } | null = null;
  return () => {
    const at = Date.now();
    if (latest && at - latest.at < 2_000) return latest.snapshot;
    const snapshot = read(store, counter);
    latest = { at, snapshot };
    snapshot.catch(() => (latest = null));
    return snapshot;
  };
}

async function read(store: Store, counter: SlotCounter): Promise<Snapshot> {
  const now = new Date();
  const [overview, certificates, queues, runners, alerts, slots, browserBytes] = await Promise.all([
    store.overview({ days: 1, now }),
    store.certificates(),
    store.queues(now),
    store.runners(),
    store.openAlerts(),
    counter.read(now),
    childMemoryBytes(),
  ]);
  return { now, overview, certificates, queues, runners, alerts, slots, browserBytes };
}
