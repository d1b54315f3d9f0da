import { randomUUID } from 'node:crypto';
import { closeSync, fchmodSync, openSync, readFileSync, readlinkSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { atExit } from './at-exit';
import { isRunning } from './is-running';
import { moveSync } from './move';

/** Who holds a lock. */
export interface LockHolder {
  readonly pid: number;
  /** When that process began, in the system's own words; null where the system does not tell. */
  readonly began: string | null;
  readonly host: string;
  /** Process ids mean something on one host, and within one container of it, only. */
  readonly namespace: string;
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
  /** A holder of whom only the life sign can tell, and that shows none for so long, is gone (30 s unless given). */
  readonly lifeSignMs?: number;
  /** False: the wait ends with null as soon as the holder is known to live. True unless given. */
  readonly waitForLiving?: boolean;
  /** Rights of the file, whatever the umask (0600 unless given). */
  readonly mode?: number;
}

const heartbeatMs = 2_000;
const pollMs = 100;

/** Linux only: elsewhere there is one for all. */
const thisNamespace = ((): string => {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return '';
  }
})();

/**
 * Takes the lock file `path`, waiting for whoever holds it; null when the wait was given up. Throws what the file system answers when no lock can be made.
 *
 * The lock of a process that was killed is taken over without a hand: at once when its process id is gone or belongs to a process that began at another time.
 * Where neither can be seen (another host or container, no start times, a name that cannot be read) the file's time must stand still for `lifeSignMs`,
 * measured on the waiter's own steady clock, so a clock that jumps breaks no lock. A process that is there, but hangs, keeps its lock.
 */
export async function takeLock(path: string, options: LockOptions): Promise<HeldLock | null> {
  const { onWait, giveUpAfterMs, lifeSignMs = 30_000, waitForLiving = true, mode = 0o600 } = options;
  const startedAt = performance.now();
  const lookAt = watchLife(path, lifeSignMs);
  let told = -Infinity;
  for (;;) {
    const held = tryTake(path, mode);
    if (held) return held;
    const holder = readHolder(path);
    const life = lookAt(holder);
    if (life === 'gone') {
      breakLock(path, holder);
      continue;
    }
    const now = performance.now();
    if (now - told > 10_000) {
      onWait?.(holder);
      told = now;
    }
    if (now - startedAt > giveUpAfterMs || (life === 'living' && !waitForLiving)) return null;
    await sleep(pollMs + Math.random() * pollMs);
  }
}

type Life = 'living' | 'gone' | 'unknown';

/** Looks at a holder again and again: what its process tells, else whether the file's time moves. */
function watchLife(path: string, lifeSignMs: number): (holder: LockHolder | null) => Life {
  let last = { token: '', sign: lifeSign(path), at: performance.now() };
  return (holder) => {
    const told = holder ? processTells(holder) : 'unknown';
    if (told !== 'unknown') return told;
    const now = { token: holder?.token ?? '', sign: lifeSign(path), at: performance.now() };
    if (now.token === last.token && now.sign === last.sign) return now.at - last.at > lifeSignMs ? 'gone' : 'unknown';
    const moved = now.token === last.token;
    last = now;
    return moved ? 'living' : 'unknown';
  };
}

function processTells({ pid, began, host, namespace }: LockHolder): Life {
  if (host !== hostname() || namespace !== thisNamespace) return 'unknown';
  if (!isRunning(pid)) return 'gone';
  const now = beganAt(pid);
  if (began === null || now === null) return 'unknown';
  return began === now ? 'living' : 'gone'; // the same number, given to another process since
}

function tryTake(path: string, mode: number): HeldLock | null {
  const token = randomUUID();
  const began = beganAt(process.pid);
  const holder: LockHolder = { pid: process.pid, began, host: hostname(), namespace: thisNamespace, since: new Date().toISOString(), token };
  if (!create(path, JSON.stringify(holder), mode)) return null;
  const isOurs = (): boolean => readHolder(path)?.token === token;
  const beat = setInterval(() => {
    try {
      if (isOurs()) utimesSync(path, new Date(), new Date());
    } catch {
      // Taken away by hand: nothing to keep alive.
    }
  }, heartbeatMs);
  beat.unref();
  const release = (): void => {
    clearInterval(beat);
    releasedInTime();
    if (isOurs()) rmSync(path, { force: true });
  };
  const releasedInTime = atExit(release);
  return { release };
}

/** False when the file is there already. A file that could not be written (the disk is full) does not stay. */
function create(path: string, content: string, mode: number): boolean {
  let file: number;
  try {
    file = openSync(path, 'wx', 0o600);
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code ?? '';
    if (code === 'EEXIST') return false;
    // Windows answers EPERM or EBUSY while another process removes the file.
    if (['EPERM', 'EBUSY', 'EACCES'].includes(code) && statOf(path)) return false;
    if (['EPERM', 'EBUSY'].includes(code) && process.platform === 'win32') return false;
    throw error;
  }
  try {
    writeFileSync(file, content);
    if (mode !== 0o600) fchmodSync(file, mode);
  } catch (error) {
    rmSync(path, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  return true;
}

/** Away with a lock whose holder is gone. Renamed first: of several who want to, one gets it, and a lock somebody has just taken anew is put back. */
function breakLock(path: string, gone: LockHolder | null): void {
  const aside = `${path}.${randomUUID()}`;
  try {
    moveSync(path, aside);
    if (readHolder(aside)?.token !== gone?.token && !statOf(path)) moveSync(aside, path);
    else rmSync(aside, { force: true });
  } catch {
    // Somebody else was quicker.
  }
}

function readHolder(path: string): LockHolder | null {
  try {
    const read = JSON.parse(readFileSync(path, 'utf8')) as Partial<LockHolder>;
    if (typeof read.pid !== 'number' || typeof read.token !== 'string') return null;
    return { began: null, host: '', namespace: '', since: '', ...read, pid: read.pid, token: read.token };
  } catch {
    return null;
  }
}

/** Linux only: which boot of the machine, and at which of its ticks the process began. The boot's time would move when the clock is set; its id does not. */
function beganAt(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${boot}/${fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}

const statOf = (path: string) => statSync(path, { throwIfNoEntry: false });
const lifeSign = (path: string): string => String(statOf(path)?.mtimeMs ?? 'none');
