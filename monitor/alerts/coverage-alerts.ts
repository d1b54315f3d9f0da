import type { AlertMember, AlertRecord, MissedBecause, Slot } from '../../contracts/monitoring';
import { joinedBy, leaving, liveMembers, newAlert, settled } from './alert-change';
import { groupBy } from './group-by';
import type { ObservedSeries } from './observed-series';
import { seriesName } from './series-name';
import type { VerdictRound } from './verdict-alerts';

/** Without a verdict, for a reason of its own: a refused account has its own alert. */
const lacking = ({ state, account }: Slot): boolean => state === 'missed' || (state === 'unknown' && account === null);

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
 * nobody would see a broken one. A series leaves it once half as few are lacking, so that one around the threshold does not come and go.
 */
export function coverageAlerts({ now, series, open, policy: { coverage } }: VerdictRound): AlertRecord[] {
  const few = coverage.of * (1 - coverage.below);
  const lost = ({ slots }: ObservedSeries): Slot[] => (slots ?? []).slice(0, coverage.of).filter(lacking);
  const byLocation = groupBy(series, ({ overview }) => overview.location);
  const keyOf = (location: string): string => `coverage:${location}`;
  const locations = new Set([...byLocation.keys(), ...open.flatMap(({ members }) => members.map(({ location }) => location))]);
  return [...locations].flatMap((location): AlertRecord[] => {
    const some = byLocation.get(location) ?? [];
    const present = open.find(({ key }) => key === keyOf(location));
    const observed = new Map(some.map((each) => [seriesName(each.overview), each]));
    const members = (present?.members ?? []).map((member): AlertMember => {
      if (member.left) return member;
      const each = observed.get(seriesName(member));
      if (!each) return leaving(member, 'removed', now);
      return each.slots !== null && lost(each).length <= few / 2 ? leaving(member, 'recovered', now) : member;
    });
    const inside = new Set(liveMembers({ members }).map(seriesName));
    // A rounding error must not turn "less than 0.8" into "0.8 or less".
    const joining = some.filter((each) => !inside.has(seriesName(each.overview)) && lost(each).length > few + 1e-9);
    const joiners = joining.map((each): AlertMember => {
      const { target, route } = each.overview;
      const gaps = lost(each);
      return { target, route, location, since: gaps.at(-1)?.slotAt ?? now, runId: gaps[0]?.runId ?? null, untold: { what: 'joined', since: now } };
    });
    if (present) return [settled({ ...present, members: joinedBy(members, joiners) }, now)];
    if (joiners.length === 0) return [];
    const title = `Location ${location}: too few sign-ins get a verdict, ${reasonOf(joining.flatMap(lost))}`;
    return [newAlert(now, { key: keyOf(location), kind: 'coverage', severity: 'warning', title, members: joiners })];
  });
}

/** The most frequent reason. */
function reasonOf(gaps: readonly Slot[]): string {
  const reasons = gaps.map(({ state, missedBecause }) => (state === 'missed' && missedBecause ? missedWords[missedBecause] : 'the probe could not tell'));
  const counted = [...groupBy(reasons, (reason) => reason)].toSorted(([, a], [, b]) => b.length - a.length);
  return counted[0]?.[0] ?? 'the probe could not tell';
}
