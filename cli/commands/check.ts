import { stringify } from 'yaml';
import { defineCommand, browserOption, oneOf } from '../shared/define-command';
import { readConfig } from '../../config/read-config';
import { findBrowser } from '../../probes/browser';
import { missingPasswords } from '../../runs/account-passwords';
import { checkTarget } from '../../runs/check-target';
import { ProbeFault } from '../../contracts/probe-fault';
import type { Target } from '../../contracts/target';
import { exitCodeFor, worstVerdict } from '../../runs/exit-code';
import { safeJson } from '../../reports/safe-json';
import { safeText } from '../../reports/safe-text';
import { type CommonOptions, equipment, targetsFor } from '../shared/common';

/** `signin-probe check`: everything that can be looked at without submitting a credential. */
export const command = defineCommand({
  name: 'check',
  group: 'Sign in',
  place: 3,
  args: '[target...]',
  description: 'configuration, browser, names, TLS, clocks and metadata; submits no credential',
  example: 'signin-probe check contoso',
  options: (command) =>
    command
      .option('--route <route>', 'only this route: internal or ifd', oneOf('internal', 'ifd'))
      .addOption(browserOption())
      .option('--each-node', 'ask every AD FS and CRM node by itself')
      .option('--print-config', 'print the configuration as it is understood, every target written out; looks at nothing')
      .option('--json', 'print the findings as JSON'),
  run,
});

async function run(names: string[], options: CommonOptions): Promise<number> {
  const { targets, browser: configured } = targetsFor(names, options);
  if (options.printConfig) return printConfig(targets, options);
  const { log } = equipment(options);
  const missing = await missingPasswords(targets);
  const browser = await findBrowser({ configured });
  for (const warning of browser.ok ? browser.warnings : []) log.warn(warning);
  const results = [];
  for (const target of targets) results.push(await checkTarget(target, { eachNode: options.eachNode ?? false }));
  const verdict = worstVerdict([missing.length > 0 ? 'unknown' : 'healthy', browser.ok ? 'healthy' : 'unknown', ...results.map((result) => result.verdict)]);
  if (options.json) {
    const seen = browser.ok ? { ok: true, name: browser.choice.name, version: browser.choice.version } : { ok: false, why: browser.why };
    process.stdout.write(
      `${safeJson({ verdict, browser: { ...seen, passedOver: browser.passedOver }, ...(missing.length > 0 ? { missingPasswords: missing } : {}), results })}\n`,
    );
  } else {
    process.stdout.write(`${safeText(linesOf(browser, missing, results).join('\n'))}\n`);
  }
  return exitCodeFor(verdict, options.failOn ?? 'at-risk');
}

/** The targets asked for, as the program understands them: defaults and groups written out. Passwords are references, and stay so. */
function printConfig(targets: readonly Target[], options: CommonOptions): number {
  const read = readConfig(options.config);
  if (!read.ok) throw new ProbeFault(read.problems.map(({ text }) => text).join('\n'));
  const wanted = new Set(targets.map(({ name }) => name));
  const config = { ...read.config, targets: read.config.targets.filter(({ name }) => wanted.has(name)) };
  process.stdout.write(options.json ? `${safeJson(config)}\n` : safeText(stringify(config, { lineWidth: 0 })));
  return 0;
}

function linesOf(
  browser: Awaited<ReturnType<typeof findBrowser>>,
  missing: readonly string[],
  results: readonly Awaited<ReturnType<typeof checkTarget>>[],
): string[] {
  const lines = [`browser     ${browser.ok ? `${browser.choice.name} ${browser.choice.version}` : `MISSING: ${browser.why}`}`];
  for (const { name, why } of browser.passedOver) lines.push(`            passed over ${name}: ${why}`);
  for (const text of missing) lines.push(`password    MISSING: ${text}`);
  for (const { target, route, findings } of results) {
    lines.push('', `${target} ${route}`);
    for (const { about, level, text } of findings)
      lines.push(`  ${level === 'ok' ? 'ok    ' : level === 'warning' ? 'WARN  ' : 'BROKEN'} ${about.padEnd(9)} ${text}`);
  }
  return lines;
}
