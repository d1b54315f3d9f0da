import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { VisitLimit } from '../../contracts/target';
import { ProbeFault } from '../../contracts/probe-fault';
import { replaceFile } from '../../system/replace-file';
import { openStateFolder, stateFileMode, stateFileName, takeStateLock } from './state-folder';

export interface VisitOptions {
  /** Told how long the wait will be, each time there is one. */
  readonly onWait: (milliseconds: number) => void;
}

const giveUpAfterMs = 60_000;

/**
 * Waits until one more sign-in may begin at the STS, and notes it: at most `visits` in any `perSeconds`, counted over all processes that share
 * the state folder. Times are the wall clock's, the only one processes share; one that lies ahead (the clock was set back) counts as now.
 */
export async function visitSts(state: string, stsOrigin: string, { visits, perSeconds }: VisitLimit, { onWait }: VisitOptions): Promise<void> {
  const path = join(openStateFolder(state, 'visits'), stateFileName(stsOrigin));
  for (;;) {
    const lock = await takeStateLock(`${path}.lock`, { giveUpAfterMs });
    if (!lock)
      throw new ProbeFault(`${path}.lock: another process has held this lock for ${giveUpAfterMs / 1000} s, expected milliseconds; end it or delete the file.`);
    let waitMs: number;
    try {
      const now = Date.now();
      const recent = readVisits(path)
        .map((at) => Math.min(at, now))
        .filter((at) => now - at < perSeconds * 1000)
        .sort((a, b) => a - b);
      const oldest = recent[recent.length - visits];
      if (oldest === undefined) {
        writeVisits(path, [...recent, now]);
        return;
      }
      writeVisits(path, recent); // a time ahead of the clock has become now, once and for all
      waitMs = oldest + perSeconds * 1000 - now + 1;
    } finally {
      lock.release();
    }
    onWait(waitMs);
    await sleep(waitMs);
  }
}

function readVisits(path: string): number[] {
  try {
    const read: unknown = JSON.parse(readFileSync(`${path}.json`, 'utf8'));
    return Array.isArray(read) ? read.filter((each): each is number => typeof each === 'number') : [];
  } catch {
    return []; // the first visit, or a file that somebody damaged: it would only make the probe quicker
  }
}

function writeVisits(path: string, visits: readonly number[]): void {
  replaceFile(`${path}.json`, JSON.stringify(visits), stateFileMode(dirname(path)));
}
