import type { Overview, Slot } from '../../contracts/monitoring';

/** A series as the alert engine sees it in one round. */
export interface ObservedSeries {
  readonly overview: Overview;
  /** Its latest slots, the newest first; null when none ended since the last round. */
  readonly slots: readonly Slot[] | null;
}

const dayMs = 86_400_000;

/** The next break, when it is near enough to be told of. */
export function foretoldBreak({ forecast }: Overview, forecastDays: readonly number[], now: string): string | null {
  const breaksAt = forecast?.breaksAt ?? null;
  return breaksAt !== null && Date.parse(breaksAt) - Date.parse(now) <= (forecastDays[0] ?? 0) * dayMs ? breaksAt : null;
}
