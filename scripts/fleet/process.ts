import { readFileSync } from 'node:fs';
import { startAgent } from '../../monitor/fleet/start-agent';
import { readMonitorSettings } from '../../monitor/settings/monitor-settings';
import { startWatch } from '../../monitor/watch';
import type { BrowserChoice } from '../../probes/browser/browser';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { untilStopped } from '../../cli/shared/until-stopped';
import { lightRunner } from './light-runner';

/** One process of the fleet test: `node process.ts FILE`, the file with what it is. */
export interface FleetProcess {
  readonly role: 'watch' | 'agent';
  readonly config: string;
  readonly out: string;
  readonly journal: string;
  readonly location: string;
  readonly port: number;
  readonly server?: string;
  readonly durationMs: { readonly from: number; readonly to: number };
}

const lease = { leaseMs: 4_000, renewEveryMs: 1_000 };
const noBrowser: BrowserChoice = { name: 'configured', executablePath: null, version: 'none' };

async function main(task: FleetProcess): Promise<void> {
  const settings = readMonitorSettings(task.config);
  const log = createLog({ level: 'warn', quiet: false, redactor: createRedactor() });
  const shared = {
    settings,
    log,
    outFolder: task.out,
    verbose: false,
    browser: noBrowser,
    lease,
    runner: lightRunner(task.journal, task.location, task.durationMs),
  };
  const running =
    task.role === 'watch'
      ? await startWatch({
          ...shared,
          server: { listen: { host: '127.0.0.1', port: task.port }, tls: null, behindProxy: false },
          parts: () => Promise.resolve([]),
        })
      : await startAgent({
          ...shared,
          location: task.location,
          ...(task.server ? { server: task.server, token: 'env:FLEET_TOKEN' } : { database: 'env:FLEET_DATABASE' }),
        });
  await untilStopped(() => running.stop());
  process.exit(0);
}

main(JSON.parse(readFileSync(process.argv[2] ?? '', 'utf8')) as FleetProcess).catch((error: Error) => {
  console.error(error.message);
  process.exit(3);
});
