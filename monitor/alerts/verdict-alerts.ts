import { randomUUID } from 'node:crypto';
import type { AlertRecord } from '../../contracts/monitoring';
import { type AlertChange, ended, newAlert } from './alert-change';
import { groupBy } from './group-by';
import type { AlertPolicy } from './alert-policy';
import { liesWithSts } from './lies-with-sts';
import { foretoldBreak, type ObservedSeries } from './observed-series';
import { seriesName } from './series-name';
import { type Standing, standingOf, type Trouble, troubles } from './standing';

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
  /** Open alerts of the kind `verdict`. */
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

/**
 * Opens, changes and ends the alerts about verdicts: one alert per cause and STS, whatever the number of targets, routes and locations. Pure but for the
 * ids of new alerts. Returns the alerts that changed, those that ended first.
 */
export function verdictAlerts({ now, series, open, policy }: VerdictRound): AlertChange[] {
  const alerts = new Map(open.map((alert) => [alert.id, { alert, touched: false, became: null as AlertChange['became'], dissolved: true }]));
  const holderOf = new Map(open.flatMap((alert) => alert.members.map((member) => [seriesName(member), alert] as const)));
  const leave = (name: string, recovered: boolean): void => {
    const entry = alerts.get(holderOf.get(name)?.id ?? '');
    if (!entry) return;
    entry.alert = { ...entry.alert, members: entry.alert.members.filter((member) => seriesName(member) !== name) };
    entry.touched = true;
    if (recovered) entry.dissolved = false;
  };

  const known = new Set(series.map(({ overview }) => seriesName(overview)));
  for (const name of holderOf.keys()) if (!known.has(name)) leave(name, false);
  const candidates = series.flatMap((each): Candidate[] => {
    const name = seriesName(each.overview);
    const heldBy = holderOf.get(name) ?? null;
    const standing = standingIn(each, heldBy, policy, now);
    const milder = standing.kind === 'bad' && heldBy !== null && troubles.indexOf(standing.verdict) < troubles.indexOf(heldBy.verdict as Trouble);
    if (heldBy && (standing.kind === 'good' || milder)) leave(name, true);
    const severer = standing.kind === 'bad' && (heldBy === null || troubles.indexOf(standing.verdict) > troubles.indexOf(heldBy.verdict as Trouble));
    if (standing.kind !== 'bad' || !(standing.confirmed || severer || milder)) return [];
    return [{ series: each, key: keyOf(each, standing), bad: standing, heldBy: milder ? null : heldBy }];
  });

  for (const [key, all] of groupBy(candidates, (candidate) => candidate.key)) {
    const present = [...alerts.values()].find(({ alert }) => alert.key === key);
    const some = withQuorum(all, present?.alert ?? null, series, policy);
    const first = some.find(({ bad }) => bad.confirmed) ?? (present ? some[0] : undefined);
    if (!first) continue;
    const became = becameOf(some);
    // All of one alert's members went over together: it is the same trouble under a better name.
    const whole = present ? null : wholeAlert(some);
    for (const { series: moving, heldBy } of some) if (heldBy && heldBy !== whole) leave(seriesName(moving.overview), false);
    const members = some.map(({ series: { overview }, bad }) => ({
      target: overview.target,
      route: overview.route,
      location: overview.location,
      since: bad.since,
      runId: bad.runId,
    }));
    if (present) {
      const quiet = policy.joiners === 'quiet' || (policy.joiners === 'by-cause' && liesWithSts(present.alert.cause));
      // One that is not told yet has not changed: it is told as a whole.
      const untold = present.alert.lastNotifiedAt === null;
      present.alert = { ...present.alert, members: [...present.alert.members, ...members], changedAt: quiet || untold ? present.alert.changedAt : now };
      present.touched = true;
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
      members,
    };
    const alert = whole ? { ...whole, ...facts, changedAt: now } : newAlert(now, randomUUID(), facts);
    alerts.set(alert.id, { alert, touched: true, became, dissolved: true });
  }

  return [...alerts.values()]
    .filter(({ touched }) => touched)
    .map(({ alert, became, dissolved }) =>
      alert.members.length > 0 ? { alert, became, dissolved: false } : { alert: ended(alert, now), became: null, dissolved },
    )
    .toSorted((a, b) => Number(a.alert.state === 'open') - Number(b.alert.state === 'open'));
}

function standingIn({ overview, slots }: ObservedSeries, heldBy: AlertRecord | null, policy: AlertPolicy, now: string): Standing {
  const foretold = foretoldBreak(overview, policy.forecastDays, now) !== null;
  if (slots)
    return standingOf({
      slots,
      held: heldBy && heldBy.verdict !== null ? { verdict: heldBy.verdict as Trouble, cause: heldBy.cause } : null,
      thresholds: policy.thresholdsOf(overview.target),
      flaky: policy.flaky,
      foretold,
    });
  // Nothing new; but it may belong to an alert that opens just now.
  const { verdict, cause, causeTitle, kb, since, lastRunId } = overview;
  if (verdict !== 'broken' && (verdict !== 'at-risk' || foretold)) return { kind: 'same' };
  if (heldBy && troubles.indexOf(verdict) <= troubles.indexOf(heldBy.verdict as Trouble)) return { kind: 'same' };
  return { kind: 'bad', verdict, cause, causeTitle, kb, confirmed: false, since: since ?? now, runId: lastRunId };
}

/** Without a known STS (it was never reached) a target is alone. */
function keyOf({ overview: { sts, target } }: ObservedSeries, { verdict, cause }: Bad): string {
  const place = sts ?? target;
  return verdict === 'flaky' ? `flaky:${place}` : `${prefix[verdict]}:${cause ?? 'unexplained'}:${place}`;
}

/** Those whose target and route have the trouble at enough locations. */
function withQuorum(candidates: readonly Candidate[], present: AlertRecord | null, series: readonly ObservedSeries[], policy: AlertPolicy): Candidate[] {
  const place = ({ target, route }: { target: string; route: string }): string => `${target}/${route}`;
  const troubled = groupBy([...candidates.map((candidate) => candidate.series.overview), ...(present?.members ?? [])], place);
  const all = groupBy(
    series.map(({ overview }) => overview),
    place,
  );
  return candidates.filter(({ series: { overview } }) => {
    const wanted = Math.min(policy.thresholdsOf(overview.target).locations, all.get(place(overview))?.length ?? 1);
    return new Set(troubled.get(place(overview))?.map(({ location }) => location)).size >= wanted;
  });
}

/** What people who know of these targets already must hear. */
function becameOf(candidates: readonly Candidate[]): AlertChange['became'] {
  const steps = candidates.flatMap(({ heldBy, bad }) =>
    heldBy && heldBy.lastNotifiedAt !== null ? [troubles.indexOf(bad.verdict) - troubles.indexOf(heldBy.verdict as Trouble)] : [],
  );
  if (steps.some((step) => step > 0)) return 'worsened';
  return steps.some((step) => step === 0) ? 'cause-changed' : null;
}

function wholeAlert(candidates: readonly Candidate[]): AlertRecord | null {
  const sources = [...new Set(candidates.flatMap(({ heldBy }) => heldBy ?? []))];
  const [source] = sources;
  if (!source || sources.length > 1 || becameOf(candidates) === null) return null;
  const moving = new Set(candidates.map(({ series }) => seriesName(series.overview)));
  return source.members.every((member) => moving.has(seriesName(member))) ? source : null;
}
