import type { AlertRecord, Overview, Slot } from '../../contracts/monitoring';
import type { Queries } from '../store/database';
import type { Store } from '../store/store';
import { accountAlerts } from './account-alerts';
import { liveMembers } from './alert-change';
import type { AlertPolicy } from './alert-policy';
import type { ChannelRoute } from './channel-routes';
import { coverageAlerts } from './coverage-alerts';
import { forecastAlerts } from './forecast-alerts';
import { foretoldBreak, type ObservedSeries } from './observed-series';
import { placeName } from './quorum';
import { seriesName } from './series-name';
import { tell } from './notices-due';
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
  const look = (): Promise<Overview[]> => store.overview({ days: 1, now: at });
  // The embedded store has one connection, and one process.
  const early = store.db.kind === 'embedded' ? await look() : null;
  const [silences, windows] = await Promise.all([
    store.silences({ now: at }),
    store.windows({ from: new Date(at.getTime() - hour).toISOString(), to: new Date(at.getTime() + hour).toISOString() }),
  ]);
  return store.exclusively('alerts', async (db) => {
    const ended = await store.unevaluated(slotsPerRound, db);
    // Another server may have ended a round meanwhile: what was seen before it would open again what it has closed.
    const overviews = early ?? (await look());
    const slots = ended.filter((slot) => isSeen(slot, overviews));
    const open = await store.openAlerts(db);
    const series = await observe(store, { overviews, ended: slots, open, policy, now }, db);
    const ofKind = (kind: AlertRecord['kind']): AlertRecord[] => open.filter((alert) => alert.kind === kind);
    const verdicts = verdictAlerts({ now, series, policy, open: ofKind('verdict') });
    const alerts = [
      ...verdicts,
      ...forecastAlerts({ now, series, policy, open: ofKind('forecast'), verdicts }),
      ...accountAlerts({ now, series, policy, open: ofKind('account') }),
      ...coverageAlerts({ now, series, policy, open: ofKind('coverage') }),
    ];
    let enqueued = 0;
    // Ended ones first: of each key at most one may be open in the store.
    for (const alert of alerts.toSorted((a, b) => Number(a.state === 'open') - Number(b.state === 'open'))) {
      const before = open.find(({ id }) => id === alert.id) ?? null;
      const { alert: after, notices } = tell(alert, before, { now, series, silences, windows, policy }, routes);
      if (JSON.stringify(after) !== JSON.stringify(before)) await store.saveAlert(after, db);
      for (const { channel, notice } of notices) {
        await store.enqueueDelivery({ alertId: alert.id, event: notice.event, channel, payload: notice }, db);
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

/** False for one that ended after the overviews were read: its STS and forecast are not known yet. It waits for the next round. */
function isSeen(slot: Slot, overviews: readonly Overview[]): boolean {
  if (slot.state === 'missed' || slot.state === 'maintenance' || slot.state === 'withdrawn') return true;
  const overview = overviews.find((each) => seriesName(each) === seriesName(slot));
  return overview === undefined || (overview.lastSlotAt !== null && Date.parse(overview.lastSlotAt) >= Date.parse(slot.slotAt));
}

interface Observing {
  readonly overviews: readonly Overview[];
  readonly ended: readonly Slot[];
  readonly open: readonly AlertRecord[];
  readonly policy: AlertPolicy;
  readonly now: string;
}

/**
 * Every active series. Those about which there is something to decide come with their latest slots: a slot ended, or one at another location of a quorum, or
 * they are in trouble and in no alert yet.
 */
async function observe(store: Store, { overviews, ended, open, policy, now }: Observing, db: Queries): Promise<ObservedSeries[]> {
  const touched = new Set(ended.map(seriesName));
  const places = new Set(ended.filter(({ target }) => policy.thresholdsOf(target).locations > 1).map(placeName));
  const held = new Map(
    open.flatMap((alert) => (alert.kind === 'verdict' ? liveMembers(alert).map((member) => [seriesName(member), alert.verdict] as const) : [])),
  );
  const waits = (overview: Overview): boolean => {
    const by = held.get(seriesName(overview));
    if (overview.verdict === 'broken') return by !== 'broken';
    return overview.verdict === 'at-risk' && by === undefined && foretoldBreak(overview, policy.forecastDays, now) === null;
  };
  const series: ObservedSeries[] = [];
  for (const overview of overviews) {
    const { of, recovered } = policy.thresholdsOf(overview.target);
    // Slots without a verdict stand in between: twice as many are looked at.
    const n = Math.max(2 * of, 2 * recovered, policy.flaky.of, policy.coverage.of);
    const matters = touched.has(seriesName(overview)) || places.has(placeName(overview)) || waits(overview);
    series.push({ overview, slots: matters ? await store.latest(overview, n, db) : null });
  }
  return series;
}
