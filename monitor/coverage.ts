import type { SlotCounts } from '../contracts/monitoring';

/** Coverage from 0 to 1; null when nothing was planned. */
export function coverageOf({ planned, healthy, atRisk, broken, flaky }: SlotCounts): number | null {
  return planned > 0 ? (healthy + atRisk + broken + flaky) / planned : null;
}
