/** Event logs as lines `Name: value`: Event Viewer's "Copy details as text", `wevtutil … /f:text`, `Format-List`. */
import { entryOf, type EventFields, fieldNames } from './event-fields';
import type { EventsRead } from './event-xml';
import { writtenTime } from './written-time';

const labelled = /^\s{0,4}([^\s:：][^:：]{0,40}?)\s*[:：]\s?(.*)$/;
const labelOf = (line: string): { readonly label: string; readonly value: string } | null => {
  const [, label, value = ''] = labelled.exec(line) ?? [];
  return label === undefined ? null : { label: label.toLowerCase(), value: value.trim() };
};

/** An event begins anew with the name the first one began with; its message runs on until then. */
export function readEventList(text: string): EventsRead {
  const lines = text.split(/\r?\n/);
  const names: Readonly<Record<string, keyof EventFields>> = { ...fieldNames, ...learned(lines) };
  const events: EventFields[] = [];
  let [current, first, inMessage]: [EventFields | null, string | null, boolean] = [null, null, false];
  for (const line of lines) {
    const { label = '', value = '' } = labelOf(line) ?? {};
    const field = names[label];
    const begins = field !== undefined && (first === null ? field !== 'message' || !/^\s/.test(line) : label === first);
    if (begins && (field !== 'message' || !inMessage)) {
      first = label;
      current = {};
      events.push(current);
      inMessage = false;
    }
    if (current === null) continue;
    // Format-List indents a message's further lines and aligns its colons: a field may follow the message.
    const aligned = /^[A-Za-z]+\s+: /.test(line) && fieldNames[label] !== undefined && first !== null && fieldNames[first] !== undefined;
    if (field !== undefined && (!inMessage || begins || aligned)) {
      current[field] ??= value;
      inMessage = field === 'message';
    } else if (inMessage) current.message = `${current.message ?? ''}\n${line.trim()}`;
  }
  const entries = events.map(entryOf);
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}

/**
 * The names of another language, by their place: Event Viewer copies log, source, time and event number in this order in every language; a name without a
 * value behind them begins the message, the computer stands before it.
 */
function learned(lines: readonly string[]): Record<string, keyof EventFields> {
  const head = lines.map((line, index) => ({ index, ...labelOf(line) })).filter(({ index }) => lines[index]?.trim() !== '');
  const time = head.findIndex(({ value }, at) => value !== undefined && writtenTime(value) !== null && /^\d{1,6}$/.test(head[at + 1]?.value ?? ''));
  if (time < 1) return {};
  const names: Record<string, keyof EventFields> = {};
  const take = (at: number, field: keyof EventFields): void => {
    const label = head[at]?.label;
    if (label !== undefined && fieldNames[label] === undefined) names[label] = field;
  };
  take(time, 'date');
  take(time + 1, 'id');
  take(time - 1, 'source');
  take(time - 2, 'log');
  take(time + 3, 'level');
  const message = head.findIndex(({ value, label }, at) => at > time + 1 && (label === undefined || value === ''));
  if (head[message]?.label !== undefined) {
    take(message, 'message');
    if (message - 1 > time + 3) take(message - 1, 'computer');
  }
  return names;
}
