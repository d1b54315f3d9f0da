/** Event logs as XML: `wevtutil qe … /f:RenderedXml`, Event Viewer's "Save As … XML", or Get-WinEvent's ToXml(), one root or none. */
import type { Element } from '@xmldom/xmldom';
import { openXml } from '../federation/gate';
import { attributeOf, childNamed, descendantElements, textOf } from '../federation/xml-elements';
import { activityIdIn, activityIdInMessage, type ServerLogEntry } from './server-log-entry';

export interface EventsRead {
  readonly entries: readonly ServerLogEntry[];
  /** Events that could not be read. */
  readonly unreadable: number;
}

/** Reads each event by itself through the XML gate: a broken or hostile one spoils only itself. */
export function readEventXml(text: string): EventsRead {
  const entries: ServerLogEntry[] = [];
  let unreadable = 0;
  for (const source of eventsIn(text)) {
    const entry = source === null ? null : (entryFrom(source) ?? entryFrom(repaired(source)));
    if (entry) entries.push(entry);
    else unreadable += 1;
  }
  return { entries, unreadable };
}

function entryFrom(source: string): ServerLogEntry | null {
  const xml = openXml(source);
  return xml.ok && xml.document.documentElement ? entryOf(xml.document.documentElement) : null;
}

const tags =
  'Event|System|Provider|EventID|Version|Level|Task|Opcode|Keywords?|TimeCreated|EventRecordID|Correlation|Execution|' +
  'Channel|Computer|Security|EventData|ComplexData|Data|Binary|UserData|RenderingInfo|Message|Param\\d*';
const noTag = new RegExp(`<(?!/?(?:${tags})(?:\\s[^<>]*)?/?>|!)`, 'g');

/** Pasted into a forum or mail, `&` and `<` of a text lose their escapes ("IList`1&", "List<string>"). What is no tag of an event is text. */
const repaired = (source: string): string => source.replace(/&(?!(?:#\d+|#x[0-9a-f]+|amp|lt|gt|quot|apos);)/gi, '&amp;').replace(noTag, '&lt;');

/** The text of each outermost <Event>; AD FS nests another Event in its UserData. null for one that is cut off. */
function* eventsIn(text: string): Generator<string | null> {
  const tags = /<(\/?)Event(?=[\s>])[^>]*>/g;
  let [depth, from] = [0, 0];
  for (let tag = tags.exec(text); tag; tag = tags.exec(text)) {
    if (tag[0].endsWith('/>')) continue;
    if (tag[1] === '') {
      if (depth === 0) from = tag.index;
      depth += 1;
    } else if (depth > 0) {
      depth -= 1;
      if (depth === 0) yield text.slice(from, tags.lastIndex);
    }
  }
  if (depth > 0) yield null;
}

function entryOf(event: Element): ServerLogEntry | null {
  const system = childNamed(event, 'System');
  const atMs = Date.parse((attributeOf(childNamed(system, 'TimeCreated'), 'SystemTime') ?? '').replace(/(\.\d{3})\d+/, '$1'));
  const id = Number(textOf(childNamed(system, 'EventID')));
  if (Number.isNaN(atMs) || !Number.isInteger(id)) return null;
  const message = textOf(childNamed(childNamed(event, 'RenderingInfo'), 'Message')) ?? dataOf(event);
  return {
    atMs,
    orMs: null,
    zoned: true,
    zoneShiftMs: null,
    source: attributeOf(childNamed(system, 'Provider'), 'Name') ?? 'unknown',
    log: textOf(childNamed(system, 'Channel')),
    computer: textOf(childNamed(system, 'Computer')),
    id,
    level: levels[Number(textOf(childNamed(system, 'Level')))] ?? 'unknown',
    activityId: activityIdIn(attributeOf(childNamed(system, 'Correlation'), 'ActivityID')) ?? activityIdInMessage(message),
    message,
  };
}

/** Windows' levels: 0 and 4 information, 1 critical, 2 error, 3 warning. */
const levels: readonly ServerLogEntry['level'][] = ['information', 'error', 'error', 'warning', 'information', 'information'];

/** Without a rendered message: the values it would be made of. */
const dataOf = (event: Element): string =>
  descendantElements(event)
    .filter(({ localName }) => localName === 'Data' || localName === 'Param')
    .map(textOf)
    .filter((value) => value !== null)
    .join('\n');
