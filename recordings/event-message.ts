/**
 * Events without a head: ASP.NET's message alone (General tab), whatever else has a time and a code or exception, and lines that begin with a time in brackets
 * (CRM's platform trace).
 */
import { entryOf } from './event-fields';
import type { EventsRead } from './event-xml';
import { writtenTime } from './written-time';

const utcLines = /^[^\n:：]*\bUTC\b[^\n:：]*[:：][^\S\n]*\S[^\n]*\d[:.]\d/gm;
/** The line with ASP.NET's own code; it stands some lines above its time in UTC. */
const codeLine = /^[^\n:：]*[:：][^\S\n]*(3\d{3}|4\d{3})[^\S\n]*$/;

/** ASP.NET's own line in UTC suffices as the time; each such line is one event. */
export function readAspNetMessages(text: string): EventsRead {
  const starts = [...text.matchAll(utcLines)].map(({ index }) => {
    const above = text.slice(0, index).split('\n').slice(0, -1);
    for (let up = 1; up <= 8 && up <= above.length; up += 1) {
      const code = codeLine.exec((above.at(-up) ?? '').trimEnd())?.[1];
      if (code) return { from: index - above.slice(-up).join('\n').length - 1, code };
    }
    return { from: index, code: null };
  });
  const entries = starts.map(({ from, code }, at) =>
    entryOf({ source: 'ASP.NET', message: text.slice(from, starts[at + 1]?.from), ...(code === null ? {} : { id: String(eventId(Number(code))) }) }),
  );
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}

/**
 * ASP.NET's health monitoring writes its error codes as event 1309, compilation and configuration errors (3007, 3008) as 1310, failed audits as 1314 or 1315.
 */
const eventId = (code: number): number => (code === 3007 || code === 3008 ? 1310 : code < 4000 ? 1309 : 1314);

const traceLine = /^\[(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[^\]\n]*)\](.*)$/gm;

/** CRM's platform trace: `[time] Process: … |Level: Error |… |ActivityId: …`, then the text. Its times are local. */
export function readTrace(text: string): EventsRead {
  const starts = [...text.matchAll(traceLine)];
  const entries = starts.map((start, at) => {
    const [whole, date = '', head = ''] = start;
    const field = (name: string): string => new RegExp(`\\b${name}:\\s*([^|]*)`, 'i').exec(head)?.[1]?.trim() ?? '';
    const body = text.slice(start.index + whole.length, starts[at + 1]?.index).replace(/^\s*>/, '');
    return entryOf({
      date,
      source: /Organization:|\bReqId:/i.test(head) ? 'CRM trace' : field('Process') || 'trace',
      level: field('Level'),
      activity: field('ActivityId') || field('ReqId'),
      message: body.trim() === '' ? (head.split('|').at(-1) ?? head) : body,
    });
  });
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}

/** Where no layout fits (Event Viewer's friendly view, `Format-Table`): a line with a time begins an event, if a code or an exception stands in it. */
export function readLoose(text: string): EventsRead {
  const lines = text.split('\n');
  const starts = lines.flatMap((line, index) => (writtenTime(line) ? [index] : []));
  const entries = starts.flatMap((start, at) => {
    const block = (starts.length === 1 ? lines : lines.slice(start, starts[at + 1])).join('\n');
    if (!/\b(?:ID|MSIS)\d{4}\b|Exception\b/.test(block)) return [];
    const id = /Event ?ID\D{0,5}(\d{1,6})\b/i.exec(block)?.[1] ?? /\d:\d\d\b[^\d\n]*\s(\d{1,5})\s/.exec(lines[start] ?? '')?.[1];
    const source = /ASP\.NET [\d.]+|AD FS/.exec(block)?.[0];
    return [entryOf({ date: lines[start] ?? '', message: block, ...(id ? { id } : {}), ...(source ? { source } : {}) })];
  });
  const good = entries.filter((entry) => entry !== null);
  return { entries: good, unreadable: entries.length - good.length };
}
