import type { AlertMember, AlertRecord, Slot } from '../../contracts/monitoring';
import { joinedBy, leaving, liveMembers, newAlert, settled } from './alert-change';
import { groupBy } from './group-by';
import type { ObservedSeries } from './observed-series';
import { seriesName } from './series-name';
import type { VerdictRound } from './verdict-alerts';

interface Held {
  readonly series: ObservedSeries;
  readonly slot: Slot;
  readonly account: string;
}

/** Slots that say how the series stands: those that were missed say nothing. */
const latestOf = ({ slots }: ObservedSeries): Slot | undefined => slots?.find(({ state }) => state !== 'missed' && state !== 'maintenance');

/**
 * One alert per account and STS that refused it, at the first slot that says so: from then on nobody signs in with it, so nobody would see a broken sign-in.
 * It says nothing about other people: they can sign in. It ends with the first slot that was tried again, whatever that found.
 */
export function accountAlerts({ now, series, open }: VerdictRound): AlertRecord[] {
  const held = series.flatMap((each): Held[] => {
    const slot = latestOf(each);
    return slot?.account ? [{ series: each, slot, account: slot.account }] : [];
  });
  const keyOf = ({ series: { overview }, account }: Held): string => `account:${overview.sts ?? overview.target}:${account}`;
  const byKey = groupBy(held, keyOf);
  const observed = new Map(series.map((each) => [seriesName(each.overview), each]));
  const keys = new Set([...byKey.keys(), ...open.map(({ key }) => key)]);
  return [...keys].flatMap((key): AlertRecord[] => {
    const some = byKey.get(key) ?? [];
    const present = open.find((alert) => alert.key === key);
    const still = new Set(some.map(({ series: { overview } }) => seriesName(overview)));
    const members = (present?.members ?? []).map((member): AlertMember => {
      const each = observed.get(seriesName(member));
      if (member.left || still.has(seriesName(member))) return member;
      if (!each) return leaving(member, 'removed', now);
      const slot = latestOf(each);
      // An `unknown` of another kind tells nothing of the account.
      return slot && (slot.state !== 'unknown' || slot.account !== null) ? leaving(member, 'recovered', now) : member;
    });
    const inside = new Set(liveMembers({ members }).map(seriesName));
    const joiners = some
      .filter(({ series: { overview } }) => !inside.has(seriesName(overview)))
      .map(({ series: { overview }, slot }): AlertMember => {
        const { target, route, location } = overview;
        return { target, route, location, since: slot.slotAt, runId: slot.runId, untold: { what: 'joined', since: now } };
      });
    if (present) return [settled({ ...present, members: joinedBy(members, joiners) }, now)];
    const [first] = some;
    if (!first) return [];
    const { sts } = first.series.overview;
    const where = sts === null ? '' : ` at ${new URL(sts).host}`;
    const title = `The probe's account ${first.account} is refused${where}, so sign-in is not tested`;
    return [newAlert(now, { key, kind: 'account', severity: 'warning', title, sts, members: joiners })];
  });
}
