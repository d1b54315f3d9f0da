import { defineCommand, browserOption, wholeNumber } from '../shared/define-command';
import { repairExitCode } from '../../contracts/repair';
import { findBrowser } from '../../probes/browser';
import { ProbeFault } from '../../contracts/probe-fault';
import { AfterRollover } from '../../runs/after-rollover/after-rollover';
import { guide } from '../../runs/after-rollover/guide';
import { oneRound } from '../../runs/after-rollover/one-round';
import { safeJson } from '../../reports/safe-json';
import { browserOr } from '../shared/browser-or';
import { type CommonOptions, equipment, targetsFor } from '../shared/common';

/** `signin-probe after-rollover`: leads the operator through the repair of KB 2686840. Runs nothing on the servers. */
export const command = defineCommand({
  name: 'after-rollover',
  group: 'Before and after a change',
  place: 1,
  args: '[target]',
  description: 'lead through the repair of KB 2686840 after a rollover, with a record; runs nothing on the servers',
  example: 'signin-probe after-rollover contoso\n  signin-probe after-rollover contoso --step 1   (without a terminal: round 1 is done)',
  options: (command) =>
    command
      .option('--step <round>', 'without questions: round 1 to 4 is done; look, print the state and the next round', wholeNumber)
      .option('--anyway', 'lead although the cause found is another one')
      .option('--new', 'begin a new record although one is open')
      .option('--json', 'print repair.json on standard output, and nothing else there')
      .addOption(browserOption()),
  run,
});

async function run(names: string[], options: CommonOptions): Promise<number> {
  const { targets, browser: configured } = targetsFor(names, options);
  const all = [...new Set(targets.map(({ name }) => name))];
  if (all.length > 1) throw new ProbeFault(`after-rollover: expected one target, found ${all.length}. Name one of: ${all.join(', ')}.`);
  const { log, redactor } = equipment(options);
  const interactive = process.stdin.isTTY && process.stdout.isTTY && !options.json && options.step === undefined;
  const repair = new AfterRollover({
    targets,
    browser: browserOr(await findBrowser({ configured }), log),
    log,
    redactor,
    outFolder: options.out,
    interactive: process.stdin.isTTY,
    anyway: options.anyway ?? false,
    anew: options.new ?? false,
  });
  const say = (text: string): void => void (options.json ? null : process.stdout.write(text));
  const text = { color: process.stdout.isTTY, columns: process.stdout.columns ? Math.min(process.stdout.columns, 110) : 100 };
  const args = [...named('--config', options.config, './signin-probe.yaml'), ...named('--out', options.out, './output')].join('');
  if (interactive) await guide(repair, { input: process.stdin, say, text, args });
  else await oneRound(repair, { step: options.step ?? null, say, text, args });
  if (options.json) process.stdout.write(`${safeJson(repair.repair)}\n`);
  return repairExitCode(repair.repair);
}

/** An option that is not the default, to be repeated in the next command. */
const named = (name: string, value: string, usual: string): string[] => (value === usual ? [] : [` ${name} ${/\s/.test(value) ? `"${value}"` : value}`]);
