import { createHash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, type Stats, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join, posix, resolve, win32 } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';
import { type HeldLock, type LockOptions, takeLock } from '../../system/lock';

export const stateVariable = 'SIGNIN_PROBE_STATE';

/**
 * Where what all processes of this machine must know is kept: parked accounts, which one-time codes were given, when the STS was visited, who is signing in.
 * SIGNIN_PROBE_STATE; else %ProgramData%\signin-probe on Windows, $XDG_STATE_HOME/signin-probe or ~/.local/state/signin-probe elsewhere
 * (so for one user: set the variable where several users probe with one account, to a folder prepared for their group).
 */
export function stateFolder(environment: NodeJS.ProcessEnv = process.env, platform: NodeJS.Platform = process.platform): string {
  const given = environment[stateVariable];
  if (given) return resolve(given);
  if (platform === 'win32') return win32.join(environment.ProgramData ?? 'C:\\ProgramData', 'signin-probe');
  // The XDG rules: a relative path there is to be ignored.
  const base = environment.XDG_STATE_HOME?.startsWith('/') ? environment.XDG_STATE_HOME : posix.join(homedir(), '.local', 'state');
  return posix.join(base, 'signin-probe');
}

/**
 * A folder below the state folder, made when missing. Only its owner can enter it, unless an administrator prepared the state folder for a group: owned by root
 * (or by this user), with the group's write and set-group-ID rights (`install -d -m 2770 -o root -g GROUP DIR`). On Windows the rights are those it inherits.
 * Throws ProbeFault when it cannot be made, or somebody else could change what is in it: without it nobody could promise that a refused password is not
 * submitted again.
 */
export function openStateFolder(state: string, part: 'accounts' | 'codes' | 'locks' | 'visits'): string {
  const path = join(state, part);
  try {
    mkdirSync(state, { recursive: true, mode: 0o700 });
    if (process.platform === 'win32') {
      mkdirSync(path, { recursive: true });
      return path;
    }
    const whole = trusted(state, [process.getuid?.() ?? 0, 0]);
    const shared = isShared(whole.mode);
    const made = madeNow(path);
    const below = trusted(path, shared ? null : [whole.uid]);
    // A member of the group may have made it; what others may do to it must be as in the whole.
    if (made || below.uid === process.getuid?.()) chmodSync(path, shared ? 0o2770 : 0o700);
    else if (!isShared(below.mode)) throw new Distrust(`${path} is not open to the group; ask its owner for \`chmod 2770\``);
    return path;
  } catch (error) {
    if (error instanceof Distrust)
      throw new ProbeFault(
        `The state folder ${state} is not used: ${error.message}. It keeps a refused password from being submitted again, so nobody else may change ` +
          `it; name another with ${stateVariable}.`,
      );
    throw new ProbeFault(
      `The state folder ${state} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). ` +
        `It keeps a refused password from being submitted again; name another with ${stateVariable}.`,
    );
  }
}

/** Rights of a file in a folder of the state: its owner's alone, or readable for the group of a shared one. Others replace it by a rename. */
export const stateFileMode = (folder: string): number => (process.platform !== 'win32' && isShared(statSync(folder).mode) ? 0o640 : 0o600);

/** Takes a lock file in a folder of the state (system/lock.ts): others of a shared one can read who holds it. */
export const takeStateLock = (path: string, options: Omit<LockOptions, 'mode'>): Promise<HeldLock | null> =>
  takeLock(path, { ...options, mode: stateFileMode(dirname(path)) });

class Distrust extends Error {}

/** Set-group-ID is what an administrator sets on purpose, and what gives the group every file made there; a lax umask makes no such folder. */
const isShared = (mode: number): boolean => (mode & 0o2020) === 0o2020;

/** The folder, when its owner is one of these (null = anybody) and no stranger can write there. One that is ours alone is closed to all others. */
function trusted(path: string, owners: readonly number[] | null): Stats {
  const link = lstatSync(path);
  const found = statSync(path);
  for (const { uid } of [link, found])
    if (owners !== null && !owners.includes(uid)) throw new Distrust(`${path} belongs to user ${uid}, expected ${[...new Set(owners)].join(' or ')}`);
  if (owners === null && link.isSymbolicLink()) throw new Distrust(`${path} is a link`);
  if (isShared(found.mode)) {
    if ((found.mode & 0o002) !== 0) throw new Distrust(`everybody can write into ${path} (${(found.mode & 0o7777).toString(8)}, expected 2770)`);
  } else if (found.uid === process.getuid?.()) chmodSync(path, 0o700);
  return found;
}

function madeNow(path: string): boolean {
  try {
    mkdirSync(path, { mode: 0o700 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

/** A file name for any text: its hash, so that neither names nor addresses stand in a folder's listing. */
export const stateFileName = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
