import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { AlertEvent } from '../../../contracts/monitoring';
import { type Message, plainText } from '../message';
import type { SendResult } from './channel';
import { runCommand } from './run-command';

/** Event ids, for filters and subscriptions. eventcreate takes 1 to 1000. */
const ids: Readonly<Record<AlertEvent, number>> = {
  test: 700,
  opened: 701,
  worsened: 702,
  'cause-changed': 703,
  recovered: 704,
  reminder: 705,
  forecast: 706,
  acknowledged: 707,
  closed: 708,
  'partly-recovered': 709,
};

/** Arguments of eventcreate.exe for one entry in the log “Application”. */
export function eventArguments(message: Message, source: string): string[] {
  const { event, alert } = message.notice;
  const type =
    event === 'recovered' || event === 'closed' || event === 'test' || alert.severity === 'info'
      ? 'INFORMATION'
      : alert.severity === 'warning'
        ? 'WARNING'
        : 'ERROR';
  // A double quote would end the argument for eventcreate's own reading of its command line.
  const text = plainText(message).replace(/"/g, "'").trim().slice(0, 3000);
  return ['/L', 'APPLICATION', '/T', type, '/SO', source, '/ID', String(ids[event]), '/D', text];
}

/** Writes an entry into the Windows event log. The first entry of a source needs administrator's rights. */
export async function writeEvent(message: Message, source: string, signal?: AbortSignal): Promise<SendResult> {
  const program = join(process.env.SystemRoot ?? 'C:\\Windows', 'System32', 'eventcreate.exe');
  if (process.platform !== 'win32' || !existsSync(program))
    return { ok: false, why: 'This machine has no Windows event log (eventcreate.exe was not found); use another channel here.' };
  return runCommand([program, ...eventArguments(message, source)], '', 15_000, signal);
}
