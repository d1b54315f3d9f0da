import type {
  AlertEvent,
  AlertRecord,
  Attempt,
  CertificateRecord,
  Delivery,
  Overview,
  QueueState,
  RunnerRecord,
  SeriesKey,
  Silence,
  Slot,
  SlotState,
  TimelinePoint,
  Window,
} from '../../contracts/monitoring';
import type { Report } from '../../contracts/report';
import type { Database, Queries } from './database';

export interface SlotFilter {
  readonly target?: string;
  readonly route?: SeriesKey['route'];
  readonly location?: string;
  readonly states?: readonly SlotState[];
  /** Only slots before this instant (paging: the last one's `slotAt`). */
  readonly before?: string;
  readonly after?: string;
  /** 100 unless given. */
  readonly limit?: number;
}

export interface Timeline {
  /** How much one point stands for. */
  readonly step: 'slot' | 'hour' | 'day';
  readonly series: readonly { readonly key: SeriesKey; readonly points: readonly TimelinePoint[] }[];
  /** Announced work and maintenance that touches the time shown. */
  readonly windows: readonly Window[];
  /** Certificates first seen within the time shown. */
  readonly certificates: readonly CertificateRecord[];
  readonly alerts: readonly AlertRecord[];
}

export interface StoredReport {
  readonly runId: string;
  readonly slotId: string;
  readonly report: Report;
  /** report.html as it was written, pictures included; null where only the report itself was kept: render it (reports/html.ts). */
  readonly html: string | null;
}

/** What stands under a run's id and is no report this version can read: damaged, or handed in by an agent that is not one of ours or of another version. */
export interface UnreadableReport {
  readonly runId: string;
  readonly slotId: string;
  readonly unreadable: true;
}

/** Everything the web page and the metrics read. All instants are ISO strings in UTC. No read changes anything. */
export interface StoreReads {
  /** One entry per active series, ordered by target, route, location. `days`: length of the strip (90 unless given). */
  overview(options?: { readonly days?: number; readonly now?: Date }): Promise<Overview[]>;
  /** All series that are in the configuration now. */
  series(): Promise<SeriesKey[]>;
  /** A target's time line over all its routes and locations: slots up to two days, hours up to 31 days, days beyond. */
  timeline(target: string, span: { readonly from: string; readonly to: string }): Promise<Timeline>;
  /** The newest first. */
  slots(filter?: SlotFilter): Promise<Slot[]>;
  slot(id: string): Promise<{ readonly slot: Slot; readonly attempts: readonly Attempt[] } | null>;
  /** The report of a run; null when unknown or past its retention. */
  report(runId: string): Promise<StoredReport | UnreadableReport | null>;
  /** Over all series, the next to end first. `current` only unless `all`. */
  certificates(options?: { readonly all?: boolean }): Promise<CertificateRecord[]>;
  /** The newest first. */
  alerts(options?: { readonly state?: AlertRecord['state']; readonly limit?: number }): Promise<AlertRecord[]>;
  alert(id: string): Promise<{ readonly alert: AlertRecord; readonly deliveries: readonly Delivery[] } | null>;
  /** Those in force and to come; with `all` also those that are over. */
  silences(options?: { readonly all?: boolean; readonly now?: Date }): Promise<Silence[]>;
  windows(span: { readonly from: string; readonly to: string }): Promise<Window[]>;
  queues(now?: Date): Promise<QueueState[]>;
  runners(): Promise<RunnerRecord[]>;
  /** Slots by end and reason since an instant, for counters. */
  endedSince(
    since: string,
  ): Promise<{ readonly state: SlotState; readonly missedBecause: string | null; readonly series: SeriesKey; readonly count: number }[]>;
}

export interface StoreWrites {
  saveSilence(silence: Omit<Silence, 'id'>): Promise<Silence>;
  /** Ends it now. False when there is none such. */
  endSilence(id: string, now?: Date): Promise<boolean>;
  acknowledge(alertId: string, by: string, now?: Date): Promise<boolean>;
  /** Plans a slot for now; its id. Null when the series is unknown. A slot of the same second is the same slot. */
  runNow(key: SeriesKey, now?: Date): Promise<string | null>;
}

export interface TakeDeliveries {
  /** So many at most. */
  readonly limit: number;
  /** They are put off by this long, so that nobody else takes them meanwhile. */
  readonly leaseMs: number;
  /** Nothing of these channels. */
  readonly except: readonly string[];
}

/** For the alert engine. Several `watch` processes share a store: wrap one round in `exclusively`. */
export interface StoreAlerts {
  // Within `exclusively` its `db` must be handed on: an embedded store has one connection, and would wait for itself.
  /** Slots that ended and were not looked at by the alert engine yet, the oldest first. */
  unevaluated(limit?: number, db?: Queries): Promise<Slot[]>;
  markEvaluated(slotIds: readonly string[], db?: Queries): Promise<void>;
  /** The latest slots of a series that ended with a verdict or were missed, the newest first. */
  latest(key: SeriesKey, n: number, db?: Queries): Promise<Slot[]>;
  openAlerts(db?: Queries): Promise<AlertRecord[]>;
  /** Inserts or replaces by id. */
  saveAlert(alert: AlertRecord, db?: Queries): Promise<void>;
  enqueueDelivery(
    delivery: { readonly alertId: string | null; readonly event: AlertEvent; readonly channel: string; readonly payload: unknown },
    db?: Queries,
  ): Promise<string>;
  /** Takes pending deliveries that are due, the oldest first. */
  takeDeliveries(which: TakeDeliveries, now?: Date): Promise<Delivery[]>;
  /** `retryAt` null and not ok = given up. */
  deliveryResult(id: string, result: { readonly ok: true } | { readonly ok: false; readonly error: string; readonly retryAt: string | null }): Promise<void>;
}

/** The store of `watch`: Postgres for a fleet, the same tables embedded (PGlite) for one machine. */
export interface Store extends StoreReads, StoreWrites, StoreAlerts {
  readonly db: Database;
  /** Runs the work while nobody else runs work of that name on this store, in one transaction; null when somebody does. */
  exclusively<T>(name: string, work: (db: Queries) => Promise<T>): Promise<T | null>;
  /**
   * Called after a slot of this process changed (planned, begun, ended). Returns how to stop. For live updates and alerts;
   * other processes' changes do not come.
   */
  onChange(listener: (change: { readonly slotId: string; readonly state: SlotState }) => void): () => void;
  /** A round trip; throws when the store does not answer. */
  ping(): Promise<void>;
  close(): Promise<void>;
}
