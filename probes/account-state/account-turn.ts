import { userInfo } from 'node:os';
import { join } from 'node:path';
import { accountName } from '../../contracts/account-name';
import { defaultVisitLimit, type Target } from '../../contracts/target';
import { ProbeFault } from '../../contracts/probe-fault';
import { openStateFolder, stateFileName, takeStateLock } from './state-folder';
import { visitSts } from './sts-visits';

/** Longer than any run of one target: two routes at the longest deadline (10 minutes each), and what comes before and after. */
const giveUpAfterMs = 30 * 60_000;

/**
 * One sign-in at a time with one account, over all processes of the machine: runs of one target queue up, and whoever comes second knows
 * whether the STS refused the password before it submits it too. The turn ends with `work`, or with the process.
 */
export async function inAccountTurn<T>(state: string, { name, stsOrigin, account }: Target, say: (text: string) => void, work: () => Promise<T>): Promise<T> {
  const user = account.kind === 'password' ? accountName(account.user) : `windows ${userInfo().username}`;
  const path = join(openStateFolder(state, 'locks'), `${stateFileName(`${stsOrigin} ${user}`)}.lock`);
  const lock = await takeStateLock(path, {
    giveUpAfterMs,
    onWait: (holder) =>
      say(`${name}: waiting for another run with this account${holder ? ` (process ${holder.pid}, since ${holder.since.slice(11, 19)} UTC)` : ''}`),
  });
  if (!lock)
    throw new ProbeFault(
      `Target ${name}: another run has been signing in with this account for ${giveUpAfterMs / 60_000} minutes, so this one did not start. ` +
        `Look for a process that hangs; ${path} names it.`,
    );
  try {
    return await work();
  } finally {
    lock.release();
  }
}

/** Waits until the STS may be visited once more (the target's `limits`). */
export async function awaitStsVisit(state: string, { name, route, stsOrigin, limits = defaultVisitLimit }: Target, say: (text: string) => void): Promise<void> {
  await visitSts(state, stsOrigin, limits, {
    onWait: (ms) =>
      say(
        `${name} ${route}: waiting ${Math.ceil(ms / 1000)} s, so that no more than ${limits.visits} sign-ins begin ` +
          `at ${new URL(stsOrigin).host} in ${limits.perSeconds} s`,
      ),
  });
}
