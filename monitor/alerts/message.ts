import type { AlertEvent, AlertMember, LeftHow } from '../../contracts/monitoring';
import type { RemedyStep } from '../../contracts/report';
import type { Route } from '../../contracts/words';
import { oneLine, shorten } from '../../reports/safe-text';
import { routePhrases } from '../../reports/words/labels';
import { distanceText, minuteText, whenText } from '../../reports/words/time';
import { groupBy } from './group-by';
import type { Notice } from './notice';

/** A notice with what is looked up when it is sent. */
export interface Message {
  /** The same for every try: a receiver that saw it before may drop it. */
  readonly deliveryId: string;
  readonly notice: Notice;
  /** What to do first. */
  readonly nextStep: RemedyStep | null;
  /** The forecast alarm that told of it: when, and for when. */
  readonly foretold: { readonly at: string; readonly breaksAt: string } | null;
  /** Addresses on the web page of `watch`; null without `web.baseUrl`. */
  readonly links: { readonly alert: string | null; readonly run: string | null };
}

/** What a person reads, every value on one line and free of control characters; each channel escapes it for its own format. */
export interface MessageText {
  /** For a subject line: what, and how much of it. */
  readonly subject: string;
  readonly facts: readonly { readonly label: string; readonly value: string }[];
  /** One line per target. */
  readonly targets: readonly string[];
  /** Targets that are not listed. */
  readonly more: number;
  readonly nextStep: { readonly text: string; readonly command: string | null } | null;
  readonly links: readonly { readonly label: string; readonly url: string }[];
}

const listedTargets = 60;

/** True where nothing is in trouble any more. */
export const isOver = (event: AlertEvent): boolean => event === 'recovered' || event === 'closed';

export function messageText({ notice, nextStep, foretold, links }: Message): MessageText {
  const { alert, during, left, silenced, event } = notice;
  const targets = targetLines(notice);
  const since = alert.members.map((member) => member.since).toSorted()[0] ?? alert.openedAt;
  const found = isOver(event) ? null : notice.summary;
  const all = targetsOf([...alert.members, ...left]).size;
  const gone = all - targetsOf(alert.members).size;
  const facts: [string, string | null][] = [
    // What was found mostly begins with the cause.
    ['Cause', alert.kind === 'verdict' && event !== 'test' && !found?.includes(alert.title) ? `${alert.title}${alert.kb ? ` (KB ${alert.kb})` : ''}` : null],
    ['Found', found],
    ['Breaks', alert.breaksAt === null || isOver(event) ? null : `${minuteText(alert.breaksAt)}, ${whenText(notice.at, alert.breaksAt)}`],
    ['Since', alert.kind === 'forecast' || event === 'test' ? null : `${minuteText(since)}${lasted(event, since, notice.at)}`],
    ['Foretold', foretold && `${minuteText(foretold.at)}, for ${minuteText(foretold.breaksAt)}`],
    ['No longer', gone > 0 ? `${gone} of ${all} targets, below` : null],
    ['STS', alert.sts],
    ['Announced change', during.map(({ text, by }) => (by === null ? text : `${text} (${by})`)).join('; ') || null],
    ['Acknowledged by', alert.acknowledgedBy],
    ['Silenced', silenced > 0 ? `${silenced} more, not listed` : null],
  ];
  return {
    subject: subjectOf(notice),
    facts: facts.flatMap(([label, value]) => (value === null || value === '' ? [] : [{ label, value: shorten(value, 400) }])),
    targets: targets.slice(0, listedTargets),
    more: Math.max(0, targets.length - listedTargets),
    nextStep: nextStep && !isOver(event) ? { text: shorten(nextStep.text, 500), command: nextStep.command ? shorten(nextStep.command, 400) : null } : null,
    links: [...(links.alert ? [{ label: 'Alert', url: links.alert }] : []), ...(links.run ? [{ label: 'Report of the run', url: links.run }] : [])],
  };
}

/** The message as plain text: for mail, event logs and terminals. */
export function plainText(message: Message): string {
  const { subject, facts, targets, more, nextStep, links } = messageText(message);
  return [
    subject,
    '',
    ...facts.map(({ label, value }) => `${`${label}:`.padEnd(18)}${value}`),
    ...(targets.length > 0 ? ['', ...targets.map((line) => `- ${line}`), ...(more > 0 ? [`- and ${more} more`] : [])] : []),
    ...(nextStep ? ['', `Next step: ${nextStep.text}`, ...(nextStep.command ? [`    ${nextStep.command}`] : [])] : []),
    ...(links.length > 0 ? ['', ...links.map(({ label, url }) => `${label}: ${url}`)] : []),
    '',
  ].join('\n');
}

const targetsOf = (members: readonly AlertMember[]): Set<string> => new Set(members.map(({ target }) => target));

const closedWords: Readonly<Record<string, string>> = {
  happened: 'HAPPENED AS FORETOLD',
  moved: 'CLOSED, SEE OTHER ALERT',
  removed: 'CLOSED, NO LONGER MONITORED',
};

/** What became of a target, for the lines below those that are still in trouble. */
const leftWords: Readonly<Record<LeftHow, string>> = {
  recovered: 'recovered',
  happened: 'broken as foretold',
  moved: 'in another alert',
  removed: 'no longer monitored',
  unseen: 'not seen any more from there',
};

const verdictWords: Readonly<Record<string, string>> = { broken: 'BROKEN', 'at-risk': 'AT RISK', flaky: 'FLAKY' };

function subjectOf(notice: Notice): string {
  const { alert, event, at, during } = notice;
  const state =
    alert.kind === 'coverage'
      ? 'NO VERDICTS'
      : alert.kind === 'account'
        ? 'NOT TESTED'
        : alert.kind === 'forecast'
          ? `BREAKS ${inWords(at, alert.breaksAt)}`
          : (verdictWords[alert.verdict ?? ''] ?? 'ALERT');
  const words: Readonly<Record<AlertEvent, string>> = {
    opened: state,
    worsened: `WORSE, ${state}`,
    'cause-changed': `CAUSE CHANGED, ${state}`,
    'partly-recovered': `PARTLY RECOVERED, STILL ${state}`,
    recovered: alert.kind === 'forecast' ? 'AVERTED' : 'RECOVERED',
    closed: closedWords[alert.state] ?? 'CLOSED',
    reminder: `STILL ${state}`,
    acknowledged: 'ACKNOWLEDGED',
    forecast: state,
    test: 'TEST',
  };
  // Those who left it for another alert are told there.
  const meant = event === 'recovered' ? alert.members.filter(({ left }) => left === undefined || left.how === 'recovered') : alert.members;
  const count = targetsOf(meant).size;
  const one = meant[0]?.target;
  const how =
    count > 1
      ? `, ${count}${targetsOf([...meant, ...notice.left]).size > count ? ` of ${targetsOf([...meant, ...notice.left]).size}` : ''} targets`
      : one === undefined
        ? ''
        : `, ${one}`;
  return shorten(
    `[signin-probe] ${words[event]}: ${alert.title}${alert.kb ? ` (KB ${alert.kb})` : ''}${how}${during.length > 0 ? ' [announced change]' : ''}`,
    250,
  );
}

function inWords(now: string, breaksAt: string | null): string {
  if (breaksAt === null) return 'SOON';
  const words = whenText(now, breaksAt);
  return words.endsWith('ago') ? 'NOW' : words.toUpperCase();
}

const lasted = (event: AlertEvent, since: string, now: string): string => {
  const distance = distanceText(since, now);
  return distance === null ? '' : isOver(event) ? `, lasted ${distance}` : `, for ${distance}`;
};

/** `contoso: internal claims and IFD, from dmz and hq, since 18 Nov 2025 02:14 UTC`; those that left are below, each with what became of it and when. */
function targetLines({ alert, left, event }: Notice): string[] {
  const lines = (members: readonly AlertMember[]): string[] =>
    [...groupBy(members, ({ target, left: gone }) => `${target} ${gone?.how} ${gone && minuteText(gone.at)}`).values()].map((same) => {
      const routes = [...new Set(same.map(({ route }) => route))].toSorted((a: Route, b: Route) => b.localeCompare(a)).map((route) => routePhrases[route]);
      const locations = [...new Set(same.map(({ location }) => location))].toSorted();
      const since = same.map((member) => member.since).toSorted()[0];
      const gone = same[0]?.left;
      const tail = gone
        ? `, ${alert.kind === 'forecast' && gone.how === 'recovered' ? 'averted' : leftWords[gone.how]} ${minuteText(gone.at)}`
        : alert.kind === 'forecast' || event === 'test' || since === undefined
          ? ''
          : `, since ${minuteText(since)}`;
      return oneLine(`${same[0]?.target}: ${routes.join(' and ')}, from ${locations.join(', ')}${tail}`);
    });
  return [...lines(alert.members), ...lines(left)];
}
