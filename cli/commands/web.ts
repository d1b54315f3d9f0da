import { defineCommand, oneOf } from '../shared/define-command';
import { createInterface } from 'node:readline';
import { type WebRole, webRoleSchema } from '../../contracts/web-config';
import { hashPassword } from '../../monitor/web/guard/password-hash';
import { readUsers, type User, userNamePattern, writeUsers } from '../../monitor/web/guard/users-file';
import { ProbeFault } from '../../contracts/probe-fault';
import { readHidden } from '../../probes/secrets';
import type { CommonOptions } from '../shared/common';
import { unknownAction } from '../shared/unknown-action';
import { existingOrNone, usersFileOf } from '../shared/web-users-file';

const shortest = 12;

/** `signin-probe web user NAME --role viewer|operator | remove NAME | list`: who may use the web page (docs/web.md). */
export const command = defineCommand({
  name: 'web',
  group: 'Monitor',
  place: 6,
  args: '<action> [name]',
  description: 'who may use the web page of watch: user NAME makes or changes a user and asks for the password, remove NAME, list',
  example: 'signin-probe web user ivan --role operator',
  options: (command) => command.option('--role <role>', 'viewer looks, operator also acts', oneOf('viewer', 'operator'), 'viewer'),
  run,
});

async function run([action = '', name]: string[], options: CommonOptions & { readonly role?: WebRole }): Promise<number> {
  const path = usersFileOf(options.config);
  if (action === 'list') {
    for (const user of readUsers(path)) process.stdout.write(`${user.name} (${user.role})\n`);
    return 0;
  }
  if (action !== 'user' && action !== 'remove') throw unknownAction('web', action, ['user', 'remove', 'list']);
  if (name === undefined || !userNamePattern.test(name))
    throw new ProbeFault(`web ${action}: expected a user name of letters, digits and . _ @ - (at most 64), found "${name ?? ''}".`);
  const users = existingOrNone(path);
  const others = users.filter((user) => user.name !== name);
  if (action === 'remove') {
    if (others.length === users.length) throw new ProbeFault(`web remove: there is no user "${name}" in ${path}. See: signin-probe web list`);
    writeUsers(path, others);
    process.stdout.write(`${name} is removed, and signed out.\n`);
    return 0;
  }
  const user: User = { name, role: webRoleSchema.parse(options.role ?? 'viewer'), hash: await hashPassword(await askPassword(name)) };
  writeUsers(path, [...others, user]);
  process.stdout.write(`${name} (${user.role}) is ${others.length === users.length ? 'added to' : 'changed in'} ${path}.\n`);
  return 0;
}

/** Asked twice on a terminal; else the first line of standard input. */
async function askPassword(name: string): Promise<string> {
  const terminal = process.stdin.isTTY && process.stderr.isTTY;
  const password = terminal ? await readHidden(process.stdin, process.stderr, `Password of ${name}: `) : await firstLine();
  if (password === null || password.length < shortest)
    throw new ProbeFault(`web user: expected a password of at least ${shortest} characters, found ${password === null ? 'none' : 'a shorter one'}.`);
  if (terminal && (await readHidden(process.stdin, process.stderr, 'Again: ')) !== password)
    throw new ProbeFault('web user: the two passwords differ; nothing was changed.');
  return password;
}

async function firstLine(): Promise<string | null> {
  for await (const line of createInterface({ input: process.stdin })) return line;
  return null;
}
