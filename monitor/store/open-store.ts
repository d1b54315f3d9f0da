import { EventEmitter } from 'node:events';
import type { SeriesKey, SlotState } from '../../contracts/monitoring';
import { acknowledge, deliveryResult, endSilence, enqueueDelivery, saveAlert, saveSilence, takeDeliveries } from './alert-writes';
import type { Database } from './database';
import { openEmbedded } from './embedded-database';
import { runNow } from './lifecycle/run-now';
import { migrate } from './migrate';
import { openPostgres } from './postgres-database';
import { Queue } from './queue';
import { readAlert, readAlerts } from './reads/alerts';
import { readCertificates } from './reads/certificates';
import { readQueues, readRunners } from './reads/fleet';
import { readOverview } from './reads/overview';
import { readEndedSince, readLatest, readReport, readSlot, readSlots, readUnevaluated } from './reads/slots';
import { readTimeline } from './reads/timeline';
import { readSilences, readWindows } from './reads/windows';
import type { Store } from './store';

export type StorePlace = { readonly url: string } | { readonly folder: string };

export interface StoreOptions {
  /** Problems that are not the caller's: a broken idle connection, the queue's own cleaning. */
  readonly onError?: (error: Error) => void;
  /** Clean the queue now and then; false for agents and commands. */
  readonly supervise?: boolean;
  readonly maxConnections?: number;
}

/** A store with what only the monitor itself needs. */
export interface OpenStore extends Store {
  readonly queue: Queue;
  /** Tells the listeners of `onChange`. */
  changed(slotId: string, state: SlotState): void;
}

/** Opens the store and brings its tables up to date. Throws ProbeFault when the folder is in use or the store is of a later version. */
export async function openStore(place: StorePlace, options: StoreOptions = {}): Promise<OpenStore> {
  const onError = options.onError ?? (() => undefined);
  const db = 'url' in place ? openPostgres({ url: place.url, max: options.maxConnections, onError }) : await openEmbedded(place.folder);
  try {
    await migrate(db);
    const queue = await Queue.open(db, { supervise: options.supervise ?? false, onError });
    return storeOn(db, queue);
  } catch (error) {
    await db.close().catch(() => undefined);
    throw error;
  }
}

function storeOn(db: Database, queue: Queue): OpenStore {
  const events = new EventEmitter().setMaxListeners(0);
  const changed = (slotId: string, state: SlotState): void => void events.emit('change', { slotId, state });
  return {
    db,
    queue,
    changed,
    overview: ({ days, now } = {}) => readOverview(db, days, now),
    series: async () =>
      await db.query<{ target: string; route: SeriesKey['route']; location: string }>(
        'SELECT target, route, location FROM series WHERE active ORDER BY target, route DESC, location',
      ),
    timeline: (target, span) => readTimeline(db, target, span),
    slots: (filter) => readSlots(db, filter),
    slot: (id) => readSlot(db, id),
    report: (runId) => readReport(db, runId),
    certificates: (options) => readCertificates(db, options),
    alerts: (options) => readAlerts(db, options),
    alert: (id) => readAlert(db, id),
    silences: (options) => readSilences(db, options),
    windows: (span) => readWindows(db, span),
    queues: (now) => readQueues(db, now),
    runners: () => readRunners(db),
    endedSince: (since) => readEndedSince(db, since),
    saveSilence: (silence) => saveSilence(db, silence),
    endSilence: (id, now = new Date()) => endSilence(db, id, now),
    acknowledge: (alertId, by, now = new Date()) => acknowledge(db, alertId, by, now),
    runNow: async (key, now = new Date()) => {
      const id = await runNow(db, queue, key, now);
      if (id !== null) changed(id, 'planned');
      return id;
    },
    unevaluated: (limit = 500, on = db) => readUnevaluated(on, limit),
    markEvaluated: async (ids, on = db) => void (await on.query('UPDATE slots SET evaluated = true WHERE id = ANY ($1::uuid[])', [ids])),
    latest: (key, n, on = db) => readLatest(on, key, n),
    openAlerts: (on = db) => readAlerts(on, { state: 'open', limit: 100_000 }),
    saveAlert: (alert, on = db) => saveAlert(on, alert),
    enqueueDelivery: (delivery, on = db) => enqueueDelivery(on, delivery),
    takeDeliveries: (which, now = new Date()) => takeDeliveries(db, which, now),
    deliveryResult: (id, result) => deliveryResult(db, id, result),
    exclusively: (name, work) =>
      db.transaction(async (tx) => {
        const [row] = await tx.query<{ mine: boolean }>('SELECT pg_try_advisory_xact_lock(hashtext($1)) AS mine', [`signin-probe ${name}`]);
        return row?.mine ? work(tx) : null;
      }),
    onChange: (listener) => {
      events.on('change', listener);
      return () => void events.off('change', listener);
    },
    ping: async () => void (await db.query('SELECT 1', [])),
    close: async () => {
      await queue.close();
      await db.close();
    },
  };
}
