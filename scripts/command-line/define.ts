import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommonOptions } from '../common';

/** Each command's file is loaded only when it runs: `--help`, `inspect` and `diagnose` need no browser library. */
type Run = (args: string[], options: CommonOptions) => Promise<number>;
/* eslint-disable @typescript-eslint/no-require-imports */
const commands: Readonly<Record<string, () => { command: Run }>> = {
  init: () => require('../init') as typeof import('../init'),
  'after-rollover': () => require('../after-rollover') as typeof import('../after-rollover'),
  run: () => require('../run') as typeof import('../run'),
  check: () => require('../check') as typeof import('../check'),
  diagnose: () => require('../diagnose') as typeof import('../diagnose'),
  forecast: () => require('../forecast') as typeof import('../forecast'),
  inspect: () => require('../inspect') as typeof import('../inspect'),
  baseline: () => require('../baseline') as typeof import('../baseline'),
  compare: () => require('../compare') as typeof import('../compare'),
  change: () => require('../change') as typeof import('../change'),
  watch: () => require('../watch') as typeof import('../watch'),
  agent: () => require('../agent') as typeof import('../agent'),
  reload: () => require('../reload') as typeof import('../reload'),
  export: () => require('../export') as typeof import('../export'),
  lab: () => require('../lab') as typeof import('../lab'),
  account: () => require('../account') as typeof import('../account'),
  web: () => require('../web-user') as typeof import('../web-user'),
  alert: () => require('../alert') as typeof import('../alert'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** An option's value that must be one of these. */
export const oneOf =
  (...allowed: string[]) =>
  (value: string): string => {
    if (!allowed.includes(value)) throw new InvalidArgumentError(`Expected ${allowed.join(' or ')}.`);
    return value;
  };

/** 1, 2, 3 … */
export const wholeNumber = (value: string): number => {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(value);
};

/** Adds a command with what all have in common; its own options follow. */
export function define(program: Command, name: string, args: string, description: string, example: string): Command {
  return program
    .command(`${name}${args ? ` ${args}` : ''}`)
    .description(description)
    .option('--config <file>', 'the configuration', './signin-probe.yaml')
    .option('--out <dir>', 'where run folders go', './output')
    .option('--quiet', 'print the result only')
    .option('--verbose', 'print more of what happens')
    .addHelpText('after', `\nExample:\n  ${example}\n`)
    .exitOverride()
    .showSuggestionAfterError()
    .action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const load = commands[name];
      if (!load) throw new Error(`no such command: ${name}`);
      process.exitCode = await load().command(command.args, command.opts<CommonOptions>());
    });
}

export const browserOption = (): Option => new Option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
