import { randomUUID } from 'node:crypto';
import type { AlertsConfig, TargetAlert } from '../../contracts/alert-config';
import type { AlertRecord, Overview, SeriesKey, Silence, Slot, SlotState, Window } from '../../contracts/monitoring';
import type { Forecast } from '../../contracts/report';
import { alertPolicy } from '../alerts/alert-policy';
import { alertRound } from '../alerts/alert-engine';
import type { ChannelRoute } from '../alerts/channel-routes';
import { type Notice, noticeSchema } from '../alerts/notice';
import { seriesName } from '../alerts/series-name';
import type { Store } from '../store/store';

const counts = { planned: 0, healthy: 0, atRisk: 0, broken: 0, flaky: 0, unknown: 0, missed: 0, maintenance: 0 };

export interface WorldSeries extends SeriesKey {
  readonly sts: string | null;
}

/** For table tests of the alert engine: series, slots and a clock, kept in memory. The engine itself keeps nothing, so each round is also a restart. */
export class AlertWorld {
  readonly alerts = new Map<string, AlertRecord>();
  readonly sent: { readonly channel: string; readonly notice: Notice }[] = [];
  readonly silences: Silence[] = [];
  readonly windows: Window[] = [];
  /** What sign-ins foretell from now on, by target or STS; steady without a date unless given. */
  readonly forecasts = new Map<string, Partial<Forecast>>();
  routes: readonly ChannelRoute[] = [{ name: 'all', kind: 'webhook', from: 'info', events: null, targets: null }];
  now = Date.parse('2026-03-02T08:00:00.000Z');
  private slots: (Slot & { evaluated: boolean; forecast: Forecast })[] = [];

  constructor(
    public series: readonly WorldSeries[],
    private readonly config: AlertsConfig = {},
    private readonly byTarget: Record<string, TargetAlert> = {},
  ) {}

  minutes(count: number): void {
    this.now += count * 60_000;
  }

  /** Slots of these series end now, all alike. */
  end(state: SlotState, cause: string | null = null, which: Partial<SeriesKey> = {}, account: string | null = null): void {
    for (const { target, route, location, sts } of this.series.filter((series) =>
      Object.entries(which).every(([key, value]) => series[key as keyof SeriesKey] === value),
    ))
      this.slots.unshift({
        id: randomUUID(),
        target,
        route,
        location,
        slotAt: new Date(this.now).toISOString(),
        origin: 'schedule',
        state,
        missedBecause: state === 'missed' ? 'no-agent' : null,
        why: `${state} slot`,
        cause,
        causeTitle: cause === null ? null : `Title of ${cause}`,
        kb: cause === 'adfs-signing-cert-rolled' ? '2686840' : null,
        account,
        startedAt: null,
        finishedAt: new Date(this.now).toISOString(),
        totalMs: 900,
        attempts: 1,
        runId: `run-${this.slots.length}`,
        evaluated: false,
        forecast: {
          state: 'steady',
          breaksAt: null,
          toleranceHours: 12,
          why: 'as the test wishes',
          ...(this.forecasts.get(target) ?? this.forecasts.get(sts ?? '')),
        },
      });
  }

  /** One round of the engine; what it put up to be sent, as `event: target target …`. */
  async round(): Promise<string[]> {
    const before = this.sent.length;
    await alertRound(this.store(), { policy: alertPolicy(this.config, this.byTarget), routes: this.routes }, new Date(this.now));
    return this.sent.slice(before).map(({ notice }) => `${notice.event}: ${[...new Set(notice.alert.members.map(({ target }) => target))].join(' ')}`);
  }

  /** Rounds as time passes, a minute each. */
  async pass(minutes: number): Promise<string[]> {
    const all: string[] = [];
    for (let minute = 0; minute < minutes; minute++) {
      this.minutes(1);
      all.push(...(await this.round()));
    }
    return all;
  }

  open(): AlertRecord[] {
    return [...this.alerts.values()].filter(({ state }) => state === 'open');
  }

  private overviewOf(series: WorldSeries): Overview {
    const own = this.slots.filter((slot) => seriesName(slot) === seriesName(series));
    const latest = own.find(({ state }) => ['healthy', 'at-risk', 'broken', 'flaky', 'unknown'].includes(state));
    const { target, route, location, sts } = series;
    return {
      target,
      route,
      location,
      sts: latest ? sts : null,
      verdict: (latest?.state ?? null) as Overview['verdict'],
      cause: latest?.cause ?? null,
      causeTitle: latest?.causeTitle ?? null,
      kb: latest?.kb ?? null,
      summary: latest?.why ?? null,
      since: latest?.slotAt ?? null,
      lastSlotAt: latest?.slotAt ?? null,
      lastSlotId: latest?.id ?? null,
      lastRunId: latest?.runId ?? null,
      lastTotalMs: 900,
      missing: own[0]?.missedBecause ?? null,
      nextSlotAt: null,
      last24h: counts,
      total: counts,
      days: [],
      forecast: own.find(({ state }) => state !== 'missed' && state !== 'unknown' && state !== 'maintenance')?.forecast ?? null,
    };
  }

  private store(): Store {
    const known: Partial<Omit<Store, 'db'>> & { db: Pick<Store['db'], 'kind'> } = {
      db: { kind: 'embedded' },
      overview: async () => this.series.map((series) => this.overviewOf(series)),
      silences: async () => this.silences,
      windows: async () => this.windows,
      unevaluated: async (limit = 500) =>
        this.slots
          .filter(({ evaluated }) => !evaluated)
          .toReversed()
          .slice(0, limit),
      latest: async (key, n) => this.slots.filter((slot) => seriesName(slot) === seriesName(key) && slot.state !== 'maintenance').slice(0, n),
      openAlerts: async () => structuredClone(this.open()),
      saveAlert: async (alert) => {
        if (alert.state === 'open' && this.open().some(({ key, id }) => key === alert.key && id !== alert.id))
          throw new Error(`two open alerts of ${alert.key}`);
        const { acknowledgedBy = null, acknowledgedAt = null } = this.alerts.get(alert.id) ?? {};
        this.alerts.set(alert.id, { ...alert, acknowledgedBy, acknowledgedAt });
      },
      enqueueDelivery: async ({ channel, payload }) => {
        this.sent.push({ channel, notice: noticeSchema.parse(payload) });
        return randomUUID();
      },
      markEvaluated: async (ids) => {
        for (const slot of this.slots) if (ids.includes(slot.id)) slot.evaluated = true;
      },
      exclusively: async (_, work) => work({ query: () => Promise.reject(new Error('no database')) }),
    };
    return known as unknown as Store;
  }
}

/** Series of one STS: targets × both routes × locations. */
export const worldSeries = (
  targets: readonly string[],
  { sts = 'https://sts.contoso.test', locations = ['hq'] }: { sts?: string; locations?: readonly string[] } = {},
): WorldSeries[] =>
  targets.flatMap((target) => (['internal', 'ifd'] as const).flatMap((route) => locations.map((location) => ({ target, route, location, sts }))));
