import type { Slot } from '../../contracts/monitoring';
import type { StoreReads } from '../store/store';
import type { EndedAttempt } from './stage-durations';

/** The attempts of slots that ended, those without an end left out. */
export async function endedAttempts(store: Pick<StoreReads, 'slot'>, slots: readonly Slot[]): Promise<EndedAttempt[]> {
  const found: EndedAttempt[] = [];
  for (const { id, target, route, location, attempts } of slots) {
    const stored = attempts > 0 ? await store.slot(id) : null;
    for (const attempt of stored?.attempts ?? []) if (attempt.verdict !== null) found.push({ series: { target, route, location }, attempt });
  }
  return found;
}
