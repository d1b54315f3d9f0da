import { join } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';
import { type HeldLock, type LockHolder, takeLock } from '../../system/lock';

/** Where a process number says too little (another host or container, no start times), a lock that was not renewed for so long is dead. */
const lifeSignMs = 60_000;

/**
 * Keeps a second process out of a folder. What a killed process left behind is taken over. Throws ProbeFault while somebody holds it: at once where the
 * holder can be seen to live, else when its life sign comes.
 */
export async function lockFolder(folder: string): Promise<HeldLock> {
  const holders: (LockHolder | null)[] = [];
  let lock: HeldLock | null;
  try {
    lock = await takeLock(join(folder, 'lock.json'), {
      giveUpAfterMs: 2 * lifeSignMs,
      lifeSignMs,
      waitForLiving: false,
      onWait: (by) => holders.push(by),
    });
  } catch (error) {
    throw new ProbeFault(`The folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}).`);
  }
  if (lock) return lock;
  throw new ProbeFault(
    `The store in ${folder} is in use by ${nameOf(holders.at(-1) ?? null)}. Only one process may open it; ` +
      `stop that one, or ask the running watch (signin-probe reload, signin-probe export do).`,
  );
}

const nameOf = (holder: LockHolder | null): string => (holder ? `process ${holder.pid} on ${holder.host}` : 'another process');
