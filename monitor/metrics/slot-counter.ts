import type { SeriesKey, SlotState } from '../../contracts/monitoring';
import type { StoreReads } from '../store/store';
import { seriesName } from '../alerts/series-name';

export interface SlotCount {
  readonly series: SeriesKey;
  readonly state: SlotState;
  readonly missedBecause: string | null;
  readonly count: number;
}

const dayMs = 86_400_000;
const midnight = (at: Date): string => new Date(Math.floor(at.getTime() / dayMs) * dayMs).toISOString();

/**
 * Slots that ended since this process began, as counters that only grow. Counted in the store, so every server of a fleet says the same of its own time;
 * days that are over are counted once, so that a year of running costs no more than a day.
 */
export class SlotCounter {
  private readonly past = new Map<string, SlotCount>();
  private day: string;

  constructor(
    private readonly store: Pick<StoreReads, 'endedSince'>,
    now: Date = new Date(),
  ) {
    this.day = midnight(now);
  }

  async read(now: Date = new Date()): Promise<SlotCount[]> {
    const today = midnight(now);
    const current = await this.store.endedSince(today);
    if (today !== this.day) {
      // What ended since the last day counted began, without what ended today, is over.
      for (const each of await this.store.endedSince(this.day)) add(this.past, each, 1);
      for (const each of current) add(this.past, each, -1);
      this.day = today;
    }
    const all = new Map(this.past);
    for (const each of current) add(all, each, 1);
    return [...all.values()].filter(({ count }) => count > 0);
  }
}

function add(counts: Map<string, SlotCount>, each: SlotCount, sign: 1 | -1): void {
  const key = `${seriesName(each.series)} ${each.state} ${each.missedBecause ?? ''}`;
  counts.set(key, { ...each, count: (counts.get(key)?.count ?? 0) + sign * each.count });
}
