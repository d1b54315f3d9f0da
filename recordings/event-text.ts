/**
 * Event logs as text, as people save and paste them. Read by structure: a time, a source or number, an exception; the language comes last. Local times
 * have no zone: they are read in this machine's, until something in the log shows another.
 */
import { readEventList } from './event-list';
import { readAspNetMessages, readLoose, readTrace } from './event-message';
import { readEventTable } from './event-table';
import type { EventsRead } from './event-xml';

export function readEventText(text: string): EventsRead {
  const readings = [readTrace, readEventTable, readEventList, readAspNetMessages].map((read) => read(text));
  // A layout that does not fit reads few events or none.
  const best = readings.reduce((most, next) => (next.entries.length > most.entries.length ? next : most));
  return best.entries.length > 0 ? best : readLoose(text);
}

const otherDigits = /[\u0660-\u0669\u06f0-\u06f9\uff10-\uff19]/g;

/** Takes away what mail, forums and right-to-left languages put around a text: quote marks, a common indent, doubled blank lines, marks nobody sees. */
export function unwrapped(text: string): string {
  const plain = text
    .replace(/[\u200b-\u200f\u202a-\u202e\u2066-\u2069]/g, '')
    .replace(/[\u00a0\u202f\u2007]/g, ' ')
    .replace(otherDigits, (digit) => String((digit.charCodeAt(0) & 0xf) % 10))
    .replace(/\r\n?/g, '\n');
  const unescaped = /&lt;Event[\s&]/.test(plain) && !/<Event[\s>]/.test(plain) ? decodedOnce(plain) : plain;
  const lines = withoutQuotes(unescaped.split('\n'));
  const filled = lines.filter((line) => line.trim() !== '');
  const indent = Math.min(...filled.map((line) => /^[ \t]*/.exec(line)?.[0].length ?? 0));
  return lines.map((line) => line.slice(filled.length > 1 && Number.isFinite(indent) ? indent : 0)).join('\n');
}

/** Three quoted lines in a row are a mail's; a single ">" may be the log's own. */
function withoutQuotes(lines: readonly string[]): string[] {
  const mark = /^\s*(?:[>|]\s?)+/;
  const quoted = lines.map((line) => /^\s*>/.test(line));
  const mails = lines.map((_, at) => [at - 2, at - 1, at].some((from) => [0, 1, 2].every((step) => quoted[from + step] === true)));
  return lines.map((line, at) => (mails[at] ? line.replace(mark, '') : line));
}

const decodedOnce = (text: string): string =>
  text
    .replace(/&lt;/g, '<')
    .replace(/&gt;/g, '>')
    .replace(/&quot;/g, '"')
    .replace(/&amp;/g, '&');
