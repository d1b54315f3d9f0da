import type { AlertMember, AlertRecord, SeriesKey, Silence, Window } from '../../contracts/monitoring';
import type { ObservedSeries } from './observed-series';
import { seriesName } from './series-name';

export interface QuietTimes {
  readonly now: string;
  readonly series: readonly ObservedSeries[];
  readonly silences: readonly Silence[];
  /** Those of now, and of an hour before. */
  readonly windows: readonly Window[];
}

/** False while nobody is to be told of the member: it is silenced, or in maintenance. */
export function isTellable(member: AlertMember, alert: Pick<AlertRecord, 'cause' | 'kind'>, { now, series, silences, windows }: QuietTimes): boolean {
  if (silences.some((silence) => covers(silence, member, alert, now))) return false;
  const lastSlotAt = series.find(({ overview }) => seriesName(overview) === seriesName(member))?.overview.lastSlotAt ?? null;
  return !windows.some((window) => window.kind === 'maintenance' && alert.kind !== 'forecast' && touches(window, [member]) && isStale(window, lastSlotAt, now));
}

/** Announced work on one of the targets that goes on now. */
export const changesNow = (members: readonly SeriesKey[], { now, windows }: QuietTimes): Window[] =>
  windows.filter((window) => window.kind === 'change' && isNow(window, now) && touches(window, members));

/** Maintenance goes on; or it is over, and no sign-in has shown yet whether what was wrong before it still is. */
function isStale(window: Window, lastSlotAt: string | null, now: string): boolean {
  const { to } = window;
  const isOver = to !== null && Date.parse(to) <= Date.parse(now);
  return isOver ? lastSlotAt === null || Date.parse(lastSlotAt) < Date.parse(to) : isNow(window, now);
}

function covers(silence: Silence, { target, route, location }: SeriesKey, { cause }: Pick<AlertRecord, 'cause'>, now: string): boolean {
  const same = (wanted: string | null, found: string | null): boolean => wanted === null || wanted === found;
  return isNow(silence, now) && same(silence.target, target) && same(silence.route, route) && same(silence.location, location) && same(silence.cause, cause);
}

const isNow = ({ from, to }: { readonly from: string; readonly to: string | null }, now: string): boolean =>
  Date.parse(from) <= Date.parse(now) && (to === null || Date.parse(now) < Date.parse(to));

const touches = ({ targets }: Window, members: readonly SeriesKey[]): boolean => targets === null || members.some(({ target }) => targets.includes(target));
