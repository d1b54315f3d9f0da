import type { Command } from 'commander';
import { adfsGenerations } from '../../lab/adfs/generation';
import { pageLanguages } from '../../lab/adfs/pages/texts';
import { crmVersions } from '../../lab/crm/versions';
import { define, oneOf } from './define';

/** The embedded AD FS and CRM. */
export function labCommands(program: Command): void {
  program.commandsGroup('Try:');
  define(program, 'lab', '', 'the embedded AD FS and CRM on loopback, until stopped', 'signin-probe lab --fault clock-skew-crm-vs-adfs')
    .option('--fault <ids>', 'causes to put in from the start, separated by commas')
    .option(
      '--face <face>',
      'how CRM refuses a token: errorhandler, 401, 500, sts-loop or sts-prompt',
      oneOf('errorhandler', '401', '500', 'sts-loop', 'sts-prompt'),
    )
    .option('--generation <version>', `AD FS: ${adfsGenerations.join(', ')} (2016 unless given)`, oneOf(...adfsGenerations))
    .option('--crm <version>', `CRM: ${crmVersions.join(', ')} (9 unless given)`, oneOf(...crmVersions))
    .option('--paginated', 'AD FS asks for user name and password on one page each (3.0 and later)')
    .option('--customised', "the administrator's own script changes AD FS's pages (3.0 and later)")
    .option('--language <language>', `of AD FS's pages: ${pageLanguages.join(' or ')}`, oneOf(...pageLanguages))
    .option('--hrd', 'AD FS asks for the home realm; the configuration names it')
    .option('--totp', 'AD FS asks for a one-time code (3.0 and later); the configuration has its secret')
    .option('--json', 'print one line of JSON when ready');
}
