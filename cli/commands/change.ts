import { changeKinds } from '../../contracts/comparison';
import { defineCommand, browserOption, oneOf, wholeNumber } from '../shared/define-command';
import { findBrowser } from '../../probes/browser';
import { ProbeFault } from '../../contracts/probe-fault';
import { renderChanges, renderChangeStarted, renderDecision } from '../../reports/change-text';
import { listChanges, requireChange } from '../../runs/changes';
import { finishChange, startChange, targetsOfChange } from '../../runs/changes-run';
import { safeJson } from '../../reports/safe-json';
import { browserOr } from '../shared/browser-or';
import { type CommonOptions, equipment, targetsFor } from '../shared/common';
import { expectedChanges } from '../shared/expected-changes';
import { printedComparison } from '../shared/print-comparison';
import { unknownAction } from '../shared/unknown-action';

/** `signin-probe change start NAME [target…]`, `change finish NAME`, `change status [NAME]`. */
export const command = defineCommand({
  name: 'change',
  group: 'Before and after a change',
  place: 4,
  args: '<action> [name] [target...]',
  description: 'start NAME: keep the state before a change; finish NAME: sign in again, compare, say go or roll back; status: the changes under way',
  example: 'signin-probe change start rollover contoso --expect signing-certificate\n  signin-probe change finish rollover',
  options: (command) =>
    command
      .option('--expect <words>', `what is meant to change, separated by commas: ${changeKinds.join(', ')}`)
      .option('--repeat <n>', 'sign in so often on each side, for times that can be compared (10 and more)', wholeNumber)
      .option('--force', 'start although a change or baseline of this name is kept')
      .option('--even-if-broken', 'start although sign-in does not work')
      .option('--format <format>', 'print instead of text: html, json, md or junit', oneOf('html', 'json', 'md', 'junit'))
      .option('--json', 'print the comparison, or the changes, as JSON')
      .addOption(browserOption()),
  run,
});

async function run([action = '', name, ...targets]: string[], options: CommonOptions): Promise<number> {
  switch (action) {
    case 'start':
      return start(name, targets, options);
    case 'finish':
      return finish(name, options);
    case 'status':
      return status(name, options);
    default:
      throw unknownAction('change', action, ['start', 'finish', 'status']);
  }
}

async function probing(options: CommonOptions, configured: string | null) {
  const { log, redactor } = equipment(options);
  const browser = browserOr(await findBrowser({ configured }), log);
  return { browser, log, redactor, outFolder: options.out, interactive: process.stdin.isTTY };
}

async function start(given: string | undefined, names: readonly string[], options: CommonOptions): Promise<number> {
  const announced = await expectedChanges(options);
  const name = given ?? announced.name;
  if (name === null)
    throw new ProbeFault('signin-probe change start: expected a name for the change, such as rollover-march, or change.name in the configuration.');
  const { targets, browser } = targetsFor(names, options);
  const flags = { repeat: options.repeat ?? 1, force: options.force ?? false, evenIfBroken: options.evenIfBroken ?? false };
  const started = await startChange({ ...(await probing(options, browser)), ...flags, targets, name, expect: announced.expect });
  if (!started.ok) {
    process.stderr.write(
      `Not started: sign-in does not work before the change.\n${started.broken.map((text) => `  ${text}\n`).join('')}The report: ${started.folder}. ` +
        `Start all the same with --even-if-broken.\n`,
    );
    return 2;
  }
  const { change, baseline, alsoOpen } = started;
  process.stdout.write(options.json ? `${safeJson(change)}\n` : renderChangeStarted(name, change.expect, baseline, alsoOpen));
  return 0;
}

async function finish(given: string | undefined, options: CommonOptions): Promise<number> {
  const name = given ?? (await expectedChanges(options)).name;
  if (name === null) throw new ProbeFault('signin-probe change finish: expected the name of the change; signin-probe change status lists them.');
  const change = await requireChange(options.out, name);
  const expect = options.expect === undefined ? change.expect : [...(await expectedChanges(options)).expect];
  const { targets, browser } = targetsFor(
    change.targets.map((target) => target.name),
    options,
  );
  const finished = await finishChange({ ...change, expect }, { ...(await probing(options, browser)), targets: targetsOfChange(change, targets) });
  const plain = !options.json && !options.format;
  process.stdout.write(
    (plain ? renderDecision(finished.comparison, process.stdout.isTTY) : '') + printedComparison(finished.comparison, finished.folder, options),
  );
  return finished.comparison.decision === 'go' ? 0 : 2;
}

async function status(name: string | undefined, options: CommonOptions): Promise<number> {
  const all = name === undefined ? (await listChanges(options.out)).filter(({ finishedAt }) => finishedAt === null) : [await requireChange(options.out, name)];
  process.stdout.write(options.json ? `${safeJson(all)}\n` : renderChanges(all, new Date().toISOString(), options.out));
  return 0;
}
