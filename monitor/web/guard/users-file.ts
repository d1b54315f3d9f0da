/** The file of people who may use the web page: names, roles and hashes of passwords. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { z } from 'zod';
import { webRoleSchema } from '../../../contracts/web-config';
import { ProbeFault } from '../../../contracts/probe-fault';
import { replaceFile } from '../../../system/replace-file';
import { isPasswordHash } from './password-hash';
import { refuseSharedFile } from './private-file';

export const userNamePattern = /^[A-Za-z0-9][A-Za-z0-9._@-]{0,63}$/;

const userSchema = z.strictObject({
  name: z.string().regex(userNamePattern),
  role: webRoleSchema,
  hash: z.string().refine(isPasswordHash, 'expected scrypt$N=…,r=…,p=…$salt$key'),
});
export type User = z.infer<typeof userSchema>;
const fileSchema = z.strictObject({ schema: z.literal(1), users: z.array(userSchema) });

/** The users; ProbeFault when the file is missing, shared with other accounts of this machine, or no such file. */
export function readUsers(path: string): readonly User[] {
  if (!existsSync(path)) throw new ProbeFault(`web: signIn: passwords: there is no file ${path}; make it with: signin-probe web user NAME --role operator`);
  refuseSharedFile(path, 'web: signIn: passwords');
  let data: unknown;
  try {
    data = JSON.parse(readFileSync(path, 'utf8'));
  } catch {
    throw new ProbeFault(`web: signIn: passwords: expected a file made by \`signin-probe web user\`, found something else in ${path}.`);
  }
  const read = fileSchema.safeParse(data);
  if (!read.success)
    throw new ProbeFault(
      `web: signIn: passwords: ${path}: at ${read.error.issues[0]?.path.join('.') || 'the top'} expected another value; ` +
        `make the user again: signin-probe web user NAME`,
    );
  return read.data.users;
}

/** Writes the file anew, in one step, for the owner only. */
export function writeUsers(path: string, users: readonly User[]): void {
  try {
    replaceFile(path, `${JSON.stringify({ schema: 1, users }, null, 2)}\n`);
  } catch (error) {
    throw new ProbeFault(
      `web: signIn: passwords: ${path} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}); correct the path or its rights.`,
    );
  }
}

/**
 * The users as they are in the file now: read again when it has changed, so that a removed user is out at once. A file that became unreadable lets nobody in.
 */
export class Users {
  #stamp = '';
  #users: readonly User[] = [];

  constructor(private readonly path: string) {}

  find(name: string): User | null {
    try {
      const { mtimeMs, size, ino } = statSync(this.path);
      const stamp = `${mtimeMs} ${size} ${ino}`;
      if (stamp !== this.#stamp) {
        this.#users = readUsers(this.path);
        this.#stamp = stamp;
      }
    } catch {
      this.#users = [];
      this.#stamp = '';
    }
    return this.#users.find((user) => user.name === name) ?? null;
  }
}
