import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { runTargets } from '../runs/run-targets';
import { findBrowser } from './browser';
import { createLog } from './log';
import { createRedactor } from './redact';
import { type Refusal, SubmitOnce } from './submit-once';
import { loadTargets } from './targets';

const config = process.env.SIGNIN_PROBE_CONFIG ?? 'signin-probe.yaml';
const loaded = loadTargets(config);

/** Playwright starts a new process after a failed test and empties this folder before the first: what was refused must outlive the former, not the latter. */
const refusals = 'output/playwright/refusals.json';
const knownRefusals = (): (readonly [string, Refusal])[] =>
  existsSync(refusals) ? (JSON.parse(readFileSync(refusals, 'utf8')) as (readonly [string, Refusal])[]) : [];

// Forms before Windows, as in `signin-probe run`: tests run in this order.
for (const target of loaded.ok ? [...loaded.targets].sort((a, b) => Number(b.route === 'ifd') - Number(a.route === 'ifd')) : []) {
  test(`${target.name} signs in over ${target.route === 'ifd' ? 'IFD' : 'internal claims'}`, async ({}, info) => {
    const redactor = createRedactor();
    const found = await findBrowser({ configured: loaded.ok ? loaded.browser : null });
    if (!found.ok) throw new Error(found.why);
    const submitOnce = new SubmitOnce(knownRefusals());
    const { report, folder } = await runTargets({
      submitOnce,
      targets: [target],
      browser: found.choice,
      log: createLog({ level: 'info', quiet: true, redactor }),
      redactor,
      outFolder: 'output',
      label: 'playwright',
      interactive: false,
    });
    mkdirSync(dirname(refusals), { recursive: true });
    writeFileSync(refusals, JSON.stringify(submitOnce));
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
