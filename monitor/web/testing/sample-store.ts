/** For tests and for looking at the pages: a store with 50 targets × 2 routes × 2 locations that answers like the real one, without a database. */
import type {
  AlertRecord,
  Attempt,
  CertificateRecord,
  DayCounts,
  Delivery,
  Overview,
  SeriesKey,
  Silence,
  Slot,
  SlotState,
  SlotVerdict,
  TimelinePoint,
  Window,
} from '../../../contracts/monitoring';
import { sampleReports } from '../../../reports/testing/sample-reports';
import { worstOf } from '../../store/reads/counts';
import type { SlotFilter, StoredReport, Timeline } from '../../store/store';
import type { WebStore } from '../web-context';
import { dayMs, hourMs, incidents, sampleSeries, slotMs, stsOf } from './sample-plan';
import { sampleAlerts, sampleCertificates, sampleForecast, sampleWindows } from './sample-records';
import { iso, isVerdict, SampleSlots, uuid } from './sample-slots';

export class SampleStore implements WebStore {
  readonly keys: readonly SeriesKey[];
  silenceList: Silence[] = [];
  alertList: AlertRecord[];
  readonly deliveries: Delivery[];
  readonly certificateList: CertificateRecord[];
  readonly windowList: Window[];
  /** What `runNow` was asked for. */
  readonly asked: SeriesKey[] = [];
  readonly #listeners = new Set<(change: { slotId: string; state: SlotState }) => void>();
  readonly #now: number;
  readonly #slots: SampleSlots;

  /** `only`: these targets, for tests that need every state but not fifty of each. */
  constructor(now = new Date(), only?: readonly string[]) {
    this.keys = only ? sampleSeries.filter(({ target }) => only.includes(target)) : sampleSeries;
    this.#now = now.getTime();
    this.#slots = new SampleSlots(this.keys, this.#now);
    ({ alerts: this.alertList, deliveries: this.deliveries } = sampleAlerts(this.#now));
    this.certificateList = sampleCertificates(this.#now);
    this.windowList = sampleWindows(this.#now);
  }

  readonly #overviews = new Map<number, Overview[]>();
  /** Made once: its time stands still, and it must not cost more than a page. */
  async overview({ days = 90 }: { days?: number } = {}): Promise<Overview[]> {
    const known = this.#overviews.get(days) ?? this.#overviewOf(days);
    this.#overviews.set(days, known);
    return known;
  }
  #overviewOf(days: number): Overview[] {
    return this.keys.map((key, index) => {
      const last = this.#slots.slotTime(index, this.#now);
      let at = last;
      while (!isVerdict(this.#slots.state(index, at).state)) at -= slotMs;
      const slot = this.#slots.slot(index, at);
      const { incident } = this.#slots.state(index, at);
      const lastEnd =
        incidents
          .filter((each) => each.touches(key) && each.to > 0 && each.state !== 'missed')
          .map(({ to }) => to)
          .sort((a, b) => a - b)[0] ?? 88 * 24;
      const list: DayCounts[] = [];
      const today = Math.floor(this.#now / dayMs) * dayMs;
      for (let day = today - (days - 1) * dayMs; day <= today; day += dayMs) {
        const counts = this.#slots.counts(index, day, day + dayMs);
        const meanMs = this.#slots.timings(index, day + 12 * hourMs, 'healthy')?.totalMs ?? null;
        list.push({ ...counts, day: iso(day).slice(0, 10), worst: worstOf(counts), meanMs, maxMs: meanMs === null ? null : meanMs * 1.4 });
      }
      const missed = this.#slots.state(index, last);
      return {
        ...key,
        sts: stsOf(key.target),
        verdict: slot.state as SlotVerdict,
        cause: slot.cause,
        causeTitle: slot.causeTitle,
        kb: slot.kb,
        summary: slot.why,
        since: iso(this.#now - (incident?.every ? 0.3 : (incident?.from ?? lastEnd)) * hourMs),
        lastSlotAt: slot.slotAt,
        lastSlotId: slot.id,
        lastRunId: slot.runId,
        lastTotalMs: slot.totalMs,
        missing: missed.incident?.missed ?? null,
        nextSlotAt: iso(last + slotMs),
        last24h: this.#slots.counts(index, this.#now - dayMs, this.#now),
        total: this.#slots.counts(index, this.#now - days * dayMs, this.#now),
        days: list,
        forecast: sampleForecast(key.target, this.#now),
      };
    });
  }
  async series(): Promise<SeriesKey[]> {
    return [...this.keys];
  }
  async timeline(target: string, span: { from: string; to: string }): Promise<Timeline> {
    const [from, to] = [Date.parse(span.from), Date.parse(span.to)];
    const step = to - from <= 2 * dayMs ? 'slot' : to - from <= 31 * dayMs ? 'hour' : 'day';
    const stepMs = step === 'slot' ? slotMs : step === 'hour' ? hourMs : dayMs;
    return {
      step,
      series: this.keys.flatMap((key, index) => {
        if (key.target !== target) return [];
        const points: TimelinePoint[] = [];
        for (
          let at = step === 'slot' ? this.#slots.slotTime(index, from) + slotMs : Math.floor(from / stepMs) * stepMs;
          at < Math.min(to, this.#now);
          at += stepMs
        ) {
          const counts = this.#slots.counts(index, at, at + stepMs);
          const slot = this.#slots.slot(index, this.#slots.slotTime(index, at + stepMs - 1));
          const worst = worstOf(counts);
          points.push({
            ...counts,
            from: iso(at),
            to: iso(at + stepMs),
            worst,
            cause: worst === 'healthy' ? null : slot.cause,
            timings: worst === null ? null : this.#slots.timings(index, at, worst),
            slotId: step === 'slot' ? slot.id : null,
            runId: step === 'slot' ? slot.runId : null,
          });
        }
        return [{ key, points }];
      }),
      windows: this.windowList.filter(
        (each) => (each.targets === null || each.targets.includes(target)) && Date.parse(each.from) < to && (each.to === null || Date.parse(each.to) > from),
      ),
      certificates: this.certificateList.filter(
        ({ seenBy, firstSeen }) => seenBy.some((key) => key.target === target) && Date.parse(firstSeen) >= from && Date.parse(firstSeen) <= to,
      ),
      alerts: this.alertList.filter(
        ({ members, openedAt, recoveredAt }) =>
          members.some((key) => key.target === target) && Date.parse(openedAt) < to && (recoveredAt === null || Date.parse(recoveredAt) > from),
      ),
    };
  }
  async slots({ target, route, location, states, before, after, limit = 100 }: SlotFilter = {}): Promise<Slot[]> {
    const fits = (key: SeriesKey): boolean =>
      (target ?? key.target) === key.target && (route ?? key.route) === key.route && (location ?? key.location) === key.location;
    const may = (key: SeriesKey): boolean =>
      !states || states.some((state) => state === 'healthy' || state === 'planned' || incidents.some((each) => each.state === state && each.touches(key)));
    const wanted = this.keys.flatMap((key, index) => (fits(key) && may(key) ? [index] : []));
    const oldest = Math.max(after ? Date.parse(after) : 0, this.#now - 20 * dayMs);
    const end = before ? Date.parse(before) - 1 : this.#now + slotMs;
    const found: Slot[] = [];
    for (let round = 0; found.length < limit && end - round * slotMs > oldest; round++)
      for (const index of wanted) {
        const slot = this.#slots.slot(index, this.#slots.slotTime(index, end - round * slotMs));
        if (!states || states.includes(slot.state)) found.push(slot);
      }
    return found.sort((a, b) => (a.slotAt < b.slotAt ? 1 : -1)).slice(0, limit);
  }
  async slot(id: string): Promise<{ slot: Slot; attempts: Attempt[] } | null> {
    const [index, ms] = [parseInt(id.slice(0, 8), 16) - 1, parseInt(id.slice(24), 16) * 1000];
    if (!this.keys[index] || Number.isNaN(ms)) return null;
    const slot = this.#slots.slot(index, ms);
    return {
      slot,
      attempts: this.#slots.attempts(index, ms),
    };
  }
  async report(runId: string): Promise<StoredReport | null> {
    const match = /^(\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)-([0-9a-f]{4})$/.exec(runId);
    if (!match) return null;
    const [, y, mo, d, h, mi, s, code = '0'] = match;
    const ms = Date.UTC(Number(y), Number(mo) - 1, Number(d), Number(h), Number(mi), Number(s));
    const [index, attempt] = [Math.floor(parseInt(code, 16) / 4) - 1, parseInt(code, 16) % 4];
    const slot = this.keys[index] ? this.#slots.slot(index, ms) : null;
    if (!slot || !isVerdict(slot.state)) return null;
    const kind = slot.state === 'flaky' ? (attempt === 1 ? 'unexplained' : 'healthy') : slot.state;
    const sample = sampleReports[kind]!();
    const results = sample.results.slice(0, 1).map((result) => ({ ...result, target: slot.target, route: slot.route }));
    return {
      runId,
      slotId: slot.id,
      report: { ...sample, run: { ...sample.run, id: runId, startedAt: iso(ms + 200), finishedAt: iso(ms + 1500), location: slot.location }, results },
      html: null,
    };
  }
  async certificates({ all = false }: { all?: boolean } = {}): Promise<CertificateRecord[]> {
    return this.certificateList.filter(({ current }) => all || current).sort((a, b) => (a.notAfter < b.notAfter ? -1 : 1));
  }
  async alerts({ state, limit = 100 }: { state?: AlertRecord['state']; limit?: number } = {}): Promise<AlertRecord[]> {
    return this.alertList
      .filter((alert) => state === undefined || alert.state === state)
      .sort((a, b) => (a.openedAt < b.openedAt ? 1 : -1))
      .slice(0, limit);
  }
  async alert(id: string): Promise<{ alert: AlertRecord; deliveries: Delivery[] } | null> {
    const alert = this.alertList.find((each) => each.id === id);
    return alert ? { alert, deliveries: this.deliveries.filter(({ alertId }) => alertId === id) } : null;
  }
  async silences({ all = false }: { all?: boolean } = {}): Promise<Silence[]> {
    return this.silenceList.filter(({ to }) => all || Date.parse(to) > Date.now());
  }
  async windows(span: { from: string; to: string }): Promise<Window[]> {
    return this.windowList.filter(({ from, to }) => from < span.to && (to === null || to > span.from));
  }
  async queues() {
    return [
      { location: 'dmz', waiting: 3, running: 2, queueAgeMs: 4200 },
      { location: 'hq', waiting: 0, running: 1, queueAgeMs: 0 },
    ];
  }
  async runners() {
    const common = { tool: '1.0.0', startedAt: iso(this.#now - 3 * dayMs), lastSeenAt: iso(this.#now - 4000) };
    return [
      { ...common, name: 'agent-dmz-1', kind: 'agent' as const, location: 'dmz', capacity: 2, running: 2 },
      { ...common, name: 'watch@monitor-1', kind: 'watch' as const, location: 'hq', capacity: 2, running: 1 },
    ];
  }
  async endedSince() {
    return [];
  }
  async saveSilence(silence: Omit<Silence, 'id'>): Promise<Silence> {
    const saved = { ...silence, id: uuid(this.silenceList.length, this.#now - (this.#now % 1000)) };
    this.silenceList.push(saved);
    return saved;
  }
  async endSilence(id: string, now = new Date()): Promise<boolean> {
    const known = this.silenceList.some((each) => each.id === id && Date.parse(each.to) > now.getTime());
    this.silenceList = this.silenceList.map((each) => (each.id === id ? { ...each, to: now.toISOString() } : each));
    return known;
  }
  async acknowledge(alertId: string, by: string, now = new Date()): Promise<boolean> {
    const known = this.alertList.some(({ id }) => id === alertId);
    this.alertList = this.alertList.map((alert) => (alert.id === alertId ? { ...alert, acknowledgedBy: by, acknowledgedAt: now.toISOString() } : alert));
    return known;
  }
  async runNow(key: SeriesKey): Promise<string | null> {
    const index = this.keys.findIndex((each) => each.target === key.target && each.route === key.route && each.location === key.location);
    if (index < 0) return null;
    this.asked.push(key);
    return uuid(index, this.#slots.slotTime(index, this.#now) + slotMs);
  }
  onChange(listener: (change: { readonly slotId: string; readonly state: SlotState }) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  /** As if a slot had ended. */
  change(): void {
    for (const listener of this.#listeners) listener({ slotId: uuid(0, this.#slots.slotTime(0, this.#now)), state: 'broken' });
  }
  get listening(): number {
    return this.#listeners.size;
  }
}
