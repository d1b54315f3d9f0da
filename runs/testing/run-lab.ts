import { mkdtemp } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Report, Result } from '../../contracts/report';
import { type BrowserChoice, findBrowser } from '../../probes/browser/browser';
import type { BrowserLender } from '../../probes/browser/browser-pool';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { loadTargets } from '../../config/targets';
import { runTargets } from '../run-targets';

let browser: Promise<BrowserChoice> | null = null;

/** For tests: a whole run against a lab's own configuration, knowing nothing of earlier ones' refusals. Returns report and run folder. */
export async function runOnLab(
  lab: { readonly config: string },
  outFolder: string,
  label: string,
  browsers?: BrowserLender,
): Promise<{ report: Report; folder: string }> {
  browser ??= findBrowser({ configured: null }).then((search) => {
    if (!search.ok) throw new Error(search.why);
    return search.choice;
  });
  const loaded = loadTargets(lab.config);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
  const redactor = createRedactor();
  const log = createLog({ level: 'warn', quiet: true, redactor });
  const stateFolder = await mkdtemp(join(dirname(lab.config), 'state-'));
  return runTargets({ targets: loaded.targets, browser: await browser, browsers, log, redactor, outFolder, label, interactive: false, stateFolder });
}

/** Like runOnLab, the results only. */
export async function runLab(lab: { readonly config: string }, outFolder: string, label: string): Promise<Result[]> {
  return (await runOnLab(lab, outFolder, label)).report.results;
}
