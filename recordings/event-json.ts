/** Event logs as JSON: `ConvertTo-Json` of Get-WinEvent or Get-EventLog, one object or many, also one a line; and what log shippers write. */
import { entryOf, type EventFields, fieldNames } from './event-fields';
import type { EventsRead } from './event-xml';

/** null where the text is no JSON. */
export function readEventJson(text: string): EventsRead | null {
  const data = parsed(text) ?? lines(text);
  if (data === null) return null;
  const records = recordsIn(data, 0);
  const entries = records.map((record) => entryOf(fieldsOf(record)));
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function lines(text: string): unknown[] | null {
  const all = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const read = all.map(parsed).filter((each) => typeof each === 'object' && each !== null);
  return read.length > 0 && read.length === all.length ? read : null;
}

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Objects that have a time and a number or text of an event; lists and wrappers around them are looked into. */
function recordsIn(data: unknown, depth: number): readonly Json[] {
  if (depth > 6) return [];
  if (Array.isArray(data)) return data.flatMap((each) => recordsIn(each, depth + 1));
  if (!isObject(data)) return [];
  const { date, id, message } = fieldsOf(data);
  if (
    date !== undefined &&
    (id !== undefined || message !== undefined) &&
    !Object.values(data).some((value) => Array.isArray(value) && recordsIn(value, depth + 1).length > 1)
  )
    return [data];
  return Object.values(data).flatMap((value) => recordsIn(value, depth + 1));
}

/** Every named value at any depth, the outermost first; `Data` stands for a message that was not rendered. */
function fieldsOf(record: Json): EventFields {
  const fields: EventFields = {};
  const data: string[] = [];
  const visit = (value: unknown, name: string, depth: number): void => {
    const field = fieldNames[name.toLowerCase()];
    if (typeof value === 'string' || typeof value === 'number') {
      if (field && value !== '') {
        const text = String(value);
        if (field !== 'level' || fields.level === undefined || /\D/.test(text)) fields[field] = field === 'level' ? text : (fields[field] ?? text);
      } else if (/^(data|#text|param\d*)$/i.test(name)) data.push(String(value));
    } else if (depth < 6 && (isObject(value) || Array.isArray(value))) {
      // PowerShell 5 wraps a time as { "value": "/Date(…)/", "DateTime": "…" }; others put an attribute beside a text.
      const wrapped = isObject(value) ? (value['value'] ?? value['#text'] ?? (field === 'source' ? nameIn(value) : undefined)) : undefined;
      if (field && (typeof wrapped === 'string' || typeof wrapped === 'number')) return visit(wrapped, name, depth + 1);
      for (const [key, each] of Object.entries(value)) visit(each, Array.isArray(value) ? name : key, depth + 1);
    }
  };
  const flat = Object.entries(record).sort(([, a], [, b]) => Number(typeof a === 'object') - Number(typeof b === 'object'));
  for (const [name, value] of flat) visit(value, name, 0);
  if (fields.message === undefined && data.length > 0) fields.message = data.join('\n');
  return fields;
}

/** `Provider` of an event's own structure: its name is an attribute. */
const nameIn = (value: Json): unknown =>
  value['Name'] ??
  Object.values(value)
    .filter(isObject)
    .find((each) => 'Name' in each)?.['Name'];
