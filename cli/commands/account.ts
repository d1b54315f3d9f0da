import { defineCommand } from '../shared/define-command';
import { type ParkedAccount, ParkedAccounts, stateFolder } from '../../probes/account-state';
import { nearestMatch } from '../../config/nearest-match';
import { ProbeFault } from '../../contracts/probe-fault';
import { safeText } from '../../reports/safe-text';
import { safeJson } from '../../reports/safe-json';
import type { CommonOptions } from '../shared/common';

/** `signin-probe account list | release USER`: the accounts that no run submits again: refused, or with an answer nobody knows. */
export const command = defineCommand({
  name: 'account',
  group: 'Sign in',
  place: 4,
  args: '<action> [user]',
  description: 'list: the accounts that are parked because an STS refused their password; release USER: let one be submitted again',
  example: 'signin-probe account release "CONTOSO\\probe"',
  options: (command) => command.option('--json', 'print the list as JSON'),
  run,
});

async function run([action = '', user]: string[], options: CommonOptions): Promise<number> {
  const accounts = ParkedAccounts.in(stateFolder());
  if (action === 'list') {
    const parked = accounts.list();
    if (options.json) process.stdout.write(`${safeJson(parked)}\n`);
    else if (parked.length === 0) process.stdout.write('No account is parked.\n');
    for (const one of options.json ? [] : parked) process.stdout.write(`${safeText(lineOf(one))}\n`);
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

function lineOf({ user, stsOrigin, state, since, route, target, runId, how, until }: ParkedAccount): string {
  const what = state === 'refused' ? 'refused' : 'unclear';
  const next = until === null ? 'until it is released or another password is configured' : `tried again by itself after ${until}`;
  return `${user} at ${stsOrigin}: parked since ${since}, ${what} for ${target} (${route}), run ${runId}: ${how}; ${next}`;
}
