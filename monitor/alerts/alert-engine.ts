import type { AlertRecord, Slot } from '../../contracts/monitoring';
import type { Queries } from '../store/database';
import type { Store } from '../store/store';
import type { AlertChange } from './alert-change';
import type { AlertPolicy } from './alert-policy';
import { type ChannelRoute, noticesByChannel } from './channel-routes';
import { coverageAlerts } from './coverage-alerts';
import { forecastAlerts } from './forecast-alerts';
import { noticeOf } from './notices';
import type { ObservedSeries } from './observed-series';
import { seriesName } from './series-name';
import { verdictAlerts } from './verdict-alerts';

/** What the engine is told to do; replaced as a whole when the configuration is read again. */
export interface AlertSettings {
  readonly policy: AlertPolicy;
  /** Which channel gets what; empty = alerts are kept and shown, and sent nowhere. */
  readonly routes: readonly ChannelRoute[];
}

export interface RoundResult {
  /** Slots that were evaluated in this round, each in one round of one process only. */
  readonly slots: readonly Slot[];
  /** Messages that now wait to be sent. */
  readonly enqueued: number;
}

const slotsPerRound = 500;

/**
 * One round: looks at the slots that ended, opens, changes and ends alerts, and puts messages into the store to be sent. All of it happens in one
 * transaction, by one process at a time; whoever comes second finds nothing left to do. Null when another process is at it.
 */
export async function alertRound(store: Store, { policy, routes }: AlertSettings, at: Date = new Date()): Promise<RoundResult | null> {
  const now = at.toISOString();
  const hour = 3_600_000;
  const [overviews, silences, windows] = await Promise.all([
    store.overview({ days: 1, now: at }),
    store.silences({ now: at }),
    store.windows({ from: new Date(at.getTime() - hour).toISOString(), to: new Date(at.getTime() + hour).toISOString() }),
  ]);
  return store.exclusively('alerts', async (db) => {
    const slots = await store.unevaluated(slotsPerRound, db);
    const open = await store.openAlerts(db);
    const series = await observe(store, overviews, slots, policy, db);
    const ofKind = (kind: AlertRecord['kind']): AlertRecord[] => open.filter((alert) => alert.kind === kind);
    const changed = [
      ...verdictAlerts({ now, series, policy, open: ofKind('verdict') }),
      ...forecastAlerts({ now, series, policy, open: ofKind('forecast') }),
      ...coverageAlerts({ now, series, policy, open: ofKind('coverage') }),
    ];
    const changedIds = new Set(changed.map(({ alert }) => alert.id));
    const unchanged = open.filter(({ id }) => !changedIds.has(id)).map((alert): AlertChange => ({ alert, became: null, dissolved: false }));
    let enqueued = 0;
    // Ended ones first: of each key at most one may be open in the store.
    for (const change of [...changed, ...unchanged].toSorted((a, b) => Number(a.alert.state === 'open') - Number(b.alert.state === 'open'))) {
      const notice = noticeOf(change, { now, series, silences, windows, policy });
      const alert = notice ? { ...change.alert, lastNotifiedAt: now } : change.alert;
      if (notice || !same(alert, open)) await store.saveAlert(alert, db);
      for (const { channel, notice: fitted } of notice ? noticesByChannel(notice, routes) : []) {
        await store.enqueueDelivery({ alertId: alert.id, event: fitted.event, channel, payload: fitted }, db);
        enqueued++;
      }
    }
    await store.markEvaluated(
      slots.map(({ id }) => id),
      db,
    );
    return { slots, enqueued };
  });
}

const same = (alert: AlertRecord, open: readonly AlertRecord[]): boolean => JSON.stringify(open.find(({ id }) => id === alert.id)) === JSON.stringify(alert);

/** Every active series; those whose slots ended come with their latest slots. */
async function observe(
  store: Store,
  overviews: readonly ObservedSeries['overview'][],
  ended: readonly Slot[],
  policy: AlertPolicy,
  db: Queries,
): Promise<ObservedSeries[]> {
  const touched = new Set(ended.map(seriesName));
  const series: ObservedSeries[] = [];
  for (const overview of overviews) {
    const { of, recovered } = policy.thresholdsOf(overview.target);
    // Slots without a verdict stand in between: twice as many are looked at.
    const n = Math.max(2 * of, 2 * recovered, policy.flaky.of, policy.coverage.of);
    series.push({ overview, slots: touched.has(seriesName(overview)) ? await store.latest(overview, n, db) : null });
  }
  return series;
}
