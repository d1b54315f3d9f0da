import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadTargets } from '../../config/targets';
import { BrowserPool, findBrowser } from '../../probes/browser';
import { createRedactor } from '../../probes/redaction';
import { runTargets } from '../../runs/run-targets';
import { createLog } from '../../system/log';

/** `kept-browser CONFIG ROUTE TIMES`: so many sign-ins one after the other, in browsers kept as `watch` keeps them. A process of its own, to be measured. */
async function keptBrowser(config: string, route: string, times: number): Promise<void> {
  const loaded = loadTargets(config);
  const search = await findBrowser({ configured: null });
  const targets = loaded.ok ? loaded.targets.filter((each) => each.route === route) : [];
  if (!search.ok || targets.length === 0) throw new Error('no browser, or no target');
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-kept-'));
  const browsers = new BrowserPool();
  for (let time = 0; time < times; time++) {
    const redactor = createRedactor();
    const log = createLog({ level: 'error', quiet: true, redactor });
    const options = { targets, browser: search.choice, browsers, outFolder: join(folder, 'out'), label: null, log, redactor, interactive: false };
    const { report } = await runTargets({ ...options, stateFolder: join(folder, 'state') });
    if (report.verdict !== 'healthy') throw new Error(`sign-in ${time + 1}: ${report.verdict}`);
  }
  await browsers.close();
  await rm(folder, { recursive: true, force: true });
}

const [config = '', route = 'ifd', times = '1'] = process.argv.slice(2);
keptBrowser(config, route, Number(times)).catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
