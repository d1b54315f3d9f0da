import { defineCommand, oneOf } from '../shared/define-command';
import { dirname, resolve } from 'node:path';
import { instantSchema } from '../../contracts/words';
import { askControl, runningWatches } from '../../monitor/control/control';
import { type ExportFormat, exportFormats, exportSlots } from '../../monitor/slots/export-slots';
import { readMonitorSettings } from '../../monitor/settings/monitor-settings';
import { openStore } from '../../monitor/store/open-store';
import { storePlace } from '../../monitor/watch';
import { ProbeFault } from '../../contracts/probe-fault';
import { writeAll } from '../shared/closed-pipe';
import type { CommonOptions } from '../shared/common';

/** `signin-probe export`: every slot that ended, as JSON lines or CSV on standard output; from the running watch, else from the store itself. */
export const command = defineCommand({
  name: 'export',
  group: 'Monitor',
  place: 4,
  args: '',
  description: 'every slot that ended, on standard output',
  example: 'signin-probe export --format csv --from 2026-11-01 > november.csv',
  options: (command) =>
    command
      .option('--format <format>', 'jsonl or csv', oneOf('jsonl', 'csv'))
      .option('--from <instant>', 'from this day or instant on (UTC)')
      .option('--to <instant>', 'before this day or instant (UTC)'),
  run,
});

async function run(_: string[], options: CommonOptions): Promise<number> {
  const format = (options.format ?? 'jsonl') as ExportFormat;
  if (!exportFormats.includes(format)) throw new ProbeFault(`--format: expected ${exportFormats.join(' or ')}, found ${format}.`);
  const span = { from: instant(options.from, '--from'), to: instant(options.to, '--to') };
  const [watch] = await runningWatches(dirname(resolve(options.config)));
  if (watch) {
    const query = new URLSearchParams({ format, ...(span.from ? { from: span.from } : {}), ...(span.to ? { to: span.to } : {}) });
    await askControl(watch, 'GET', `/export?${query.toString()}`, { onData: (part) => process.stdout.write(part) }).catch((error: Error) => {
      throw new ProbeFault(`The export broke off: ${error.message}`);
    });
    return 0;
  }
  const store = await openStore(await storePlace(readMonitorSettings(options.config)));
  try {
    await writeAll(exportSlots(store.db, format, span));
  } finally {
    await store.close();
  }
  return 0;
}

function instant(text: string | undefined, option: string): string | null {
  if (text === undefined) return null;
  const iso = /^\d{4}-\d\d-\d\d$/.test(text) ? `${text}T00:00:00Z` : text;
  if (!instantSchema.safeParse(iso).success)
    throw new ProbeFault(`${option}: expected a day or an instant such as 2026-11-23 or 2026-11-23T08:00:00Z, found "${text}".`);
  return iso;
}
