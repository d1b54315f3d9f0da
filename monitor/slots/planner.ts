import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Logger } from 'winston';
import type { MissedBecause, SeriesKey } from '../../contracts/monitoring';
import { openChanges } from '../../runs/changes';
import { recordWindows } from './maintenance-windows';
import type { MonitorSettings, PlannedSeries } from '../settings/monitor-settings';
import { pruneStore } from './retention';
import { nextSlot, slotTimes } from '../settings/schedule';
import { beat } from '../store/lifecycle/heartbeat';
import { type KnownSeries, type Plan, recordPlans, recordSeries, retireSeries, rewind, withdraw } from '../store/lifecycle/plan';
import { runnerGoneAfterMs, runnerIsThere, sweep } from '../store/lifecycle/sweep';
import type { OpenStore } from '../store/open-store';

/** Slots are recorded so far ahead. */
const aheadMs = 10 * 60_000;
/** What is planned further ahead was planned by a clock that was set back since; clocks of several watches differ by less. */
const furthestAheadMs = aheadMs + 5 * 60_000;
/** Each series is planned on when less than this is left. */
const leastAheadMs = 9 * 60_000;
/** After a longer time without any watch, the slots before are not made up for one by one. */
const longestGapMs = 31 * 86_400_000;
/** Nobody plans a series any more whose plan ended so long ago. */
const forgottenAfterMs = 10 * 60_000;
const outageAfterMs = 15_000;
/** Of a thousand series each transaction should still be short. */
const seriesAtOnce = 50;

export interface PlannerOptions {
  readonly store: OpenStore;
  readonly settings: MonitorSettings;
  readonly log: Logger;
  readonly outFolder: string;
  /** How often it looks: 1 s unless given. */
  readonly everyMs?: number;
}

const keyOf = ({ target, route, location }: SeriesKey): string => `${target} ${route} ${location}`;

/** Records slots ahead of time, ends those that nobody will, keeps the store small. Any number of them may work on one store. */
export class Planner {
  private settings: MonitorSettings;
  private series: (KnownSeries & PlannedSeries)[] = [];
  private readonly startedAt = new Date();
  private outage: MissedBecause = 'not-running';
  private storeFailed = false;
  // By performance.now(): a clock that is put right must not make it pause.
  private lastRound = -Infinity;
  private lastTick = performance.now();
  private lastPrune = -Infinity;
  private timer: NodeJS.Timeout | null = null;
  /** What is under way; whatever changes the plan waits for its turn. */
  private turn: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly options: PlannerOptions) {
    this.settings = options.settings;
  }

  /** Plans for the first time; rejects when the store does not work. Then goes on by itself. */
  async start(): Promise<void> {
    const { store } = this.options;
    const { outage, swept } = await beat(store.db, { startedAt: this.startedAt, now: new Date(), storeFailed: false, outageAfterMs });
    this.outage = outage ?? 'not-running';
    for (const { slotId, state } of swept) store.changed(slotId, state);
    await this.adopt(this.settings, !(await this.othersPlan()));
    await this.round();
    this.schedule();
  }

  /** Takes over another configuration: what stays the same stays planned, what is due is run, what is no longer wanted is withdrawn. */
  async reload(settings: MonitorSettings): Promise<void> {
    await this.inTurn(async () => {
      await this.adopt(settings, true);
      await this.round();
    });
  }

  /** Null = it plans; otherwise what keeps it from it. */
  problem(): string | null {
    if (this.storeFailed) return 'the store does not answer';
    return performance.now() - this.lastTick > 30_000 ? 'nothing has been planned for 30 s' : null;
  }

  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.turn;
  }

  private inTurn(work: () => Promise<void>): Promise<void> {
    const mine = this.turn.then(work);
    this.turn = mine.catch(() => undefined);
    return mine;
  }

  private schedule(): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      void this.inTurn(() => this.tick()).finally(() => this.schedule());
    }, this.options.everyMs ?? 1_000);
  }

  private async tick(): Promise<void> {
    const { store, log } = this.options;
    try {
      const { outage, swept } = await beat(store.db, { startedAt: this.startedAt, now: new Date(), storeFailed: this.storeFailed, outageAfterMs });
      if (outage !== null) {
        this.outage = outage;
        log.warn(`Nothing could be planned for a while (${outage}); ${swept.length} slots were missed.`);
      }
      this.storeFailed = false;
      this.lastTick = performance.now();
      for (const { slotId, state } of [...swept, ...(await sweep(store.db, store.queue))]) store.changed(slotId, state);
      if (outage !== null || performance.now() - this.lastRound > 30_000) await this.round();
      if (performance.now() - this.lastPrune > 3_600_000) {
        this.lastPrune = performance.now();
        await pruneStore(store.db, this.settings.keep);
      }
    } catch (error) {
      if (!this.storeFailed) log.error(`The store does not answer: ${error instanceof Error ? error.message : String(error)}. Going on as soon as it does.`);
      this.storeFailed = true;
    }
  }

  /** Windows first: what is planned within maintenance is never handed out. */
  private async round(): Promise<void> {
    this.lastRound = performance.now();
    const { store, log, outFolder } = this.options;
    const now = new Date();
    const open = await openChanges(outFolder).catch((error: Error) => {
      log.warn(error.message);
      return null;
    });
    await recordWindows(store.db, this.settings.maintenance, { place: `${hostname()} ${resolve(outFolder)}`, open }, now);
    await this.plan(now);
    await this.retireForgotten(now);
  }

  /** Another watch may have planned on meanwhile: what the store says counts. */
  private async plan(now: Date): Promise<void> {
    const { store } = this.options;
    const rows = await store.db.query<{ id: number; planned_until: Date | null }>('SELECT id, planned_until FROM series WHERE active');
    const known = new Map(rows.map(({ id, planned_until }) => [id, planned_until]));
    this.series = this.series.map((series) => ({ ...series, plannedUntil: later(series.plannedUntil, known.get(series.id) ?? null) }));
    await this.followClock(now);
    const behind = this.series.filter(({ plannedUntil }) => plannedUntil === null || plannedUntil.getTime() < now.getTime() + leastAheadMs);
    for (let from = 0; from < behind.length; from += seriesAtOnce) {
      const plans = behind.slice(from, from + seriesAtOnce).map((series) => this.planOf(series, now));
      await recordPlans(store.db, store.queue, plans);
      const until = new Map(plans.map((plan) => [plan.series.id, plan.until]));
      this.series = this.series.map((series) => ({ ...series, plannedUntil: until.get(series.id) ?? series.plannedUntil }));
    }
  }

  private async followClock(now: Date): Promise<void> {
    const { store, log } = this.options;
    const ahead = this.series.filter(({ plannedUntil }) => plannedUntil !== null && plannedUntil.getTime() > now.getTime() + furthestAheadMs);
    const [first] = ahead;
    if (!first) return;
    const taken = await rewind(
      store.db,
      ahead.map(({ id }) => id),
      now,
    );
    log.warn(
      `The clock was set back: slots were recorded up to ${first.plannedUntil?.toISOString()}, and it is ${now.toISOString()}. ` +
        `${taken} slots of ${ahead.length} series are planned anew.`,
    );
    const ids = new Set(ahead.map(({ id }) => id));
    this.series = this.series.map((series) => (ids.has(series.id) ? { ...series, plannedUntil: now } : series));
  }

  private planOf(series: KnownSeries & PlannedSeries, now: Date): Plan {
    const until = new Date(now.getTime() + aheadMs);
    const from = new Date(Math.max(series.plannedUntil?.getTime() ?? now.getTime(), now.getTime() - longestGapMs));
    const times = slotTimes(series.schedule, series, from, until);
    const slots = times.map((at, index) => {
      const startBefore = times[index + 1] ?? nextSlot(series.schedule, series, at);
      return { at, startBefore, missed: startBefore <= now ? this.outage : null };
    });
    return { series, until, slots };
  }

  private async adopt(settings: MonitorSettings, alone: boolean): Promise<void> {
    const { store, log } = this.options;
    const now = new Date();
    const before = new Map(this.series.map((each) => [keyOf(each), each]));
    const known = new Map((await recordSeries(store.db, store.queue, settings.series)).map((each) => [keyOf(each), each]));
    const next: (KnownSeries & PlannedSeries)[] = [];
    for (const planned of settings.series) {
      const series = known.get(keyOf(planned));
      if (!series) continue;
      const until = series.plannedUntil;
      if (until !== null && until > now && (before.size === 0 || JSON.stringify(before.get(keyOf(planned))?.schedule) !== JSON.stringify(planned.schedule))) {
        const taken = await withdraw(store.db, series.id, slotTimes(planned.schedule, planned, now, until), now);
        if (taken > 0) log.info(`${keyOf(planned)}: ${taken} slots withdrawn, the schedule changed.`);
        next.push({ ...series, ...planned, plannedUntil: now });
      } else next.push({ ...series, ...planned });
    }
    if (alone) await this.retire(new Set(next.map(({ id }) => id)), now);
    this.settings = settings;
    this.series = next;
  }

  private async retire(keep: ReadonlySet<number>, now: Date): Promise<void> {
    const { db } = this.options.store;
    const active = await db.query<{ id: number }>('SELECT id FROM series WHERE active');
    for (const { id } of active) if (!keep.has(id)) await retireSeries(db, id, now);
  }

  /** Series that no watch has in its configuration any more: each of them left it to the others, which were still at work. */
  private async retireForgotten(now: Date): Promise<void> {
    const { db } = this.options.store;
    const own = this.series.map(({ id }) => id);
    const forgotten = await db.query<{ id: number }>('SELECT id FROM series WHERE active AND planned_until < $1 AND NOT id = ANY ($2::int[])', [
      new Date(now.getTime() - forgottenAfterMs),
      own,
    ]);
    for (const { id } of forgotten) await retireSeries(db, id, now);
  }

  /** Whether another watch is at work on this store: then its series are not for this one to end. */
  private async othersPlan(): Promise<boolean> {
    const rows = await this.options.store.db.query(`SELECT 1 FROM runners WHERE kind = 'watch' AND name <> $1 AND ${runnerIsThere('$2')}`, [
      watchName(),
      runnerGoneAfterMs,
    ]);
    return rows.length > 0;
  }
}

const later = (a: Date | null, b: Date | null): Date | null => (a === null || (b !== null && b > a) ? b : a);

/** How a watch calls itself among the runners. */
export const watchName = (): string => `watch@${hostname()}:${process.pid}`;
