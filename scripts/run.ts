import { findBrowser } from '../probes/browser';
import { renderNagios } from '../reports/nagios';
import { renderPrometheus } from '../reports/prometheus';
import { renderTerminal } from '../reports/terminal';
import { exitCodeFor } from '../runs/exit-code';
import { runTargets } from '../runs/run-targets';
import { safeJson } from '../reports/safe-json';
import { type CommonOptions, equipment, targetsFor } from './common';
import { browserOr } from './browser-or';

/** `signin-probe run`: the main job. */
export async function command(names: string[], options: CommonOptions): Promise<number> {
  const { targets, browser: configured } = targetsFor(names, options);
  const { log, redactor } = equipment(options);
  const browser = await browserOr(await findBrowser({ configured }), log);
  const { report, folder } = await runTargets({
    targets,
    browser,
    log,
    redactor,
    outFolder: options.out,
    label: options.label ?? null,
    interactive: process.stdin.isTTY === true,
    eachNode: options.eachNode ?? false,
    trace: options.trace ?? false,
  });
  const path = `${folder}/report.html`;
  if (options.json) process.stdout.write(`${safeJson(report)}\n`);
  else if (options.format === 'nagios') process.stdout.write(renderNagios(report));
  else if (options.format === 'prometheus') process.stdout.write(renderPrometheus(report));
  else process.stdout.write(renderTerminal(report, { color: process.stdout.isTTY === true, reportPath: path }));
  if (options.json || options.format) log.info(`report: ${path}`);
  return exitCodeFor(report.verdict, options.failOn ?? 'at-risk');
}
