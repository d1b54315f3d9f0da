import type { AlertEvent, AlertRecord, SeriesKey, Silence, Window } from '../../contracts/monitoring';
import type { AlertChange } from './alert-change';
import type { AlertPolicy } from './alert-policy';
import { forecastDayCame } from './forecast-alerts';
import type { Notice } from './notice';
import type { ObservedSeries } from './observed-series';
import { seriesName } from './series-name';

export interface NoticeRound {
  readonly now: string;
  readonly series: readonly ObservedSeries[];
  readonly silences: readonly Silence[];
  readonly windows: readonly Window[];
  readonly policy: AlertPolicy;
}

/** What there is to tell of an alert now, if anything. All it needs to know is in the alert's record: a restart forgets nothing. */
export function noticeOf(change: AlertChange, round: NoticeRound): Notice | null {
  const { alert, dissolved } = change;
  const { now, policy } = round;
  const told = alert.members.filter((member) => !round.silences.some((silence) => covers(silence, member, alert, now)));
  const during = round.windows.filter((window) => window.kind === 'change' && isNow(window, now) && touches(window, alert.members));
  const event = eventOf(change, told, round);
  if (event === null || (policy.duringChange === 'hold' && event !== 'recovered' && during.length > 0)) return null;
  const { id, kind, state, severity, title, verdict, cause, kb, sts, breaksAt, openedAt, recoveredAt, acknowledgedBy } = alert;
  return {
    schema: 1,
    event,
    at: now,
    alert: { id, kind, state, severity, title, verdict, cause, kb, sts, breaksAt, members: told, openedAt, recoveredAt, acknowledgedBy },
    silenced: alert.members.length - told.length,
    summary: summaryOf(alert, told, round.series),
    during: during.map(({ text, by }) => ({ text, by })),
    dissolved,
  };
}

function eventOf({ alert, became }: AlertChange, told: AlertRecord['members'], { now, policy, series }: NoticeRound): AlertEvent | null {
  const passed = (since: string, ms: number): boolean => Date.parse(now) - Date.parse(since) >= ms;
  if (alert.state === 'recovered') return alert.lastNotifiedAt === null ? null : 'recovered';
  if (told.length === 0) return null;
  const gathered = (since: string): boolean => passed(since, policy.gatherMs) || nobodyElseCouldJoin(alert, series);
  if (alert.kind === 'forecast') {
    if (forecastDayCame(alert, policy.forecastDays, now)) return alert.lastNotifiedAt !== null || gathered(alert.openedAt) ? 'forecast' : null;
    return null;
  }
  if (became) return became;
  const { lastNotifiedAt, changedAt, acknowledgedAt } = alert;
  if (lastNotifiedAt === null) return gathered(alert.openedAt) ? 'opened' : null;
  if (changedAt > lastNotifiedAt) return gathered(changedAt) ? 'worsened' : null;
  if (acknowledgedAt !== null && acknowledgedAt > lastNotifiedAt) return 'acknowledged';
  const acknowledged = acknowledgedAt !== null && acknowledgedAt >= changedAt;
  return !acknowledged && policy.remindMs !== null && passed(lastNotifiedAt, policy.remindMs) ? 'reminder' : null;
}

/** Every series of the STS (or of the location, where coverage is meant) is in it: there is nothing to wait for. */
function nobodyElseCouldJoin(alert: AlertRecord, series: readonly ObservedSeries[]): boolean {
  const members = new Set(alert.members.map(seriesName));
  const location = alert.members[0]?.location;
  return series
    .filter(({ overview }) => (alert.kind === 'coverage' ? overview.location === location : overview.sts === alert.sts || overview.sts === null))
    .every(({ overview }) => members.has(seriesName(overview)));
}

function covers(silence: Silence, { target, route, location }: SeriesKey, { cause }: AlertRecord, now: string): boolean {
  const same = (wanted: string | null, found: string | null): boolean => wanted === null || wanted === found;
  return isNow(silence, now) && same(silence.target, target) && same(silence.route, route) && same(silence.location, location) && same(silence.cause, cause);
}

const isNow = ({ from, to }: { readonly from: string; readonly to: string | null }, now: string): boolean =>
  Date.parse(from) <= Date.parse(now) && (to === null || Date.parse(now) < Date.parse(to));

const touches = ({ targets }: Window, members: readonly SeriesKey[]): boolean => targets === null || members.some(({ target }) => targets.includes(target));

function summaryOf(alert: AlertRecord, told: AlertRecord['members'], series: readonly ObservedSeries[]): string | null {
  const first = told[0] ?? alert.members[0];
  const overview = series.find((each) => first !== undefined && seriesName(each.overview) === seriesName(first))?.overview;
  if (!overview) return null;
  return alert.kind === 'forecast' ? (overview.forecast?.why ?? null) : overview.summary;
}
