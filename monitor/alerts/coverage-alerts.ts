import { randomUUID } from 'node:crypto';
import type { AlertRecord, MissedBecause, Slot } from '../../contracts/monitoring';
import { type AlertChange, ended, newAlert } from './alert-change';
import { groupBy } from './group-by';
import type { VerdictRound } from './verdict-alerts';
import { seriesName } from './series-name';

const lacking = ({ state }: Slot): boolean => state === 'missed' || state === 'unknown';

/** Why a slot was missed, as a clause. */
export const missedWords: Readonly<Record<MissedBecause, string>> = {
  overloaded: 'every worker of the location was busy',
  'no-agent': 'nobody was there to work for the location',
  'agent-gone': 'the agent stopped in the middle of a run',
  'machine-asleep': 'the machine was asleep or stood still',
  'not-running': 'signin-probe watch was not running',
  'store-down': 'the database did not answer',
};

/**
 * One alert per location where too few slots get a verdict: missed ones and those the probe could not tell. Says nothing about sign-in; it says that
 * nobody would see a broken one.
 */
export function coverageAlerts({ now, series, open, policy: { coverage } }: VerdictRound): AlertChange[] {
  const few = coverage.of * (1 - coverage.below);
  const byLocation = groupBy(series, ({ overview }) => overview.location);
  const names = new Set(series.map(({ overview }) => seriesName(overview)));
  const changes: AlertChange[] = [];
  for (const alert of open)
    if (!alert.members.some((member) => names.has(seriesName(member)))) changes.push({ alert: ended(alert, now), became: null, dissolved: true });
  for (const [location, some] of byLocation) {
    const key = `coverage:${location}`;
    const present = open.find((alert) => alert.key === key);
    const gaps: Slot[] = [];
    const members = some.flatMap(({ overview: { target, route }, slots }): AlertRecord['members'] => {
      const before = present?.members.filter((member) => member.target === target && member.route === route) ?? [];
      if (slots === null) return before;
      const lost = slots.slice(0, coverage.of).filter(lacking);
      // A rounding error must not turn "less than 0.8" into "0.8 or less".
      if (lost.length <= few + 1e-9) return [];
      gaps.push(...lost);
      return before.length > 0 ? before : [{ target, route, location, since: lost.at(-1)?.slotAt ?? now, runId: lost[0]?.runId ?? null }];
    });
    if (!present && members.length > 0)
      changes.push({
        alert: newAlert(now, randomUUID(), {
          key,
          kind: 'coverage',
          severity: 'warning',
          title: `Location ${location}: too few sign-ins get a verdict, ${reasonOf(gaps)}`,
          members,
        }),
        became: null,
        dissolved: false,
      });
    if (present && members.length === 0) changes.push({ alert: { ...ended(present, now), members }, became: null, dissolved: false });
    if (present && members.length > 0 && members.length !== present.members.length)
      changes.push({ alert: { ...present, members }, became: null, dissolved: false });
  }
  return changes;
}

/** The most frequent reason. */
function reasonOf(gaps: readonly Slot[]): string {
  const reasons = gaps.map(({ state, missedBecause }) => (state === 'missed' && missedBecause ? missedWords[missedBecause] : 'the probe could not tell'));
  const counted = [...groupBy(reasons, (reason) => reason)].toSorted(([, a], [, b]) => b.length - a.length);
  return counted[0]?.[0] ?? 'the probe could not tell';
}
