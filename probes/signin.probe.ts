import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runTargets } from '../runs/run-targets';
import { findBrowser } from './browser/browser';
import { createLog } from '../system/log';
import { createRedactor } from './redaction/redact';
import { loadTargets } from '../config/targets';

const config = process.env.SIGNIN_PROBE_CONFIG ?? 'signin-probe.yaml';
const loaded = loadTargets(config);

// Forms before Windows, as in `signin-probe run`: tests run in this order.
for (const target of loaded.ok ? [...loaded.targets].sort((a, b) => Number(b.route === 'ifd') - Number(a.route === 'ifd')) : []) {
  test(`${target.name} signs in over ${target.route === 'ifd' ? 'IFD' : 'internal claims'}`, async ({}, info) => {
    const redactor = createRedactor();
    const found = await findBrowser({ configured: loaded.ok ? loaded.browser : null });
    if (!found.ok) throw new Error(found.why);
    const { report, folder } = await runTargets({
      targets: [target],
      browser: found.choice,
      log: createLog({ level: 'info', quiet: true, redactor }),
      redactor,
      outFolder: 'output',
      label: 'playwright',
      interactive: false,
    });
    for (const name of ['report.html', 'report.json', 'evidence.json', 'exchange.har']) await info.attach(name, { path: join(folder, name) });
    const result = report.results[0];
    for (const { file, caption } of result?.screenshots ?? []) await info.attach(caption, { path: join(folder, file), contentType: 'image/png' });
    // At risk works now: the forecast is in the attached report.
    expect(['healthy', 'at-risk'], result?.summary).toContain(report.verdict);
  });
}

if (!loaded.ok)
  test('the configuration is good', () => {
    throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
  });
