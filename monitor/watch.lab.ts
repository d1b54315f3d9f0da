import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createLog } from '../system/log';
import { ProbeFault } from '../contracts/probe-fault';
import { createRedactor } from '../probes/redaction/redact';
import { readMonitorSettings } from './settings/monitor-settings';
import type { OpenStore } from './store/open-store';
import { startWatch } from './watch';

const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });

test('a configuration that one part of watch cannot take over changes nothing in the others', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-watch-'));
  const file = join(folder, 'signin-probe.yaml');
  const write = (...targets: string[]): Promise<void> => {
    const each = targets.map(
      (name) => `  - { name: ${name}, ifd: { url: 'https://${name}.test/' }, sts: https://sts.contoso.test, account: { windows: current } }\n`,
    );
    return writeFile(file, `monitor: { schedule: every 1h, concurrency: 0 }\ntargets:\n${each.join('')}`);
  };
  await write('contoso');
  let opened: OpenStore | null = null;
  let refuses = true;
  const watch = await startWatch({
    settings: readMonitorSettings(file),
    outFolder: join(folder, 'output'),
    log,
    verbose: false,
    browser: { name: 'configured', executablePath: null, version: 'none' },
    server: { listen: { host: '127.0.0.1', port: 0 }, tls: null, behindProxy: false },
    parts: async (store) => {
      opened = store;
      const reload = (): Promise<void> => (refuses ? Promise.reject(new ProbeFault('A secret of `otlp:` could not be had.')) : Promise.resolve());
      return [{ reload }];
    },
  });
  const targets = async (): Promise<string[]> => ((await opened?.series()) ?? []).map(({ target }) => target);
  try {
    await write('contoso', 'fabrikam');
    await expect(watch.reload()).rejects.toThrow('A secret of `otlp:` could not be had.');
    expect(await targets()).toEqual(['contoso']);
    refuses = false;
    expect(await watch.reload()).toBe('Configuration read again: 2 targets, 2 sign-ins.');
    expect(await targets()).toEqual(['contoso', 'fabrikam']);
  } finally {
    await watch.stop();
    await rm(folder, { recursive: true, force: true });
  }
});
