import type { SlotCounts } from '../../contracts/monitoring';

/** Coverage from 0 to 1; null when nothing was planned. */
export function coverageOf({ planned, healthy, atRisk, broken, flaky }: SlotCounts): number | null {
  return planned > 0 ? (healthy + atRisk + broken + flaky) / planned : null;
}

/** All of them together. */
export const sumOf = (all: readonly SlotCounts[]): SlotCounts =>
  all.reduce<SlotCounts>(
    (sum, each) => ({
      planned: sum.planned + each.planned,
      healthy: sum.healthy + each.healthy,
      atRisk: sum.atRisk + each.atRisk,
      broken: sum.broken + each.broken,
      flaky: sum.flaky + each.flaky,
      unknown: sum.unknown + each.unknown,
      missed: sum.missed + each.missed,
      maintenance: sum.maintenance + each.maintenance,
    }),
    { planned: 0, healthy: 0, atRisk: 0, broken: 0, flaky: 0, unknown: 0, missed: 0, maintenance: 0 },
  );
