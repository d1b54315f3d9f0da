import { defineCommand, browserOption } from '../shared/define-command';
import { findBrowser } from '../../probes/browser';
import { readMonitorSettings, watchedText } from '../../monitor/settings/monitor-settings';
import { startWatch } from '../../monitor/watch';
import { watchParts } from '../../monitor/watch-parts';
import { readWebSettings } from '../../monitor/web/web-settings';
import { browserOr } from '../shared/browser-or';
import { type CommonOptions, equipment } from '../shared/common';
import { untilStopped } from '../shared/until-stopped';

/** `signin-probe watch`: scheduled monitoring, until stopped. */
export const command = defineCommand({
  name: 'watch',
  group: 'Monitor',
  place: 1,
  args: '',
  description: 'scheduled monitoring: scheduler, store, alerts, metrics and web page in one process, until stopped',
  example: 'signin-probe watch',
  options: (command) => command.addOption(browserOption()),
  run,
});

async function run(_: string[], options: CommonOptions): Promise<number> {
  const settings = readMonitorSettings(options.config);
  const { log } = equipment(options);
  const web = await readWebSettings(settings.config.web, settings.configFolder);
  const browser = browserOr(await findBrowser({ configured: options.browser ?? settings.browser }), log);
  let operatorKey: string | null = null;
  const watch = await startWatch({
    settings,
    outFolder: options.out,
    log,
    verbose: options.verbose ?? false,
    browser,
    server: web,
    parts: watchParts(web, log, (key) => (operatorKey = key)),
  });
  const elsewhere = [...new Set(settings.series.map(({ location }) => location))].filter((location) => location !== settings.location);
  process.stdout.write(
    `Watching ${watchedText(settings)}.\n  page      ${web.baseUrl ?? watch.url}\n` +
      (operatorKey === null ? '' : `  operator  ${watch.url}/sign-in with the key ${String(operatorKey)}\n`) +
      (elsewhere.length > 0 ? `  agents    needed at ${elsewhere.join(', ')} (signin-probe agent token NAME --location …)\n` : '') +
      `Stop with Ctrl+C.\n`,
  );
  await untilStopped(() => watch.stop(), { onHangUp: () => void watch.reload().catch((error: Error) => log.error(error.message)) });
  return 0;
}
