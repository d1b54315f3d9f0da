/** Event logs as a table: Event Viewer's "Save As" (tabs, commas; semicolons where a spreadsheet saved it anew), `Export-Csv`, selected columns. */
import { entryOf, type EventFields, fieldNames } from './event-fields';
import type { EventsRead } from './event-xml';
import { writtenTime } from './written-time';

const separators = ['\t', ',', ';', '|'] as const;

/** Nothing where the text is no table with a time and an event number in its rows. */
export function readEventTable(text: string): EventsRead {
  const readings = separators.filter((separator) => text.includes(separator)).map((separator) => eventsOf(recordsOf(text, separator)));
  return readings.sort((a, b) => b.entries.length - a.entries.length)[0] ?? { entries: [], unreadable: 0 };
}

/** Cells as RFC 4180 has them: a quoted one may have separators and line breaks in it. */
function recordsOf(text: string, separator: string): string[][] {
  const records: string[][] = [];
  let [record, from]: [string[], number] = [[], 0];
  while (from < text.length) {
    const quoted = text[from] === '"' ? /"((?:[^"]|"")*)"/y : null;
    if (quoted) quoted.lastIndex = from;
    const cell = quoted?.exec(text);
    const ends = cell ? from + cell[0].length : from;
    const stop = /[\r\n]/.test(separator) ? ends : nextOf(text, separator, ends);
    record.push(cell ? (cell[1] ?? '').replace(/""/g, '"') + text.slice(ends, stop).trim() : text.slice(from, stop).trim());
    if (text[stop] === separator) from = stop + 1;
    else {
      records.push(record);
      record = [];
      from = text[stop] === '\r' && text[stop + 1] === '\n' ? stop + 2 : stop + 1;
    }
  }
  return record.length > 0 ? [...records, record] : records;
}

function nextOf(text: string, separator: string, from: number): number {
  for (let at = from; at < text.length; at += 1) if (text[at] === separator || text[at] === '\n' || text[at] === '\r') return at;
  return text.length;
}

function eventsOf(records: readonly string[][]): EventsRead {
  const head = records.find((cells) => cells.length > 1 && cells.filter((cell) => named(cell) !== undefined).length >= 2);
  const columns = head?.map(named) ?? [];
  const events: EventFields[] = [];
  for (const cells of records) {
    if (cells === head || /^#TYPE /.test(cells[0] ?? '')) continue;
    const event = byHead(cells, columns) ?? byContent(cells);
    const last = events.at(-1);
    if (event) events.push(event);
    // A message somebody pasted without its quotes runs on over the next lines.
    else if (last) last.message = `${last.message ?? ''}\n${cells.join(' ')}`;
  }
  const entries = events.map(entryOf);
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}

const named = (cell: string): keyof EventFields | undefined => fieldNames[cell.trim().toLowerCase()];

function byHead(cells: readonly string[], columns: readonly (keyof EventFields | undefined)[]): EventFields | null {
  if (!columns.includes('date') || cells.length < columns.filter((field) => field !== undefined).length) return null;
  const event: EventFields = {};
  for (const [index, field] of columns.entries()) {
    // "Level" is a number beside the word "LevelDisplayName"; the word comes later and says it better.
    if (field !== undefined && cells[index]) event[field] = field === 'level' ? cells[index] : (event[field] ?? cells[index]);
  }
  const behind = cells.slice(columns.length).filter((cell) => cell !== '');
  if (behind.length > 0 && !columns.includes('message')) event.message = behind.join(' ');
  return writtenTime(event.date ?? '') ? event : null;
}

/** In any language: a time, an event number, the source between or beside them, the longest text is the message. */
function byContent(cells: readonly string[]): EventFields | null {
  const isTime = (cell: string): boolean => cell.length < 45 && writtenTime(cell) !== null;
  const time = cells.findIndex(isTime);
  const id = cells.findIndex((cell, index) => index !== time && /^\d{1,6}$/.test(cell) && (index > time || /^\d{2,6}$/.test(cell)));
  if (time < 0 || id < 0) return null;
  const rest = cells.filter((cell, index) => index !== time && index !== id && !isTime(cell));
  const message = rest.reduce((longest, cell) => (cell.length > longest.length ? cell : longest), '');
  const between = cells.slice(Math.min(time, id) + 1, Math.max(time, id)).find((cell) => cell !== '' && cell !== message);
  const source = rest.find((cell) => cell !== message && /^(AD ?FS|ASP\.NET|MSCRM|Microsoft)/i.test(cell)) ?? between;
  const level = cells.slice(0, time).find((cell) => cell !== '' && cell !== source && cell !== message) ?? '';
  return { date: cells[time] ?? '', id: cells[id] ?? '', message, level, ...(source === undefined ? {} : { source }) };
}
