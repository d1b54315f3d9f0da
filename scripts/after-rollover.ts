import { repairExitCode } from '../contracts/repair';
import { findBrowser } from '../probes/browser';
import { ProbeFault } from '../probes/probe-fault';
import { AfterRollover } from '../runs/after-rollover/after-rollover';
import { guide } from '../runs/after-rollover/guide';
import { oneRound } from '../runs/after-rollover/one-round';
import { safeJson } from '../reports/safe-json';
import { browserOr } from './browser-or';
import { type CommonOptions, equipment, targetsFor } from './common';

/** `signin-probe after-rollover`: leads the operator through the repair of KB 2686840. Runs nothing on the servers. */
export async function command(names: string[], options: CommonOptions): Promise<number> {
  const { targets, browser: configured } = targetsFor(names, options);
  const all = [...new Set(targets.map(({ name }) => name))];
  if (all.length > 1) throw new ProbeFault(`after-rollover: expected one target, found ${all.length}. Name one of: ${all.join(', ')}.`);
  const { log, redactor } = equipment(options);
  const interactive = process.stdin.isTTY === true && process.stdout.isTTY === true && !options.json && options.step === undefined;
  const repair = new AfterRollover({
    targets,
    browser: await browserOr(await findBrowser({ configured }), log),
    log,
    redactor,
    outFolder: options.out,
    interactive: process.stdin.isTTY === true,
    anyway: options.anyway ?? false,
    anew: options.new ?? false,
  });
  const say = (text: string): void => void (options.json ? null : process.stdout.write(text));
  const text = { color: process.stdout.isTTY === true, columns: process.stdout.columns ? Math.min(process.stdout.columns, 110) : 100 };
  const args = [...named('--config', options.config, './signin-probe.yaml'), ...named('--out', options.out, './output')].join('');
  if (interactive) await guide(repair, { input: process.stdin, say, text, args });
  else await oneRound(repair, { step: options.step ?? null, say, text, args });
  if (options.json) process.stdout.write(`${safeJson(repair.repair)}\n`);
  return repairExitCode(repair.repair);
}

/** An option that is not the default, to be repeated in the next command. */
const named = (name: string, value: string, usual: string): string[] => (value === usual ? [] : [` ${name} ${/\s/.test(value) ? `"${value}"` : value}`]);
