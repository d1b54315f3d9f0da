import { copyFileSync, mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { Report } from '../../contracts/report';
import { type Lab, startLab } from '../../lab/start-lab';
import { kbRepairOrder } from '../../lab/repair';
import type { BrowserChoice } from '../../probes/browser/browser';
import { createLog } from '../../system/log';
import { ProbeFault } from '../../contracts/probe-fault';
import { createRedactor } from '../../probes/redaction/redact';
import { loadTargets } from '../../config/targets';
import { runTargets } from '../../runs/run-targets';
import { ensureBrowser } from './ensure-browser';

/** `npm start`: the main job on the embedded lab: healthy, rollover, broken with KB 2686840 named, the KB's repair, healthy again. */
process.umask(0o077);
const out = 'output';
const startedAt = performance.now();
const say = (text: string): void => console.log(`${((performance.now() - startedAt) / 1000).toFixed(1).padStart(6)} s  ${text}`);

interface Expectation {
  readonly verdicts: readonly Report['verdict'][];
  readonly cause: string | null;
}
const healthy: Expectation = { verdicts: ['healthy'], cause: null };
const rolledOver: Expectation = { verdicts: ['broken'], cause: 'adfs-signing-cert-rolled' };

async function demo(): Promise<boolean> {
  const browser = await ensureBrowser(say);
  const lab = await startLab({ face: 'errorhandler' });
  const reports: string[] = [];
  let asExpected = true;
  const step = async (title: string, expectation: Expectation): Promise<void> => {
    say(title);
    const { report, folder } = await signIn(lab, browser, title);
    for (const { route, summary, timings } of report.results) say(`    ${route.padEnd(8)} ${summary} (${(timings.totalMs / 1000).toFixed(1)} s)`);
    const good = expectation.verdicts.includes(report.verdict) && report.results.every(({ causes }) => (causes[0]?.id ?? null) === expectation.cause);
    if (!good) say(`    NOT AS EXPECTED: ${expectation.verdicts.join(' or ')}${expectation.cause ? ` with ${expectation.cause}` : ''}`);
    asExpected &&= good;
    reports.push(folder);
  };
  try {
    say(`the lab is up: AD FS ${lab.urls.sts}, CRM ${lab.urls.internal} (internal claims) and ${lab.urls.ifd} (IFD)`);
    await step('1. healthy: signing in over both routes', healthy);
    await lab.rollover('promote');
    say('AD FS rolled its token-signing certificate over; CRM’s database still holds the old one');
    for (const face of ['errorhandler', '401', '500', 'sts-loop'] as const) {
      lab.setFace(face);
      await step(`2. after the rollover, CRM refusing with the face "${face}"`, rolledOver);
    }
    lab.setFace('errorhandler');
    say('3. repairing as KB 2686840 says');
    for (const name of kbRepairOrder) say(`    ${name}: ${(await lab.repair(name)).did}`);
    await step('4. healthy again: signing in over both routes', healthy);
  } finally {
    await lab.close();
  }
  mkdirSync(out, { recursive: true });
  const broken = reports[1];
  if (broken) copyFileSync(join(broken, 'report.html'), join(out, 'report.html'));
  say(`${asExpected ? 'Done, all as expected.' : 'Done, but not as expected; see above.'} The report of the broken sign-in: ${join(out, 'report.html')}`);
  say(`All reports: ${reports.map((folder) => relative(process.cwd(), folder)).join('  ')}`);
  return asExpected;
}

async function signIn(lab: Lab, browser: BrowserChoice, label: string): Promise<{ report: Report; folder: string }> {
  const loaded = loadTargets(lab.config);
  if (!loaded.ok) throw new ProbeFault(loaded.problems.map(({ text }) => text).join('\n'));
  const redactor = createRedactor();
  const log = createLog({ level: 'warn', quiet: true, redactor });
  return runTargets({ targets: loaded.targets, browser, log, redactor, outFolder: out, label, interactive: false });
}

demo().then(
  (good) => process.exit(good ? 0 : 2),
  (error: unknown) => {
    console.error(error instanceof ProbeFault ? error.message : error);
    process.exit(3);
  },
);
