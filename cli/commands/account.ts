import { resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { defineCommand, oneOf } from '../shared/define-command';
import { type ParkedAccount, ParkedAccounts, stateFolder } from '../../probes/account-state';
import { keepByDpapi, readHidden } from '../../probes/secrets';
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
  description:
    'list: the accounts that are parked because an STS refused their password; release USER: let one be submitted again; save dpapi:PATH: keep a password',
  example: 'signin-probe account release "CONTOSO\\probe"',
  options: (command) =>
    command
      .option('--json', 'print the list as JSON')
      .option('--scope <scope>', 'save: who can decrypt it: user (this account) or machine', oneOf('user', 'machine'), 'user'),
  run,
});

async function run([action = '', user]: string[], options: CommonOptions): Promise<number> {
  if (action === 'save' && user !== undefined) return save(user, options.scope ?? 'user');
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
  throw new ProbeFault(
    `Expected \`account list\`, \`account release USER\` or \`account save dpapi:PATH\`, found \`account ${[action, user].filter(Boolean).join(' ')}\`.`,
  );
}

/** Asks for the password, twice on a terminal, and keeps it; it never stands on a command line. */
async function save(reference: string, scope: 'user' | 'machine'): Promise<number> {
  const path = /^dpapi:(.+)$/s.exec(reference)?.[1];
  if (path === undefined) throw new ProbeFault('Expected `account save dpapi:PATH`, the file to keep the password in.');
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const password = terminal ? await readHidden(process.stdin, process.stderr, 'Password of the account that signs in: ') : await firstLine();
  if (!password) throw new ProbeFault('No password was given, so none was kept.');
  if (terminal && (await readHidden(process.stdin, process.stderr, 'Again: ')) !== password) throw new ProbeFault('The two differ, so none was kept.');
  const why = await keepByDpapi({ path: resolve(path), scope: scope === 'machine' ? 'LocalMachine' : 'CurrentUser', secret: password });
  if (why !== null) throw new ProbeFault(why);
  process.stdout.write(`${safeText(`Kept. In the configuration: password: dpapi:${resolve(path)}`)}\n`);
  return 0;
}

async function firstLine(): Promise<string> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return '';
}

function lineOf({ user, stsOrigin, state, since, route, target, runId, how, until }: ParkedAccount): string {
  const what = state === 'refused' ? 'refused' : 'unclear';
  const next = until === null ? 'until it is released or another password is configured' : `tried again by itself after ${until}`;
  return `${user} at ${stsOrigin}: parked since ${since}, ${what} for ${target} (${route}), run ${runId}: ${how}; ${next}`;
}
