import { randomUUID } from 'node:crypto';
import { chmodSync, readFileSync, readlinkSync, renameSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from '../../system/at-exit';
import { isRunning } from '../../system/is-running';
import { stateFileMode } from './state-folder';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  readonly machine: string;
  readonly since: string;
  readonly token: string;
}

export interface HeldLock {
  release(): void;
}

export interface LockOptions {
  /** Called once when somebody else holds the lock, then every ten seconds; null = the holder has not written its name yet. */
  readonly onWait?: (holder: LockHolder | null) => void;
  /** After so long the wait ends with null. */
  readonly giveUpAfterMs: number;
  /** A holder that shows no sign of life for so long is gone, whatever its process id says (30 s unless given). */
  readonly lifeSignMs?: number;
}

const heartbeatMs = 2_000;
const pollMs = 100;

/** Process ids mean something on this machine, and within this container of it, only. */
const thisMachine = ((): string => {
  try {
    return `${hostname()} ${readlinkSync('/proc/self/ns/pid')}`;
  } catch {
    return hostname();
  }
})();

/**
 * Takes the lock file `path`, waiting for whoever holds it; null when the wait was given up. The lock of a process that was killed is taken
 * over without a hand: at once when its process id is gone, else (the id was given to another process, or belongs to another machine) when
 * the file's time stood still for `lifeSignMs`. That is measured on the waiter's own steady clock, so a clock that jumps breaks no lock.
 */
export async function takeLock(path: string, { onWait, giveUpAfterMs, lifeSignMs = 30_000 }: LockOptions): Promise<HeldLock | null> {
  const startedAt = performance.now();
  let told = -Infinity;
  let sign = { of: '', at: startedAt };
  for (;;) {
    const held = tryTake(path);
    if (held) return held;
    const now = performance.now();
    const holder = readHolder(path);
    const seen = `${holder?.token ?? ''} ${lifeSign(path)}`;
    if (seen !== sign.of) sign = { of: seen, at: now };
    const gone = holder?.machine === thisMachine && !isRunning(holder.pid);
    if (gone || now - sign.at > lifeSignMs) {
      breakLock(path, holder);
      continue;
    }
    if (now - startedAt > giveUpAfterMs) return null;
    if (now - told > 10_000) {
      onWait?.(holder);
      told = now;
    }
    await sleep(pollMs + Math.random() * pollMs);
  }
}

function tryTake(path: string): HeldLock | null {
  const token = randomUUID();
  const mode = stateFileMode(dirname(path));
  const holder: LockHolder = { pid: process.pid, machine: thisMachine, since: new Date().toISOString(), token };
  try {
    writeFileSync(path, JSON.stringify(holder), { flag: 'wx', mode: 0o600 });
    if (mode !== 0o600) chmodSync(path, mode); // whatever the umask: others must read who holds it
  } catch (error) {
    // Windows answers EPERM or EBUSY while another process removes the file.
    if (['EEXIST', 'EPERM', 'EBUSY', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '') && statOf(path)) return null;
    if (['EPERM', 'EBUSY'].includes((error as NodeJS.ErrnoException).code ?? '') && process.platform === 'win32') return null;
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return null;
    throw error;
  }
  const beat = setInterval(() => {
    try {
      utimesSync(path, new Date(), new Date());
    } catch {
      // Taken away by hand: nothing to keep alive.
    }
  }, heartbeatMs);
  beat.unref();
  const release = (): void => {
    clearInterval(beat);
    releasedInTime();
    if (readHolder(path)?.token === token) rmSync(path, { force: true });
  };
  const releasedInTime = atExit(release);
  return { release };
}

/** Away with a lock whose holder is gone. Renamed first: of several who want to, one gets it, and a lock somebody has just taken anew is put back. */
function breakLock(path: string, gone: LockHolder | null): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    renameSync(path, aside);
    if (readHolder(aside)?.token !== gone?.token && !statOf(path)) renameSync(aside, path);
    else rmSync(aside, { force: true });
  } catch {
    // Somebody else was quicker.
  }
}

function readHolder(path: string): LockHolder | null {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder>;
    return typeof read.pid === 'number' && typeof read.token === 'string' ? (read as LockHolder) : null;
  } catch {
    return null;
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });
const lifeSign = (path: string): string => String(statOf(path)?.mtimeMs ?? 'none');
