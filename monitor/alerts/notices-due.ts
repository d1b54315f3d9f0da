import type { AlertEvent, AlertMember, AlertRecord } from '../../contracts/monitoring';
import { endOf, isKnown, liveMembers } from './alert-change';
import type { AlertPolicy } from './alert-policy';
import { type ChannelRoute, reaches } from './channel-routes';
import { minuteText } from '../../reports/words/time';
import { missedWords } from './coverage-alerts';
import { forecastDayCame } from './forecast-alerts';
import type { Notice } from './notice';
import { changesNow, isTellable, type QuietTimes } from './quiet-times';
import { seriesName } from './series-name';
import { joinsQuietly } from './verdict-alerts';

export interface TellRound extends QuietTimes {
  readonly policy: AlertPolicy;
}

export interface Told {
  /** The alert, with what is told now noted in it. All that later rounds need to know is there: a restart forgets nothing. */
  readonly alert: AlertRecord;
  /** What each channel is to be sent. */
  readonly notices: readonly { readonly channel: string; readonly notice: Notice }[];
}

/** Decides what there is to tell of an alert now, to whom, and notes it. `before`: the alert before this round; null when it is new. */
export function tell(alert: AlertRecord, before: AlertRecord | null, round: TellRound, routes: readonly ChannelRoute[]): Told {
  const marked = withLeavers(alert, before, round);
  const told = liveMembers(marked).filter((member) => isTellable(member, marked, round));
  const during = changesNow(liveMembers(marked), round);
  const held = round.policy.duringChange === 'hold' && during.length > 0;
  const event = held ? null : eventOf(marked, told, round);
  const notices = routes.flatMap((route) => {
    const mine = (member: AlertMember): boolean => route.targets === null || route.targets.includes(member.target);
    const ofChannel = endFor(marked, before, mine) ?? (held ? null : eventFor(marked, told.filter(mine), event, { route, mine, round }));
    if (ofChannel === null || !reaches(route, ofChannel, marked.severity)) return [];
    return [{ channel: route.name, notice: noticeOf(marked, ofChannel, told, { mine, during, round }) }];
  });
  return { alert: noted(marked, told, event, held, round), notices };
}

/** Those who recovered in this round, where it is to be told that they did while others stay broken. */
function withLeavers(alert: AlertRecord, before: AlertRecord | null, { now, policy }: TellRound): AlertRecord {
  if (policy.leavers === 'quiet' || alert.kind !== 'verdict' || alert.state !== 'open' || before === null) return alert;
  const inside = new Set(liveMembers(before).filter(isKnown).map(seriesName));
  const members = alert.members.map((member): AlertMember =>
    member.left?.how === 'recovered' && inside.has(seriesName(member)) ? { ...member, untold: { what: 'left', since: now } } : member,
  );
  return { ...alert, members };
}

/** What there is to tell at all, before it is asked who needs to hear it. Null also for what only some channels have to hear. */
function eventOf(alert: AlertRecord, told: readonly AlertMember[], round: TellRound): AlertEvent | null {
  const { now, policy } = round;
  const { kind, lastNotifiedAt, changedAt, acknowledgedAt } = alert;
  if (alert.state !== 'open') return lastNotifiedAt === null ? null : alert.state === 'recovered' ? 'recovered' : 'closed';
  if (told.length === 0) return null;
  const some = (members: readonly AlertMember[], ...what: readonly string[]): AlertMember[] =>
    members.filter(({ untold }) => untold && what.includes(untold.what));
  const first = lastNotifiedAt === null && (passed(alert.openedAt, policy.gatherMs, now) || nobodyElseCouldJoin(alert, round));
  if (kind === 'forecast') {
    if (lastNotifiedAt === null) return first ? 'forecast' : null;
    if (forecastDayCame(alert, policy.forecastDays, now) || some(told, 'worsened', 'silenced').length > 0) return 'forecast';
  }
  if (some(told, 'worsened').length > 0) return 'worsened';
  if (some(told, 'cause-changed').length > 0) return 'cause-changed';
  if (lastNotifiedAt === null) return first ? 'opened' : null;
  const joined = some(told, 'silenced', ...(isQuiet(alert, policy) ? [] : ['joined']));
  if (joined.some((member) => gathered(member, alert, round))) return 'worsened';
  if (acknowledgedAt !== null && acknowledgedAt > lastNotifiedAt) return 'acknowledged';
  const acknowledged = acknowledgedAt !== null && acknowledgedAt >= changedAt;
  if (kind !== 'forecast' && !acknowledged && policy.remindMs !== null && passed(lastNotifiedAt, policy.remindMs, now)) return 'reminder';
  return some(alert.members, 'left').some((member) => gathered(member, alert, round)) ? 'partly-recovered' : null;
}

/** For a channel nothing of which is in trouble any more, while it was before this round: the alert is over, though it may last for others. */
function endFor(alert: AlertRecord, before: AlertRecord | null, mine: (member: AlertMember) => boolean): 'recovered' | 'closed' | null {
  if (alert.lastNotifiedAt === null || before === null || liveMembers(alert).some(mine)) return null;
  if (!liveMembers(before).some((member) => mine(member) && isKnown(member))) return null;
  return endOf(alert.members.filter((member) => mine(member) && isKnown(member))) === 'recovered' ? 'recovered' : 'closed';
}

interface ForChannel {
  readonly route: ChannelRoute;
  readonly mine: (member: AlertMember) => boolean;
  readonly round: TellRound;
}

/** `told`: the channel's own. To whom nothing of it is known, it is not a change but new. */
function eventFor(alert: AlertRecord, told: readonly AlertMember[], event: AlertEvent | null, { route, mine, round }: ForChannel): AlertEvent | null {
  if (alert.state !== 'open' || told.length === 0) return null;
  if (event === 'opened' || event === 'forecast' || alert.lastNotifiedAt === null) return event;
  const opening = alert.kind === 'forecast' ? 'forecast' : 'opened';
  if (!liveMembers(alert).some((member) => mine(member) && isKnown(member)))
    return (event !== null && event !== 'acknowledged') || told.some((member) => gathered(member, alert, round)) ? opening : null;
  const isNews = (member: AlertMember): boolean => member.untold !== undefined && mine(member);
  if (route.targets !== null && (event === 'worsened' || event === 'cause-changed' || event === 'partly-recovered') && !alert.members.some(isNews)) return null;
  return event;
}

interface NoticeParts {
  readonly mine: (member: AlertMember) => boolean;
  readonly during: ReturnType<typeof changesNow>;
  readonly round: TellRound;
}

function noticeOf(alert: AlertRecord, event: AlertEvent, told: readonly AlertMember[], { mine, during, round }: NoticeParts): Notice {
  const over = event === 'recovered' || event === 'closed';
  const gone = alert.members.filter((member) => member.left !== undefined && mine(member) && isKnown(member));
  const bare = (members: readonly AlertMember[]): AlertMember[] => members.map(({ untold: _, ...member }) => member);
  const members = bare(over ? gone : told.filter(mine));
  const { id, kind, severity, title, verdict, cause, kb, sts, breaksAt, openedAt, acknowledgedBy } = alert;
  const end = over ? { state: endOf(gone), recoveredAt: round.now } : { state: alert.state, recoveredAt: alert.recoveredAt };
  return {
    schema: 1,
    event,
    at: round.now,
    alert: { id, kind, ...end, severity, title, verdict, cause, kb, sts, breaksAt, members, openedAt, acknowledgedBy },
    left: over ? [] : bare(gone),
    silenced: over ? 0 : liveMembers(alert).filter(mine).length - members.length,
    summary: summaryOf(alert, members[0], round),
    during: during.map(({ text, by }) => ({ text, by })),
  };
}

/** The alert with what is told now noted in it. */
function noted(alert: AlertRecord, told: readonly AlertMember[], event: AlertEvent | null, held: boolean, round: TellRound): AlertRecord {
  const now = told.map(seriesName);
  const afterFirst = event !== null || alert.lastNotifiedAt !== null;
  const members = alert.members.map((member): AlertMember => {
    const { untold, ...known } = member;
    if (!untold) return member;
    if (member.left) return untold.what === 'left' && event !== null && event !== 'acknowledged' ? known : member;
    const tellable = now.includes(seriesName(member));
    // Nobody hears of it now: when the time for it comes, it is told whatever is told of others who join.
    if (!tellable) return untold.what === 'joined' && afterFirst ? { ...member, untold: { ...untold, what: 'silenced' } } : member;
    if (event !== null && event !== 'acknowledged') return known;
    const quietly = untold.what === 'joined' && isQuiet(alert, round.policy) && !held && alert.lastNotifiedAt !== null;
    return quietly && gathered(member, alert, round) ? known : member;
  });
  return { ...alert, members, ...(event === null ? {} : { lastNotifiedAt: round.now }) };
}

/** The distance counts, not the direction: a clock that was put right must not make a message wait for the time it had told. */
const passed = (since: string, ms: number, now: string): boolean => Math.abs(Date.parse(now) - Date.parse(since)) >= ms;

const gathered = ({ untold }: AlertMember, alert: AlertRecord, round: TellRound): boolean =>
  untold !== undefined && (passed(untold.since, round.policy.gatherMs, round.now) || nobodyElseCouldJoin(alert, round));

const isQuiet = (alert: AlertRecord, policy: AlertPolicy): boolean => alert.kind !== 'verdict' || joinsQuietly(policy, alert.cause);

/** Every series of the STS (or of the location, where coverage is meant) is in it: there is nothing to wait for. */
function nobodyElseCouldJoin(alert: AlertRecord, { series }: TellRound): boolean {
  const live = liveMembers(alert);
  const members = new Set(live.map(seriesName));
  const location = live[0]?.location;
  return series
    .filter(({ overview }) => (alert.kind === 'coverage' ? overview.location === location : overview.sts === alert.sts || overview.sts === null))
    .every(({ overview }) => members.has(seriesName(overview)));
}

/** One line of what the latest sign-in found; where none was made since, when that was: it may be over. */
function summaryOf(alert: AlertRecord, first: AlertMember | undefined, { series }: TellRound): string | null {
  const overview = series.find((each) => first !== undefined && seriesName(each.overview) === seriesName(first))?.overview;
  if (!overview) return null;
  if (alert.kind === 'forecast') return overview.forecast?.why ?? null;
  const { summary, missing, lastSlotAt } = overview;
  return alert.kind === 'coverage' || summary === null || missing === null || lastSlotAt === null
    ? summary
    : `${summary} (seen ${minuteText(lastSlotAt)}; no verdict since: ${missedWords[missing]})`;
}
