import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { link, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';

export interface FolderLock {
  release(): Promise<void>;
}

interface Holder {
  readonly id: string;
  readonly pid: number;
  /** When that process began, in the system's own words; null where the system does not tell. */
  readonly began: string | null;
  readonly host: string;
}

const renewEveryMs = 5_000;
/** Where a process number says too little (another host, no start time), a lock that was not renewed for so long is dead. */
const deadAfterMs = 60_000;

/** Keeps a second process out of a folder. What a killed process left behind is taken over. Throws ProbeFault while somebody holds it. */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const path = join(folder, 'lock.json');
  const me: Holder = { id: randomUUID(), pid: process.pid, began: beganAt(process.pid), host: hostname() };
  for (let round = 0; round < 5; round += 1) {
    try {
      await createWhole(path, me);
      return held(path, me);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
        throw new ProbeFault(`The folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
    }
    const holder = await read(path);
    if (holder === 'gone') continue;
    if (holder !== 'unreadable' && (await isAlive(path, holder)))
      throw new ProbeFault(
        `The store in ${folder} is in use by process ${holder.pid} on ${holder.host}. Only one process may open it; stop that one, or ask the running watch (signin-probe reload, signin-probe export do).`,
      );
    await takeAway(path, holder);
  }
  throw new ProbeFault(`The lock ${path} changes hands too often. Try again.`);
}

/** Appears with its content, or fails with EEXIST: nobody ever reads half a lock. */
async function createWhole(path: string, me: Holder): Promise<void> {
  const draft = `${path}.${me.id}`;
  try {
    await writeFile(draft, JSON.stringify(me), { flag: 'wx', mode: 0o600 });
    await link(draft, path);
  } finally {
    await rm(draft, { force: true });
  }
}

function held(path: string, me: Holder): FolderLock {
  const timer = setInterval(() => void utimes(path, new Date(), new Date()).catch(() => undefined), renewEveryMs);
  timer.unref();
  return {
    release: async () => {
      clearInterval(timer);
      const holder = await read(path);
      if (typeof holder === 'object' && holder.id === me.id) await rm(path, { force: true });
    },
  };
}

async function read(path: string): Promise<Holder | 'gone' | 'unreadable'> {
  try {
    const holder = JSON.parse(await readFile(path, 'utf8')) as Partial<Holder>;
    return typeof holder.id === 'string' && typeof holder.pid === 'number'
      ? { began: null, host: '', ...holder, id: holder.id, pid: holder.pid }
      : 'unreadable';
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : 'unreadable';
  }
}

async function isAlive(path: string, { pid, began, host }: Holder): Promise<boolean> {
  if (host === hostname()) {
    if (!isRunning(pid)) return false;
    const now = beganAt(pid);
    if (began !== null && now !== null) return began === now; // the same number, given to another process since
  }
  const renewed = await stat(path).catch(() => null);
  return renewed !== null && Date.now() - renewed.mtimeMs < deadAfterMs;
}

/** Another process may take the dead lock at the same moment: what was taken away must be what was judged, or it goes back. */
async function takeAway(path: string, judged: Holder | 'unreadable'): Promise<void> {
  const aside = `${path}.${process.pid}.dead`;
  try {
    await rename(path, aside);
  } catch {
    return; // somebody else was faster
  }
  const taken = await read(aside);
  const other = typeof taken === 'object' && (typeof judged !== 'object' || taken.id !== judged.id);
  if (other) await rename(aside, path).catch(() => undefined);
  else await rm(aside, { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Linux only: boot time and start tick of a process. Elsewhere null; the lock's renewal then decides. */
function beganAt(pid: number): string | null {
  if (process.platform !== 'linux') return null;
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const boot = /^btime (\d+)/m.exec(readFileSync('/proc/stat', 'utf8'))?.[1] ?? '';
    return `${boot}/${fields.slice(fields.lastIndexOf(')') + 2).split(' ')[19]}`;
  } catch {
    return null;
  }
}
