import type { AlertEvent } from '../../contracts/monitoring';
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

export function messageText({ notice, nextStep, links }: Message): MessageText {
  const { alert, during, silenced, event } = notice;
  const targets = targetLines(notice);
  const since = alert.members.map((member) => member.since).toSorted()[0] ?? alert.openedAt;
  const found = event === 'recovered' ? null : notice.summary;
  const facts: [string, string | null][] = [
    // What was found mostly begins with the cause.
    ['Cause', alert.kind === 'verdict' && event !== 'test' && !found?.includes(alert.title) ? `${alert.title}${alert.kb ? ` (KB ${alert.kb})` : ''}` : null],
    ['Found', found],
    ['Breaks', alert.breaksAt === null || alert.state === 'recovered' ? null : `${minuteText(alert.breaksAt)}, ${whenText(notice.at, alert.breaksAt)}`],
    ['Since', alert.kind === 'forecast' || event === 'test' ? null : `${minuteText(since)}${lasted(event, since, notice.at)}`],
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
    nextStep:
      nextStep && event !== 'recovered' ? { text: shorten(nextStep.text, 500), command: nextStep.command ? shorten(nextStep.command, 400) : null } : null,
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

const verdictWords: Readonly<Record<string, string>> = { broken: 'BROKEN', 'at-risk': 'AT RISK', flaky: 'FLAKY' };

function subjectOf(notice: Notice): string {
  const { alert, event, at, during } = notice;
  const state =
    alert.kind === 'coverage'
      ? 'NO VERDICTS'
      : alert.kind === 'forecast'
        ? `BREAKS ${inWords(at, alert.breaksAt)}`
        : (verdictWords[alert.verdict ?? ''] ?? 'ALERT');
  const words: Readonly<Record<AlertEvent, string>> = {
    opened: state,
    worsened: `WORSE, ${state}`,
    'cause-changed': `CAUSE CHANGED, ${state}`,
    recovered: 'RECOVERED',
    reminder: `STILL ${state}`,
    acknowledged: 'ACKNOWLEDGED',
    forecast: state,
    test: 'TEST',
  };
  const count = new Set(alert.members.map(({ target }) => target)).size;
  const one = alert.members[0]?.target;
  const how = count > 1 ? `, ${count} targets` : one === undefined ? '' : `, ${one}`;
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
  return distance === null ? '' : event === 'recovered' ? `, lasted ${distance}` : `, for ${distance}`;
};

/** `contoso: internal claims and IFD, from dmz and hq, since 18 Nov 2025 02:14 UTC` */
function targetLines({ alert, event }: Notice): string[] {
  return [...groupBy(alert.members, ({ target }) => target)].map(([target, members]) => {
    const routes = [...new Set(members.map(({ route }) => route))].toSorted((a: Route, b: Route) => b.localeCompare(a)).map((route) => routePhrases[route]);
    const locations = [...new Set(members.map(({ location }) => location))].toSorted();
    const since = members.map((member) => member.since).toSorted()[0];
    const tail = alert.kind === 'forecast' || event === 'test' || since === undefined ? '' : `, since ${minuteText(since)}`;
    return oneLine(`${target}: ${routes.join(' and ')}, from ${locations.join(', ')}${tail}`);
  });
}
