import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, posix, resolve, win32 } from 'node:path';
import { ProbeFault } from '../probe-fault';

export const stateVariable = 'SIGNIN_PROBE_STATE';

/**
 * Where what all processes of this machine must know is kept: parked accounts, when the STS was visited, who is signing in.
 * SIGNIN_PROBE_STATE; else %ProgramData%\signin-probe on Windows, $XDG_STATE_HOME/signin-probe or ~/.local/state/signin-probe elsewhere
 * (so for one user: set the variable where several users probe with one account).
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
 * A folder below the state folder, made when missing, that only its owner can enter (on Windows the rights are those it inherits).
 * Throws ProbeFault when it cannot be made: without it nobody could promise that a refused password is not submitted again.
 */
export function openStateFolder(state: string, part: 'accounts' | 'locks' | 'visits'): string {
  const path = join(state, part);
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    if (process.platform !== 'win32') for (const folder of [state, path]) chmodSync(folder, 0o700);
    return path;
  } catch (error) {
    throw new ProbeFault(
      `The state folder ${state} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). It keeps a refused password from being submitted again; name another with ${stateVariable}.`,
    );
  }
}

/** A file name for any text: its hash, so that neither names nor addresses stand in a folder's listing. */
export const stateFileName = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 32);
