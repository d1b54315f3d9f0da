import type { SeriesKey } from '../../contracts/monitoring';
import { claimSlots } from '../store/lifecycle/claim';
import { type AttemptOutcome, finishSlot } from '../store/lifecycle/finish';
import { recordPlans, recordSeries } from '../store/lifecycle/plan';
import type { OpenStore } from '../store/open-store';

/** For tests: one slot of each series, due at `at`, planned, claimed and ended with these attempts. */
export async function endSlots({ db, queue, changed }: OpenStore, keys: readonly SeriesKey[], at: Date, attempts: readonly AttemptOutcome[]): Promise<void> {
  const startBefore = new Date(Date.now() + 60_000);
  const series = await recordSeries(db, queue, keys);
  await recordPlans(
    db,
    queue,
    series.map((each) => ({ series: each, until: at, slots: [{ at, startBefore, missed: null }] })),
  );
  for (const location of new Set(keys.map((key) => key.location)))
    for (const claim of await claimSlots(db, queue, { location, runner: 'test', leaseMs: 60_000 }, keys.length)) {
      const verdict = await finishSlot(db, queue, claim, attempts);
      if (verdict === null) throw new Error('the claim is no longer good');
      changed(claim.slotId, verdict);
    }
}
