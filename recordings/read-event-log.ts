/** An exported Windows event log of an AD FS or CRM server. */
import { decodeText } from '../system/decode-text';
import { readEventJson } from './event-json';
import { readEventText, unwrapped } from './event-text';
import { type EventsRead, readEventXml } from './event-xml';
import type { ServerLogEntry } from './server-log-entry';

export const maxEventLogBytes = 200 * 1024 * 1024;

export type EventLog =
  { readonly ok: true; readonly entries: readonly ServerLogEntry[]; readonly unreadable: number } | { readonly ok: false; readonly why: string };

const howToExport =
  'Export it as XML, for instance: wevtutil qe "AD FS/Admin" /q:"*[System[TimeCreated[timediff(@SystemTime) <= 86400000]]]" ' +
  '/f:RenderedXml /e:Events > adfs.xml';

function eventsIn(text: string): EventsRead {
  const json = /^\s*[[{]/.test(text) ? readEventJson(text) : null;
  if (json && json.entries.length > 0) return json;
  if (!/<Event[\s>]/.test(text) || !/<System[\s>]/.test(text)) return readEventText(text);
  const xml = readEventXml(text);
  return xml.entries.length > 0 ? xml : { ...readEventText(text), unreadable: xml.unreadable };
}

/**
 * Reads an event log saved as XML (Event Viewer, wevtutil, Get-WinEvent) or text (Event Viewer's text export or copied details, Format-List), in UTF-8 or
 * UTF-16.
 * @returns its events, or in one sentence why there are none. Never throws.
 */
export function readEventLog(file: Buffer | string): EventLog {
  if (file.length > maxEventLogBytes)
    return {
      ok: false,
      why:
        `expected an export of the hour around the failure, found ${Math.round(file.length / 1048576)} MB; ` +
        `at most ${maxEventLogBytes / 1048576} MB are read.`,
    };
  if ((typeof file === 'string' ? file.slice(0, 8) : file.subarray(0, 8).toString('latin1')).startsWith('ElfFile'))
    return {
      ok: false,
      why: `expected an export as XML or text, found a binary .evtx file. ${howToExport.replace('qe "AD FS/Admin"', 'qe FILE.evtx /lf:true')}`,
    };
  const read = eventsIn(unwrapped((typeof file === 'string' ? file : decodeText(file)).replace(/^\uFEFF/, '')));
  if (read.entries.length === 0)
    return {
      ok: false,
      why: `expected events of a Windows event log as XML or text, found ${read.unreadable > 0 ? 'none that could be read' : 'none'}. ${howToExport}`,
    };
  return { ok: true, ...read };
}
