import { type Command, InvalidArgumentError, Option } from 'commander';
import type { CommonOptions } from './common';

/** Headings of `--help`, in their order. */
export const commandGroups = ['Sign in', 'Judge and forecast', 'Before and after a change', 'Monitor', 'Try'] as const;

/** One command of the command line: all that is said of it, and what it does. */
export interface CommandDefinition {
  readonly name: string;
  readonly group: (typeof commandGroups)[number];
  /** Its place in the group, from 1. */
  readonly place: number;
  /** As commander writes them: `<needed> [optional...]`. */
  readonly args: string;
  /** One line. */
  readonly description: string;
  readonly example: string;
  /** Adds its own options to those all commands have. */
  readonly options?: (command: Command) => Command;
  /** Exit code: 0, 1, 2 or 3 (contract of the command line); throws ProbeFault. */
  readonly run: (args: string[], options: CommonOptions) => Promise<number>;
}

/** Keeps the types; the list of all is made by `npm run generate`. */
export const defineCommand = (definition: CommandDefinition): CommandDefinition => definition;

/** Adds a command with what all have in common. */
export function addCommand(program: Command, { name, args, description, example, options, run }: CommandDefinition): void {
  const command = program
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
      const called = given.at(-1) as Command;
      process.exitCode = await run(called.args, called.opts<CommonOptions>());
    });
  options?.(command);
}

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

export const browserOption = (): Option => new Option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
