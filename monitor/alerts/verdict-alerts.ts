import type { AlertMember, AlertRecord, LeftHow } from '../../contracts/monitoring';
import { liesWith } from '../../diagnosis/cause-traits';
import { isKnown, joinedBy, leaving, liveMembers, newAlert, settled } from './alert-change';
import type { AlertPolicy } from './alert-policy';
import { groupBy } from './group-by';
import { foretoldBreak, type ObservedSeries } from './observed-series';
import { placeName, quorumOf, sees } from './quorum';
import { seriesName } from './series-name';
import { type Standing, standingOf, type Trouble, troubles } from './settled-verdict';

type Bad = Extract<Standing, { kind: 'bad' }>;

/** A series that is, or would be, a member of the alert with this key. */
interface Candidate {
  readonly series: ObservedSeries;
  readonly key: string;
  readonly bad: Bad;
  readonly heldBy: AlertRecord | null;
}

export interface VerdictRound {
  readonly now: string;
  /** Every series that is monitored now. */
  readonly series: readonly ObservedSeries[];
  /** Open alerts of the kind that is meant. */
  readonly open: readonly AlertRecord[];
  readonly policy: AlertPolicy;
}

const severity: Readonly<Record<Trouble, AlertRecord['severity']>> = { broken: 'critical', 'at-risk': 'warning', flaky: 'warning' };
const unexplained: Readonly<Record<Trouble, string>> = {
  broken: 'Sign-in is broken, cause unexplained',
  'at-risk': 'Sign-in works, but is at risk',
  flaky: 'Sign-ins fail and work when repeated',
};
const prefix: Readonly<Record<Trouble, string>> = { broken: 'cause', 'at-risk': 'risk', flaky: 'flaky' };

/** True where one more target in an alert of this cause is no news. */
export const joinsQuietly = ({ joiners }: AlertPolicy, cause: string | null): boolean =>
  joiners === 'quiet' || (joiners === 'by-cause' && liesWith(cause) === 'sts');

/**
 * Opens, changes and ends the alerts about verdicts: one alert per cause and STS, whatever the number of targets, routes and locations. Pure but for the
 * ids of new alerts. Returns the alerts that may have changed.
 */
export function verdictAlerts({ now, series, open, policy }: VerdictRound): AlertRecord[] {
  const alerts = new Map(open.map((alert) => [alert.id, alert]));
  const holderOf = new Map(open.flatMap((alert) => liveMembers(alert).map((member) => [seriesName(member), alert] as const)));
  const leave = (name: string, how: LeftHow): void => {
    const alert = alerts.get(holderOf.get(name)?.id ?? '');
    if (!alert) return;
    const members = alert.members.map((member) => (member.left || seriesName(member) !== name ? member : leaving(member, how, now)));
    alerts.set(alert.id, { ...alert, members });
  };

  const known = new Set(series.map(({ overview }) => seriesName(overview)));
  for (const name of holderOf.keys()) if (!known.has(name)) leave(name, 'removed');
  const standings = series.map((each) => {
    const heldBy = holderOf.get(seriesName(each.overview)) ?? null;
    return { series: each, heldBy, standing: standingIn(each, heldBy, policy, now) };
  });
  const candidates = standings.flatMap(({ series: each, heldBy, standing }): Candidate[] => {
    const step = standing.kind === 'bad' && heldBy ? stepOf(standing, heldBy) : 0;
    if (standing.kind === 'good' || step < 0) leave(seriesName(each.overview), 'recovered');
    if (standing.kind !== 'bad') return [];
    return [{ series: each, key: keyOf(each, standing), bad: standing, heldBy: step < 0 ? null : heldBy }];
  });
  for (const name of unseen(standings, holderOf, policy)) leave(name, 'unseen');

  for (const [key, all] of groupBy(candidates, (candidate) => candidate.key)) {
    const present = [...alerts.values()].find((alert) => alert.key === key);
    const quorum = quorumOf(
      all.map(({ series: { overview }, bad }) => ({ ...overview, confirmed: bad.confirmed })),
      present ? liveMembers(present) : [],
      series,
      policy,
    );
    // Where joining is told, one slot is not enough for it; while an alert is gathered, whoever shows its cause belongs to it.
    const strict = present !== undefined && present.lastNotifiedAt !== null && !joinsQuietly(policy, present.cause);
    const some = all.filter(({ series: { overview }, bad }) => (strict ? bad.confirmed && quorum.opens(overview) : quorum.joins(overview)));
    const first = some.find(({ series: { overview }, bad }) => bad.confirmed && quorum.opens(overview)) ?? (present ? some[0] : undefined);
    if (!first) continue;
    // All of one alert's members went over together: it is the same trouble under a better name.
    const whole = present ? null : wholeAlert(some);
    for (const { series: moving, heldBy } of some) if (heldBy && heldBy !== whole) leave(seriesName(moving.overview), 'moved');
    const joiners = some.map((candidate) => memberOf(candidate, now));
    if (present) {
      // Whatever was known of those who join: in this alert they are new.
      const joined = joiners.map((member): AlertMember => ({ ...member, untold: { what: 'joined', since: now } }));
      // One that is not told yet has not changed: it is told as a whole.
      const quiet = joinsQuietly(policy, present.cause) || present.lastNotifiedAt === null;
      alerts.set(present.id, { ...present, members: joinedBy(present.members, joined), changedAt: quiet ? present.changedAt : now });
      continue;
    }
    const { bad } = first;
    const facts = {
      key,
      kind: 'verdict' as const,
      severity: severity[bad.verdict],
      title: bad.causeTitle ?? unexplained[bad.verdict],
      verdict: bad.verdict,
      cause: bad.cause,
      kb: bad.kb,
      sts: first.series.overview.sts,
      members: joinedBy(whole?.members ?? [], joiners),
    };
    const alert = whole ? { ...whole, ...facts, changedAt: now } : newAlert(now, facts);
    alerts.set(alert.id, alert);
  }
  return [...alerts.values()].map((alert) => settled(alert, now));
}

/** How much worse it is than what it was alerted for: 0 = another cause. */
const stepOf = (bad: Bad, heldBy: AlertRecord): number => troubles.indexOf(bad.verdict) - troubles.indexOf(heldBy.verdict as Trouble);

function memberOf({ series: { overview }, bad, heldBy }: Candidate, now: string): AlertMember {
  const before = heldBy?.members.find((member) => seriesName(member) === seriesName(overview));
  const wasKnown = heldBy !== null && heldBy.lastNotifiedAt !== null && before !== undefined && isKnown(before);
  const what = !wasKnown ? 'joined' : stepOf(bad, heldBy) > 0 ? 'worsened' : 'cause-changed';
  const { target, route, location } = overview;
  return { target, route, location, since: bad.since, runId: bad.runId, untold: { what, since: now } };
}

function standingIn({ overview, slots }: ObservedSeries, heldBy: AlertRecord | null, policy: AlertPolicy, now: string): Standing {
  if (slots === null) return { kind: 'same' };
  return standingOf({
    slots,
    held: heldBy && heldBy.verdict !== null ? { verdict: heldBy.verdict as Trouble, cause: heldBy.cause } : null,
    thresholds: policy.thresholdsOf(overview.target),
    flaky: policy.flaky,
    foretold: foretoldBreak(overview, policy.forecastDays, now) !== null,
  });
}

/** Without a known STS (it was never reached) a target is alone. */
function keyOf({ overview: { sts, target } }: ObservedSeries, { verdict, cause }: Bad): string {
  const place = sts ?? target;
  return verdict === 'flaky' ? `flaky:${place}` : `${prefix[verdict]}:${cause ?? 'unexplained'}:${place}`;
}

/** Members at locations that fell silent, where one location alone does not count and every other one sees no trouble: nobody says any more that it lasts. */
function unseen(
  standings: readonly { readonly series: ObservedSeries; readonly standing: Standing }[],
  holderOf: ReadonlyMap<string, AlertRecord>,
  policy: AlertPolicy,
): string[] {
  return [...groupBy(standings, ({ series: { overview } }) => placeName(overview)).values()].flatMap((place) => {
    const [blind, seeing] = [place.filter(({ series }) => !sees(series, policy)), place.filter(({ series }) => sees(series, policy))];
    const target = place[0]?.series.overview.target ?? '';
    if (policy.thresholdsOf(target).locations < 2 || seeing.length === 0 || !seeing.every(({ standing }) => standing.kind === 'good')) return [];
    return blind.flatMap(({ series: { overview } }) => (holderOf.has(seriesName(overview)) ? [seriesName(overview)] : []));
  });
}

function wholeAlert(candidates: readonly Candidate[]): AlertRecord | null {
  const sources = [...new Set(candidates.flatMap(({ heldBy }) => heldBy ?? []))];
  const [source] = sources;
  if (!source || sources.length > 1 || source.lastNotifiedAt === null) return null;
  const moving = new Set(candidates.map(({ series }) => seriesName(series.overview)));
  return liveMembers(source).every((member) => moving.has(seriesName(member))) ? source : null;
}
