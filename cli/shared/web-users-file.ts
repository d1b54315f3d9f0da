import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { readUsers, type User } from '../../monitor/web/guard/users-file';
import { ProbeFault } from '../../contracts/probe-fault';
import { readConfig } from '../../config/read-config';

/** The file the configuration names under `web: signIn: passwords`; ProbeFault where it names none. */
export function usersFileOf(configPath: string): string {
  const read = readConfig(configPath);
  if (!read.ok) throw new ProbeFault(read.problems.map(({ text }) => text).join('\n'));
  const file = read.config.web?.signIn?.passwords;
  if (file === undefined)
    throw new ProbeFault(
      `${configPath}: expected \`web: { signIn: { passwords: FILE } }\`, found none; add it, for example \`passwords: ./signin-probe-users.json\`.`,
    );
  return resolve(dirname(resolve(configPath)), file);
}

/** The users so far; none where the file is yet to be made. */
export const existingOrNone = (path: string): readonly User[] => (existsSync(path) ? readUsers(path) : []);
