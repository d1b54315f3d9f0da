/**
 * Event logs as text: Event Viewer's "Save As" (separated by tabs, commas or, resaved, semicolons), its "Copy details as text", `wevtutil … /f:text`, and `Get-WinEvent`
 * or `Get-EventLog | Format-List`. Times in these
 * have no zone: local time of the machine that wrote them.
 */
import { activityIdIn, activityIdInMessage, type ServerLogEntry } from './server-log-entry';
import type { EventsRead } from './event-xml';

export function readEventText(text: string): EventsRead {
  const rows = readRows(text);
  return rows.entries.length > 0 ? rows : readLists(text);
}

/** Level ⇥ date ⇥ source ⇥ id ⇥ category ⇥ "message over many lines". */
const row =
  /^"?([^\t,;"\n]{0,40})"?[\t,;]"?([^\t",;\n]{0,40}\d[./-]\d{1,2}[./-]\d{1,4}[^\t",;\n]{1,20}\d:\d\d[^\t",;\n]{0,20})"?[\t,;]"?([^\t",;\n]{1,120})"?[\t,;]"?(\d{1,6})"?[\t,;]/gm;

function readRows(text: string): EventsRead {
  const starts = [...text.matchAll(row)];
  let unreadable = 0;
  const entries = starts.flatMap((start, index) => {
    const [whole, level = '', date = '', source = '', id = ''] = start;
    const rest = text.slice(start.index + whole.length, starts[index + 1]?.index);
    const message = rest
      .replace(/^[^\t,;]*[\t,;]/, '')
      .trim()
      .replace(/^"|"$/g, '')
      .replace(/""/g, '"');
    const entry = entryOf({ level, date, source, id, message });
    if (entry === null) unreadable += 1;
    return entry ? [entry] : [];
  });
  return { entries, unreadable };
}

interface Fields {
  level?: string;
  date?: string;
  source?: string;
  id?: string;
  activity?: string;
  log?: string;
  computer?: string;
  message?: string;
}

/** Names of the lines in both layouts, English and German. */
const names: Readonly<Record<string, keyof Fields>> = {
  'log name': 'log', logname: 'log', protokollname: 'log',
  source: 'source', providername: 'source', quelle: 'source',
  date: 'date', timecreated: 'date', timegenerated: 'date', datum: 'date',
  'event id': 'id', id: 'id', eventid: 'id', instanceid: 'id', 'ereignis-id': 'id',
  level: 'level', leveldisplayname: 'level', entrytype: 'level', ebene: 'level',
  computer: 'computer', machinename: 'computer',
  activityid: 'activity', 'activity id': 'activity',
  message: 'message', description: 'message', beschreibung: 'message',
}; // prettier-ignore

/** Lines `Name : value`; an event begins anew with the name the first one began with, its message runs on until then. */
function readLists(text: string): EventsRead {
  const events: Fields[] = [];
  let [current, first, inMessage]: [Fields | null, string | null, boolean] = [null, null, false];
  for (const line of text.split(/\r?\n/)) {
    const [, label = '', value = ''] = /^ {0,2}([A-Za-z][A-Za-z -]{1,20}?)\s*:\s?(.*)$/.exec(line) ?? [];
    const field = names[label.trim().toLowerCase()];
    const begins = field !== undefined && (first === null || label.trim().toLowerCase() === first);
    if (begins && (field !== 'message' || !inMessage)) {
      first = label.trim().toLowerCase();
      current = {};
      events.push(current);
      inMessage = false;
    }
    if (current === null) continue;
    // Format-List indents a message's further lines and aligns its colons: a field may follow the message.
    const aligned = /^[A-Za-z]+\s+: /.test(line);
    if (field !== undefined && (!inMessage || begins || aligned)) {
      current[field] ??= value.trim();
      inMessage = field === 'message';
    } else if (inMessage) current.message = `${current.message ?? ''}\n${line.trim()}`;
  }
  const entries = events.map(entryOf);
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}

function entryOf({
  level = '',
  date = '',
  source = '',
  id = '',
  activity = null,
  log = null,
  computer = null,
  message = '',
}: Omit<Fields, 'activity' | 'log' | 'computer'> & { activity?: string | null; log?: string | null; computer?: string | null }): ServerLogEntry | null {
  // ASP.NET writes its own time in UTC into the message (event 1309, 3005), in the server's language.
  const utc = dateOf(/^[^\S\n]*[\p{L} ]{4,40}\(UTC\)\s?:\s*(\d[^\r\n]+)/imu.exec(message)?.[1] ?? '', true);
  const at = utc ?? dateOf(date, false);
  if (at === null || !/^\d+$/.test(id.trim())) return null;
  return {
    ...at,
    zoned: utc !== null || at.zoned,
    source: source.trim() || 'unknown',
    log: log?.trim() || null,
    computer: computer?.trim() || null,
    id: Number(id) % 65_536, // Get-EventLog's InstanceId has the severity above it
    level: levelOf(level),
    activityId: activityIdIn(activity) ?? activityIdInMessage(message),
    message: message.trim(),
  };
}

const levelOf = (word: string): ServerLogEntry['level'] =>
  /err|fehler|crit|krit/i.test(word) ? 'error' : /warn/i.test(word) ? 'warning' : /info/i.test(word) ? 'information' : 'unknown';

/** ISO, or day, month and year in the orders people have: 23.11.2026 is day first, 11/23/2026 month first; 4/5/2026 may be either. */
function dateOf(text: string, utc: boolean): { readonly atMs: number; readonly orMs: number | null; readonly zoned: boolean } | null {
  const iso = /^\s*\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?/.exec(text);
  if (iso) {
    const atMs = Date.parse(`${iso[0].trim().replace(' ', 'T')}${utc && !iso[1] ? 'Z' : ''}`);
    return Number.isNaN(atMs) ? null : { atMs, orMs: null, zoned: utc || iso[1] !== undefined };
  }
  const parts = /(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\D{1,4}(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([AaPp])?/.exec(text);
  if (!parts) return null;
  const [, a = '', separator = '', b = '', c = '', hour = '', minute = '', second = '0', half = ''] = parts;
  const hours = (Number(hour) % (half ? 12 : 24)) + (/p/i.test(half) ? 12 : 0);
  const at = (year: number, month: number, day: number): number | null => {
    if (month > 12 || day > 31 || month < 1 || day < 1) return null;
    const clock = [year < 100 ? 2000 + year : year, month - 1, day, hours, Number(minute), Number(second)] as const;
    return utc ? Date.UTC(...clock) : new Date(...clock).getTime();
  };
  const [x, y, z] = [Number(a), Number(b), Number(c)];
  const readings = a.length === 4 ? [at(x, y, z)] : separator === '/' ? [at(z, x, y), at(z, y, x)] : [at(z, y, x), at(z, x, y)];
  const [first, other] = readings.filter((reading) => reading !== null);
  return first === undefined ? null : { atMs: first, orMs: other === undefined || other === first ? null : other, zoned: utc };
}
