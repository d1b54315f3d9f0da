import { adfsGenerations } from '../../lab/adfs/generation';
import { pageLanguages } from '../../lab/adfs/pages/texts';
import { crmVersions } from '../../lab/crm/versions';
import { defineCommand, oneOf } from '../shared/define-command';
import { faultIds } from '../../lab/faults';
import type { FaultId } from '../../lab/lab-types';
import { startLab } from '../../lab/start-lab';
import { nearestMatch } from '../../config/nearest-match';
import { ProbeFault } from '../../contracts/probe-fault';
import type { CommonOptions } from '../shared/common';

/** `signin-probe lab`: the embedded AD FS and CRM, until stopped. */
export const command = defineCommand({
  name: 'lab',
  group: 'Try',
  place: 1,
  args: '',
  description: 'the embedded AD FS and CRM on loopback, until stopped',
  example: 'signin-probe lab --fault clock-skew-crm-vs-adfs',
  options: (command) =>
    command
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
      .option('--json', 'print one line of JSON when ready'),
  run,
});

async function run(_: string[], options: CommonOptions): Promise<number> {
  const faults = (options.fault ?? '').split(',').filter(Boolean).map(causeId);
  const { face, generation, crm: crmVersion, paginated, customised: customisedPages, language, hrd, totp } = options;
  const lab = await startLab({ face, generation, crmVersion, paginated, customisedPages, language, hrd, totp }).catch((error: Error) => {
    throw new ProbeFault(`The lab could not be started: ${error.message}`);
  });
  await lab.setFaults(faults);
  const ready = { config: lab.config, ca: lab.ca, urls: lab.urls, control: lab.control, accounts: lab.accounts };
  if (options.json) process.stdout.write(`${JSON.stringify(ready)}\n`);
  else
    process.stdout.write(
      `The lab is ready${faults.length > 0 ? ` with ${faults.join(', ')}` : ', healthy'}.\n  configuration  ${lab.config}\n  internal       ` +
        `${lab.urls.internal}\n  ifd            ${lab.urls.ifd}\n` +
        `  sts            ${lab.urls.sts}\n  control        ${lab.control}\n` +
        `In another terminal: npx signin-probe run --config ${lab.config}\nStop with Ctrl+C.\n`,
    );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  await lab.close();
  return 0;
}

function causeId(text: string): FaultId {
  const id = text.trim();
  const known = faultIds.find((each) => each === id);
  if (known) return known;
  const nearest = nearestMatch(id, faultIds);
  throw new ProbeFault(`--fault: expected a cause id, found "${id}"${nearest ? `; did you mean ${nearest}?` : '.'} Known: ${faultIds.join(', ')}.`);
}
