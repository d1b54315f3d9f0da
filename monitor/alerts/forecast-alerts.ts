import type { AlertMember, AlertRecord } from '../../contracts/monitoring';
import { isForetold } from '../../diagnosis/cause-traits';
import { dayText } from '../../reports/words/time';
import { joinedBy, leaving, liveMembers, newAlert, settled } from './alert-change';
import { groupBy } from './group-by';
import { foretoldBreak, type ObservedSeries } from './observed-series';
import { seriesName } from './series-name';
import type { VerdictRound } from './verdict-alerts';

const dayMs = 86_400_000;

/**
 * What became of the danger to one series. `happened`: an open alert says that it is broken by what was foretold. `over`: sign-in works, and the next date
 * is far. `unclear`: no forecast can be made, or AD FS has promoted and no sign-in shows yet whether CRM followed.
 */
type Outlook = 'threatened' | 'happened' | 'over' | 'unclear';

export interface ForecastRound extends VerdictRound {
  /** Alerts of the kind `verdict` that are open after this round. */
  readonly verdicts: readonly AlertRecord[];
}

/**
 * One alert per STS that will break within the first of the forecast days. Its record has the date last told; a date that moved by less than a day is
 * the same date. Each series leaves it when the danger is over or has become real; what is unclear stays.
 */
export function forecastAlerts({ now, series, open, policy, verdicts }: ForecastRound): AlertRecord[] {
  const brokenBy = new Map(
    verdicts.filter(({ verdict }) => verdict === 'broken').flatMap((alert) => liveMembers(alert).map((member) => [seriesName(member), alert.cause] as const)),
  );
  const outlookOf = ({ overview }: ObservedSeries): Outlook => {
    const { forecast, verdict } = overview;
    const cause = brokenBy.get(seriesName(overview));
    if (cause !== undefined && (isForetold(cause) || (cause === null && forecast?.state === 'promoted'))) return 'happened';
    if (foretoldBreak(overview, policy.forecastDays, now) !== null) return 'threatened';
    const works = verdict === 'healthy' || verdict === 'at-risk' || verdict === 'flaky';
    return works && forecast !== null && forecast.state !== 'unknown' && forecast.state !== 'promoted' ? 'over' : 'unclear';
  };
  const bySts = groupBy(
    series.filter(({ overview }) => overview.sts !== null),
    ({ overview }) => overview.sts,
  );
  const places = new Set([...bySts.keys(), ...open.map(({ sts }) => sts)]);
  return [...places].flatMap((sts): AlertRecord[] => {
    if (sts === null) return [];
    const outlooks = new Map((bySts.get(sts) ?? []).map((each) => [seriesName(each.overview), { ...each, outlook: outlookOf(each) }]));
    const present = open.find((alert) => alert.sts === sts);
    const members = (present?.members ?? []).map((member): AlertMember => {
      if (member.left) return member;
      const outlook = outlooks.get(seriesName(member))?.outlook;
      if (outlook === 'happened') return leaving(member, 'happened', now);
      if (outlook === 'over') return leaving(member, 'recovered', now);
      return outlook === undefined ? leaving(member, 'removed', now) : member;
    });
    const inside = new Set(liveMembers({ members }).map(seriesName));
    const threatened = [...outlooks.values()].filter(({ outlook }) => outlook === 'threatened');
    const joiners = threatened
      .filter(({ overview }) => !inside.has(seriesName(overview)))
      .map(({ overview: { target, route, location, lastRunId } }): AlertMember => {
        return { target, route, location, since: now, runId: lastRunId, untold: { what: 'joined', since: now } };
      });
    const dates = threatened.flatMap(({ overview }) => foretoldBreak(overview, policy.forecastDays, now) ?? []);
    const [breaksAt] = dates.toSorted((a, b) => Date.parse(a) - Date.parse(b));
    if (!present)
      return breaksAt === undefined ? [] : [newAlert(now, { key: `forecast:${sts}`, kind: 'forecast', sts, members: joiners, ...dated(sts, breaksAt, now) })];
    const alert = settled({ ...present, members: joinedBy(members, joiners) }, now);
    return [breaksAt === undefined || alert.state !== 'open' ? alert : redated(alert, dated(sts, breaksAt, now), policy.forecastDays, now)];
  });
}

type Dated = Pick<AlertRecord, 'breaksAt' | 'title' | 'severity'>;

function dated(sts: string, breaksAt: string, now: string): Dated {
  const days = (Date.parse(breaksAt) - Date.parse(now)) / dayMs;
  const host = URL.canParse(sts) ? new URL(sts).host : sts;
  return { breaksAt, title: `Sign-in through ${host} will break on ${dayText(breaksAt)}`, severity: days > 7 ? 'info' : days > 1 ? 'warning' : 'critical' };
}

const severities: readonly AlertRecord['severity'][] = ['info', 'warning', 'critical'];

/** Never less severe than before: who was told because of it also hears of its end. A date that comes nearer than what was told is to be told. */
function redated(alert: AlertRecord, { breaksAt, title, severity }: Dated, forecastDays: readonly number[], now: string): AlertRecord {
  const graver = severities.indexOf(severity) > severities.indexOf(alert.severity) ? severity : alert.severity;
  if (alert.breaksAt !== null && breaksAt !== null && Math.abs(Date.parse(alert.breaksAt) - Date.parse(breaksAt)) <= dayMs)
    return { ...alert, severity: graver };
  const told = alert.lastNotifiedAt === null ? undefined : forecastDay(alert.breaksAt, forecastDays, alert.lastNotifiedAt);
  const due = forecastDay(breaksAt, forecastDays, now);
  const nearer = told !== undefined && due !== undefined && due < told;
  const members = nearer
    ? alert.members.map((member): AlertMember => (member.left || member.untold ? member : { ...member, untold: { what: 'worsened', since: now } }))
    : alert.members;
  return { ...alert, breaksAt, title, severity: graver, members };
}

/** The nearest of the forecast days that has come at an instant. */
const forecastDay = (breaksAt: string | null, forecastDays: readonly number[], at: string): number | undefined =>
  breaksAt === null ? undefined : forecastDays.filter((days) => Date.parse(breaksAt) - Date.parse(at) <= days * dayMs).toSorted((a, b) => a - b)[0];

/** True when a forecast day has come that was not told yet. What was told follows from the instant of the last message: nothing else to remember. */
export function forecastDayCame({ breaksAt, lastNotifiedAt }: AlertRecord, forecastDays: readonly number[], now: string): boolean {
  const due = forecastDay(breaksAt, forecastDays, now);
  const told = lastNotifiedAt === null ? undefined : forecastDay(breaksAt, forecastDays, lastNotifiedAt);
  return due !== undefined && (told === undefined || due < told);
}
