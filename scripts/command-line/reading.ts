import type { Command } from 'commander';
import { define, oneOf } from './define';

/** Judging without a sign-in: diagnose, inspect, forecast. */
export function readingCommands(program: Command): void {
  program.commandsGroup('Judge and forecast:');
  define(
    program,
    'diagnose',
    // Required all the same: --event-log may have taken it (scripts/diagnose.ts).
    '[path]',
    'judge what was saved, offline: a run folder, its evidence.json, or a HAR from any browser’s developer tools',
    'signin-probe diagnose colleague.har --event-log crm-application.xml',
  )
    .usage('[options] <path>')
    .option('--event-log <file...>', 'event logs of the AD FS or CRM servers, exported or pasted (XML, text, CSV, JSON), or a folder of them')
    .option('--json', 'print report.json on standard output, and nothing else there');
  define(
    program,
    'inspect',
    '<file>',
    'decode a wresult, form body, assertion or federation metadata and judge its signature',
    'signin-probe inspect wresult.txt --metadata FederationMetadata.xml',
  ).option('--metadata <file>', 'federation metadata whose signing keys the signature is judged against');
  define(
    program,
    'forecast',
    '[target...]',
    'the date on which sign-in will break, and the end of each certificate; no sign-in, no credential',
    'signin-probe forecast contoso --format ics > contoso.ics',
  )
    .option('--format <format>', 'print instead of text: ics (calendar), nagios, prometheus or json', oneOf('ics', 'nagios', 'prometheus', 'json'))
    .option('--json', 'the same as --format json')
    .option('--fail-on <verdict>', 'from which verdict on the exit code tells: broken or at-risk', oneOf('broken', 'at-risk'), 'at-risk');
}
