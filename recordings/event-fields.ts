/** What an export says of one event, whatever its layout, as an entry. */
import { activityIdIn, activityIdInMessage, type ServerLogEntry } from './server-log-entry';
import { writtenTime } from './written-time';

export interface EventFields {
  level?: string;
  date?: string;
  source?: string;
  id?: string;
  activity?: string;
  log?: string;
  computer?: string;
  message?: string;
}

/** Names of fields as PowerShell, wevtutil, Event Viewer (English, German) and log shippers write them; lower case. */
export const fieldNames: Readonly<Record<string, keyof EventFields>> = {
  'log name': 'log', logname: 'log', protokollname: 'log', channel: 'log',
  source: 'source', providername: 'source', quelle: 'source', provider: 'source', provider_name: 'source', sourcename: 'source',
  date: 'date', timecreated: 'date', timegenerated: 'date', datum: 'date', systemtime: 'date', '@timestamp': 'date', 'date and time': 'date',
  timewritten: 'date',
  'event id': 'id', id: 'id', eventid: 'id', instanceid: 'id', 'ereignis-id': 'id', event_id: 'id', eventidentifier: 'id',
  level: 'level', leveldisplayname: 'level', entrytype: 'level', ebene: 'level',
  computer: 'computer', machinename: 'computer', computer_name: 'computer', pscomputername: 'computer',
  activityid: 'activity', 'activity id': 'activity',
  message: 'message', description: 'message', beschreibung: 'message',
}; // prettier-ignore

/** ASP.NET writes its own time in UTC into the message (event 1309, 3005); "UTC" stands in every language's label. */
const utcLine = /^[^\n:：]*\bUTC\b[^\n:：]*[:：][^\S\n]*([^\s][^\r\n]*\d:\d[^\r\n]*|[^\s][^\r\n]*\d\.\d[^\r\n]*)/m;

/** An entry needs a time; null without one. */
export function entryOf(fields: EventFields): ServerLogEntry | null {
  const message = (fields.message ?? '').trim();
  const utc = writtenTime(utcLine.exec(message)?.[1] ?? '', true);
  const local = writtenTime(fields.date ?? '');
  const at = utc ?? local;
  const id = (fields.id ?? '').trim();
  if (at === null || (id !== '' && !/^\d+$/.test(id)) || (id === '' && message === '')) return null;
  return {
    ...at,
    // Both of one event show the zone of all local times in the file.
    zoneShiftMs: utc && local && !local.zoned ? zoneShift(utc.atMs - local.atMs) : null,
    source: fields.source?.trim() || 'unknown',
    log: fields.log?.trim() || null,
    computer: fields.computer?.trim() || null,
    id: id === '' ? null : Number(id) % 65_536, // Get-EventLog's InstanceId has the severity above it
    level: levelOf(fields.level ?? ''),
    activityId: activityIdIn(fields.activity ?? null) ?? activityIdInMessage(message),
    message,
  };
}

const quarterMs = 900_000;
const zoneShift = (ms: number): number | null => (Math.abs(ms) <= 15 * 3_600_000 ? Math.round(ms / quarterMs) * quarterMs : null);

/** By the word's stem in the languages of Windows, or its number. */
const levelOf = (word: string): ServerLogEntry['level'] =>
  /err|fehler|crit|krit|fout|fel\b|ошибк|błąd|chyb|hata|エラー|错误|錯誤|오류|^[12]$/iu.test(word)
    ? 'error'
    : /warn|advert|avert|aviso|avvis|waarsch|varning|предупр|ostrze|upoz|uyar|警告|경고|^3$/iu.test(word)
      ? 'warning'
      : /info|сведен|情報|信息|資訊|정보|^[04]$/iu.test(word)
        ? 'information'
        : 'unknown';
