import { ParkedAccounts } from '../probes/account-state/parked-accounts';
import { stateFolder } from '../probes/account-state/state-folder';
import { nearestMatch } from '../probes/nearest-match';
import { ProbeFault } from '../probes/probe-fault';
import { safeText } from '../reports/safe-text';
import { safeJson } from '../reports/safe-json';
import type { CommonOptions } from './common';

/** `signin-probe account list | release USER`: the accounts whose password was refused, and that no run submits again. */
export async function command([action = '', user]: string[], options: CommonOptions): Promise<number> {
  const accounts = new ParkedAccounts(stateFolder());
  if (action === 'list') {
    const parked = accounts.list();
    if (options.json) process.stdout.write(`${safeJson(parked)}\n`);
    else if (parked.length === 0) process.stdout.write('No account is parked.\n');
    for (const { user: name, stsOrigin, parkedAt, route, target, runId, how } of options.json ? [] : parked)
      process.stdout.write(`${safeText(`${name} at ${stsOrigin}: parked since ${parkedAt}, refused on route ${route} of ${target} (run ${runId}: ${how})`)}\n`);
    return 0;
  }
  if (action === 'release' && user !== undefined) {
    const released = accounts.release(user);
    if (released.length === 0) {
      const near = nearestMatch(
        user,
        accounts.list().map((each) => each.user),
      );
      throw new ProbeFault(`Expected a parked account, found none named "${user}"${near ? `; did you mean "${near}"?` : '. See: signin-probe account list'}`);
    }
    for (const { user: name, stsOrigin } of released)
      process.stdout.write(`${safeText(`${name} at ${stsOrigin} is released: the next run submits it again.`)}\n`);
    return 0;
  }
  throw new ProbeFault(`Expected \`account list\` or \`account release USER\`, found \`account ${[action, user].filter(Boolean).join(' ')}\`.`);
}
