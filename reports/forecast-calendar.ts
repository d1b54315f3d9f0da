/** The forecast as an iCalendar file (RFC 5545): one event per date ahead, with alarms. Importing a later file updates the same events. */
import type { ForecastReport, TargetForecast } from '../contracts/forecast';
import { safeText } from './safe-text';
import { expiryGroups, expiryLabels } from './words/expiries';
import { instantMs } from './words/time';

/** Days before an event at which a calendar reminds of it. */
const alarmDays = [30, 14, 7, 3, 1] as const;

interface CalendarEvent {
  /** The same for the same certificate of the same target, whatever its date becomes. */
  readonly uid: string;
  readonly start: string;
  /** null = an event without duration. */
  readonly end: string | null;
  /** The event is on this day, not at an instant. */
  readonly wholeDay?: boolean;
  readonly summary: string;
  readonly description: string;
  readonly certain: boolean;
  readonly alarms: boolean;
  /** Higher where the date is known better: calendars keep the higher one. */
  readonly sequence: number;
}

/** Text value, RFC 5545 §3.3.11. */
const escapeText = (value: string): string =>
  safeText(value)
    .replace(/\\/g, '\\\\')
    .replace(/[;,]/g, (character) => `\\${character}`)
    .replace(/\r\n|\r|\n/g, '\\n')
    .replace(/\t/g, ' ');

const octets = (character: string): number => {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
};

/** Lines of at most 75 octets, no character cut in two (RFC 5545 §3.1). */
export const foldLine = (line: string): string => {
  const lines: string[] = [];
  let current = '';
  let length = 0;
  for (const character of line) {
    if (length + octets(character) > 75) {
      lines.push(current);
      current = ' ';
      length = 1;
    }
    current += character;
    length += octets(character);
  }
  return [...lines, current].join('\r\n');
};

/** `20261121T222031Z` */
const dateTime = (iso: string): string => `${new Date(instantMs(iso) ?? 0).toISOString().slice(0, 19).replace(/[-:]/g, '')}Z`;
const date = (iso: string): string => dateTime(iso).slice(0, 8);

const uid = (...parts: readonly string[]): string =>
  parts
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-');

const planText = ({ todo }: TargetForecast, by: string | null): string =>
  todo
    .filter((step) => step.by === by)
    .map(({ text, command }, index) => `${index + 1}. ${text}${command === undefined ? '' : `\n   ${command}`}`)
    .join('\n');

const signingEvent = (result: TargetForecast): CalendarEvent[] => {
  const { target, forecast, signing } = result;
  if (forecast.breaksAt === null || signing === null) return [];
  const what = forecast.event === 'end' ? 'the AD FS signing certificate ends' : 'AD FS promotes its next signing certificate';
  return [
    {
      uid: uid('signing', signing.primarySha1.slice(0, 16), target),
      start: forecast.breaksAt,
      end: new Date((instantMs(forecast.breaksAt) ?? 0) + forecast.toleranceHours * 3_600_000).toISOString(),
      summary: `CRM sign-in (${target}) will break: ${what}`,
      description: `${forecast.why}\n\n${planText(result, forecast.breaksAt)}`,
      certain: forecast.state !== 'steady',
      alarms: true,
      sequence: forecast.state === 'steady' ? 0 : 1,
    },
  ];
};

/** What has no date ahead but has to be looked at: today. */
const todayEvent = (result: TargetForecast, at: string, alone: boolean): CalendarEvent[] => {
  const { target, forecast, signing } = result;
  const promoted = forecast.state === 'promoted';
  if (!promoted && !(forecast.state === 'unknown' && alone)) return [];
  return [
    {
      uid: uid(forecast.state, signing?.primarySha1.slice(0, 16) ?? 'none', target),
      start: at,
      end: null,
      wholeDay: true,
      summary: promoted
        ? `CRM sign-in (${target}): a new AD FS signing certificate is in use, see whether CRM has followed`
        : `CRM sign-in (${target}): no forecast possible`,
      description: `${forecast.why}\n\n${planText(result, null)}`,
      certain: true,
      alarms: false,
      sequence: 0,
    },
  ];
};

const expiryEvents = (result: TargetForecast): CalendarEvent[] =>
  expiryGroups(result.expiries).map(({ first, hosts, certificate }) => ({
    uid: uid(first.what, certificate.slice(0, 16), result.target),
    start: first.notAfter,
    end: null,
    summary: `${expiryLabels[first.what]} of ${hosts.join(', ')} ends (CRM sign-in, ${result.target})`,
    description: [first.text, ...(hosts.length > 1 ? [`Hosts: ${hosts.join(', ')}`] : []), planText(result, first.notAfter)]
      .filter((part) => part !== '')
      .join('\n\n'),
    certain: true,
    alarms: first.breaksSignIn,
    sequence: 0,
  }));

const alarm = (days: number, summary: string): string[] => [
  'BEGIN:VALARM',
  'ACTION:DISPLAY',
  `TRIGGER:-P${days}D`,
  `DESCRIPTION:${escapeText(`In ${days} day${days === 1 ? '' : 's'}: ${summary}`)}`,
  'END:VALARM',
];

const eventLines = (event: CalendarEvent, at: string): string[] => [
  'BEGIN:VEVENT',
  `UID:${escapeText(event.uid)}@signin-probe`,
  `DTSTAMP:${dateTime(at)}`,
  `SEQUENCE:${event.sequence}`,
  event.wholeDay ? `DTSTART;VALUE=DATE:${date(event.start)}` : `DTSTART:${dateTime(event.start)}`,
  ...(event.end === null ? [] : [`DTEND:${dateTime(event.end)}`]),
  `SUMMARY:${escapeText(event.summary)}`,
  `DESCRIPTION:${escapeText(event.description)}`,
  `STATUS:${event.certain ? 'CONFIRMED' : 'TENTATIVE'}`,
  'TRANSP:TRANSPARENT',
  ...(event.alarms ? alarmDays.flatMap((days) => alarm(days, event.summary)) : []),
  'END:VEVENT',
];

/** The calendar, lines ended by CR LF. Never empty: where there is no date ahead, an event of today says so. */
export const renderForecastCalendar = ({ at, tool, results }: ForecastReport): string => {
  const events = results.flatMap((result) => {
    const dated = [...signingEvent(result), ...expiryEvents(result)];
    return [...dated, ...todayEvent(result, at, dated.length === 0)];
  });
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    `PRODID:-//signin-probe//signin-probe ${escapeText(tool)}//EN`,
    'CALSCALE:GREGORIAN',
    'X-WR-CALNAME:CRM sign-in forecast',
    ...events.flatMap((event) => eventLines(event, at)),
    'END:VCALENDAR',
  ];
  return `${lines.map(foldLine).join('\r\n')}\r\n`;
};
