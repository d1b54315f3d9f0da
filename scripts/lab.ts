import { causeIds, type CauseId } from '../contracts/causes';
import { startLab } from '../lab/start-lab';
import { nearestMatch } from '../probes/nearest-match';
import { ProbeFault } from '../probes/probe-fault';
import type { CommonOptions } from './common';

/** `signin-probe lab`: the embedded AD FS and CRM, until stopped. */
export async function command(_: string[], options: CommonOptions): Promise<number> {
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
      `The lab is ready${faults.length > 0 ? ` with ${faults.join(', ')}` : ', healthy'}.\n  configuration  ${lab.config}\n  internal       ${lab.urls.internal}\n  ifd            ${lab.urls.ifd}\n` +
        `  sts            ${lab.urls.sts}\n  control        ${lab.control}\nIn another terminal: npx signin-probe run --config ${lab.config}\nStop with Ctrl+C.\n`,
    );
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  await lab.close();
  return 0;
}

function causeId(text: string): CauseId {
  const id = text.trim();
  const known = causeIds.find((each) => each === id);
  if (known) return known;
  const nearest = nearestMatch(id, causeIds);
  throw new ProbeFault(`--fault: expected a cause id, found "${id}"${nearest ? `; did you mean ${nearest}?` : '.'} Known: ${causeIds.join(', ')}.`);
}
