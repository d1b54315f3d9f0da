import { defineCommand, browserOption, oneOf } from '../shared/define-command';
import { BrowserPool, startAsFound } from '../../probes/browser';
import { createTimeLine } from '../../system/time-line';
import { renderNagios } from '../../reports/nagios';
import { renderPrometheus } from '../../reports/prometheus';
import { checkmkError, renderCheckmk } from '../../reports/monitors/checkmk';
import { prtgError, renderPrtg } from '../../reports/monitors/prtg';
import { renderZabbix } from '../../reports/monitors/zabbix';
import { ProbeFault } from '../../contracts/probe-fault';
import { withoutSecrets } from '../shared/crash-output';
import { renderTerminal } from '../../reports/terminal';
import { exitCodeFor } from '../../runs/exit-code';
import { runTargets } from '../../runs/run-targets';
import { safeJson } from '../../reports/safe-json';
import { type CommonOptions, equipment, targetsFor } from '../shared/common';
import { sayBrowser } from '../shared/browser-or';

/** What the run says in words of a monitor. */
const formats = { nagios: renderNagios, prometheus: renderPrometheus, prtg: renderPrtg, zabbix: renderZabbix, checkmk: renderCheckmk } as const;
type Format = keyof typeof formats;
const formatNames = Object.keys(formats) as Format[];
const isFormat = (format: string | undefined): format is Format => formatNames.some((name) => name === format);
const errors: Readonly<Partial<Record<Format, (text: string) => string>>> = { prtg: prtgError, checkmk: checkmkError };

/** `signin-probe run`: the main job. */
export const command = defineCommand({
  name: 'run',
  group: 'Sign in',
  place: 2,
  args: '[target...]',
  description: 'sign in over every route, diagnose, write the report',
  example: 'signin-probe run contoso --route ifd --label "after patch day"',
  options: (command) =>
    command
      .option('--route <route>', 'only this route: internal or ifd', oneOf('internal', 'ifd'))
      .option('--format <format>', `print instead of text: ${Object.keys(formats).join(', ')}`, oneOf(...formatNames))
      .option('--each-node', 'ask every AD FS and CRM node by itself')
      .option('--label <text>', 'a note kept in the report')
      .option('--trace', "also write trace.zip, without secrets, for Playwright's trace viewer")
      .option('--timing', 'also print, on standard error, where the time of the run went')
      .option('--json', 'print report.json on standard output, and nothing else there')
      .addOption(browserOption())
      .option('--fail-on <verdict>', 'from which verdict on the exit code tells: broken or at-risk', oneOf('broken', 'at-risk'), 'at-risk'),
  run,
});

/** A monitor that reads standard output alone must not take a run that could not be made for one that was not due. */
async function run(names: string[], options: CommonOptions): Promise<number> {
  try {
    return await signIn(names, options);
  } catch (error) {
    const inFormat = error instanceof ProbeFault && isFormat(options.format) ? errors[options.format] : undefined;
    if (error instanceof ProbeFault && inFormat) process.stdout.write(inFormat(withoutSecrets(error.message)));
    throw error;
  }
}

async function signIn(names: string[], options: CommonOptions): Promise<number> {
  const timeLine = options.timing ? createTimeLine() : undefined;
  timeLine?.mark('the command was loaded');
  const { targets, browser: configured } = targetsFor(names, options);
  timeLine?.mark('the configuration was read');
  const { log, redactor } = equipment(options);
  // Kept from one sign-in to the next of the same account.
  const pool = new BrowserPool();
  const { choice: browser, browsers } = startAsFound(configured, (found) => sayBrowser(found, log), pool);
  const { report, folder } = await runTargets({
    targets,
    browser,
    browsers,
    log,
    redactor,
    outFolder: options.out,
    label: options.label ?? null,
    interactive: process.stdin.isTTY,
    eachNode: options.eachNode ?? false,
    trace: options.trace ?? false,
    timeLine,
  }).finally(() => pool.close());
  const path = `${folder}/report.html`;
  if (options.json) process.stdout.write(`${safeJson(report)}\n`);
  else if (isFormat(options.format)) process.stdout.write(formats[options.format](report));
  else process.stdout.write(renderTerminal(report, { color: process.stdout.isTTY, reportPath: path }));
  timeLine?.mark('the report was printed');
  if (timeLine) process.stderr.write(timeLine.text());
  if (options.json || options.format) log.info(`report: ${path}`);
  return exitCodeFor(report.verdict, options.failOn ?? 'at-risk');
}
