import type { Command } from 'commander';
import { changeKinds } from '../../contracts/comparison';
import { browserOption, define, oneOf, wholeNumber } from './define';

/** Before and after: after-rollover, baseline, compare, change. */
export function changeCommands(program: Command): void {
  program.commandsGroup('Before and after a change:');
  define(
    program,
    'after-rollover',
    '[target]',
    'lead through the repair of KB 2686840 after a rollover, with a record; runs nothing on the servers',
    'signin-probe after-rollover contoso\n  signin-probe after-rollover contoso --step 1   (without a terminal: round 1 is done)',
  )
    .option('--step <round>', 'without questions: round 1 to 4 is done; look, print the state and the next round', wholeNumber)
    .option('--anyway', 'lead although the cause found is another one')
    .option('--new', 'begin a new record although one is open')
    .option('--json', 'print repair.json on standard output, and nothing else there')
    .addOption(browserOption());
  define(
    program,
    'baseline',
    '<action> [name] [target...]',
    'save NAME: sign in and keep the good state under a name; list: the baselines that are kept',
    'signin-probe baseline save before-patch-day contoso --repeat 10',
  )
    .option('--repeat <n>', 'sign in so often, for times that can be compared (10 and more)', wholeNumber)
    .option('--force', 'replace a baseline of this name')
    .option('--even-if-broken', 'save although sign-in does not work')
    .option('--label <text>', 'a note kept in the reports')
    .option('--json', 'print the baseline, or the list, as JSON')
    .addOption(browserOption());
  define(
    program,
    'compare',
    '<before> <after>',
    'what is different: each side a baseline’s name, a run folder, or the file of a report, evidence or baseline',
    'signin-probe compare before-patch-day output/20261123T095452Z-3928 --expect tls-certificate,dns',
  )
    .option('--expect <words>', `what is meant to change, separated by commas: ${changeKinds.join(', ')}`)
    .option('--format <format>', 'print instead of text: html, json, md or junit', oneOf('html', 'json', 'md', 'junit'))
    .option('--json', 'the same as --format json');
  define(
    program,
    'change',
    '<action> [name] [target...]',
    'start NAME: keep the state before a change; finish NAME: sign in again, compare, say go or roll back; status: the changes under way',
    'signin-probe change start rollover contoso --expect signing-certificate\n  signin-probe change finish rollover',
  )
    .option('--expect <words>', `what is meant to change, separated by commas: ${changeKinds.join(', ')}`)
    .option('--repeat <n>', 'sign in so often on each side, for times that can be compared (10 and more)', wholeNumber)
    .option('--force', 'start although a change or baseline of this name is kept')
    .option('--even-if-broken', 'start although sign-in does not work')
    .option('--format <format>', 'print instead of text: html, json, md or junit', oneOf('html', 'json', 'md', 'junit'))
    .option('--json', 'print the comparison, or the changes, as JSON')
    .addOption(browserOption());
}
