import { Command, CommanderError } from 'commander';
import { ProbeFault } from '../contracts/probe-fault';
import { toolVersion } from '../runs/tool-version';
import { commandList } from './command-list';
import { allowClosedPipes } from './shared/closed-pipe';
import { addCommand } from './shared/define-command';
import { watchForCrashes, withoutSecrets } from './shared/crash-output';

/** The command line for these words: only the commands they name are loaded, the others are known by name and description. */
function buildProgram(argv: readonly string[]): Command {
  const program = new Command('signin-probe')
    .description('Signs in to on-premises Dynamics CRM through AD FS with a real browser, and says why when it fails.')
    .version(toolVersion)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit codes: 0 healthy, 1 at risk, 2 broken, 3 could not tell or the probe’s own fault.');

  for (const { name, group, args, description, load } of commandList) {
    program.commandsGroup(`${group}:`);
    if (argv.includes(name)) addCommand(program, load().command);
    else program.command(`${name}${args ? ` ${args}` : ''}`).description(description);
  }
  return program;
}

/** Runs the command line. Every failure ends in one clear message on standard error and exit code 3; never a stack trace. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram(argv).parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 3; // commander has printed its message
      return;
    }
    process.exitCode = 3;
    if (error instanceof ProbeFault) console.error(withoutSecrets(error.message));
    else
      console.error(
        withoutSecrets(
          `signin-probe failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}. This is a fault of the probe; ` +
            `run again with --verbose and report it.`,
        ),
      );
    if (process.argv.includes('--verbose') && error instanceof Error) console.error(withoutSecrets(error.stack ?? ''));
  }
}

if (require.main === module || process.argv[1]?.endsWith('signin-probe.js') || process.argv[1]?.endsWith('signin-probe')) {
  // Whatever is made from here on, also by packages and programs that are started, is its owner's alone.
  process.umask(0o077);
  watchForCrashes();
  allowClosedPipes();
  void main(process.argv.slice(2));
}
