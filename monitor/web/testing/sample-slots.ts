import type { Attempt, SeriesKey, Slot, SlotCounts, SlotState, SlotVerdict, StageTimings } from '../../../contracts/monitoring';
import { slotVerdictsFromBestToWorst } from '../../../contracts/monitoring';
import { chance, dayMs, hourMs, type Incident, incidents, offsetMs, slotMs } from './sample-plan';

export const uuid = (index: number, ms: number): string =>
  `${(index + 1).toString(16).padStart(8, '0')}-0000-4000-8000-${(ms / 1000).toString(16).padStart(12, '0')}`;
const runOf = (index: number, ms: number, attempt = 1): string =>
  `${new Date(ms).toISOString().slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}-${((index + 1) * 4 + attempt).toString(16).padStart(4, '0')}`;
export const iso = (ms: number): string => new Date(ms).toISOString();
export const isVerdict = (state: SlotState): state is SlotVerdict => (slotVerdictsFromBestToWorst as readonly string[]).includes(state);

/** The slots of the sample store, made from their number and instant alone: nothing is kept. */
export class SampleSlots {
  readonly #keys: readonly SeriesKey[];
  readonly #now: number;

  constructor(keys: readonly SeriesKey[], now: number) {
    this.#keys = keys;
    this.#now = now;
  }

  #incident(key: SeriesKey, ms: number, index: number): Incident | null {
    const hours = (this.#now - ms) / hourMs;
    return (
      incidents.find(
        (each) =>
          hours <= each.from && hours >= each.to && each.touches(key) && (each.every === undefined || Math.floor(ms / slotMs + index) % each.every === 0),
      ) ?? null
    );
  }
  state(index: number, ms: number): { state: SlotState; incident: Incident | null } {
    const key = this.#keys[index]!;
    if (ms > this.#now) return { state: 'planned', incident: null };
    const incident = this.#incident(key, ms, index);
    return { state: incident?.state ?? 'healthy', incident };
  }
  timings(index: number, ms: number, state: SlotState): StageTimings | null {
    if (!isVerdict(state) || state === 'unknown') return null;
    const base = 0.7 + chance('base', index) * 0.6 + (this.#keys[index]!.route === 'ifd' ? 0.35 : 0);
    const busy = 1 + 0.35 * Math.max(0, Math.sin(((ms % dayMs) / dayMs) * 2 * Math.PI - 2)) + 0.15 * chance('noise', index, ms);
    const at = (mean: number): number => Math.round(mean * base * busy);
    const [dnsMs, tlsMs, stsMs, tokenPostMs] = [at(4), at(45), at(state === 'flaky' ? 900 : 420), at(120)];
    const crmPageMs = state === 'broken' ? null : at(640);
    return { totalMs: dnsMs + tlsMs + stsMs + tokenPostMs + (crmPageMs ?? 0), dnsMs, tlsMs, stsMs, tokenPostMs, crmPageMs };
  }
  slotTime(index: number, before: number): number {
    const offset = offsetMs(index);
    return Math.floor((before - offset) / slotMs) * slotMs + offset;
  }
  slot(index: number, ms: number, origin: Slot['origin'] = 'schedule'): Slot {
    const { state, incident } = this.state(index, ms);
    const verdict = isVerdict(state);
    const timings = this.timings(index, ms, state);
    return {
      ...this.#keys[index]!,
      id: uuid(index, ms),
      slotAt: iso(ms),
      origin,
      state,
      missedBecause: incident?.missed ?? null,
      why: incident?.summary ?? (state === 'healthy' ? 'healthy: signed in' : null),
      cause: incident?.cause ?? null,
      causeTitle: incident?.causeTitle ?? null,
      kb: incident?.kb ?? null,
      account: null,
      startedAt: verdict ? iso(ms + 200) : null,
      finishedAt: verdict ? iso(ms + 200 + (timings?.totalMs ?? 210)) : null,
      totalMs: timings?.totalMs ?? null,
      attempts: verdict ? (state === 'broken' || state === 'flaky' ? 2 : 1) : 0,
      runId: verdict ? runOf(index, ms, state === 'broken' ? 2 : 1) : null,
    };
  }
  counts(index: number, from: number, to: number): SlotCounts {
    const counts = { planned: 0, healthy: 0, atRisk: 0, broken: 0, flaky: 0, unknown: 0, missed: 0, maintenance: 0 };
    const first = this.slotTime(index, from - 1) + slotMs;
    const end = Math.min(to, this.#now);
    const all = Math.max(0, Math.ceil((end - first) / slotMs));
    const [oldest, newest] = [(this.#now - from) / hourMs, (this.#now - end) / hourMs];
    if (!incidents.some((each) => each.touches(this.#keys[index]!) && each.from >= newest && each.to <= oldest))
      return { ...counts, planned: all, healthy: all };
    for (let ms = first; ms < end; ms += slotMs) {
      const { state } = this.state(index, ms);
      if (state !== 'maintenance') counts.planned++;
      if (state === 'at-risk') counts.atRisk++;
      else if (state !== 'planned' && state !== 'running' && state !== 'withdrawn') counts[state]++;
    }
    return counts;
  }
  attempts(index: number, ms: number): Attempt[] {
    const slot = this.slot(index, ms);
    return Array.from({ length: slot.attempts }, (_, n): Attempt => {
      const verdict = slot.state === 'flaky' ? (n === 0 ? 'broken' : 'healthy') : (slot.state as 'broken');
      return {
        slotId: slot.id,
        n: n + 1,
        reason: n === 0 ? 'first' : 'confirming',
        runner: slot.location === 'hq' ? 'watch@monitor-1' : 'agent-dmz-1',
        startedAt: iso(ms + 200 + n * 4000),
        finishedAt: iso(ms + 1400 + n * 4000),
        verdict,
        cause: slot.cause,
        summary: verdict === 'healthy' ? 'healthy: signed in' : slot.why,
        failedAt: verdict === 'broken' ? 'token-post' : null,
        symptom: verdict === 'broken' ? 'error-page' : 'none',
        timings: this.timings(index, ms + n, verdict),
        runId: runOf(index, ms, n + 1),
        hasReport: true,
        why: null,
      };
    });
  }
}
