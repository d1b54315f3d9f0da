import { renameSync } from 'node:fs';
import { rename } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Every rename of the program. Windows refuses one while another program has a file of it open (a virus scanner, an indexer, a reader), mostly for some
 * milliseconds; Node does not try again by itself.
 */
const passing = new Set(['EPERM', 'EACCES', 'EBUSY']);
/** About three seconds in all. */
const pausesMs = [5, 10, 20, 40, 80, 160, 320, 640, 1000, 1000];

const isPassing = (error: unknown, platform: NodeJS.Platform): boolean => platform === 'win32' && passing.has((error as NodeJS.ErrnoException).code ?? '');

export interface Moving {
  readonly platform: NodeJS.Platform;
  readonly rename: (from: string, to: string) => void | Promise<void>;
}

/** Renames a file or folder; on Windows again, for about three seconds, while others hold it. Throws what the system said last. */
export async function move(from: string, to: string, by: Moving = { platform: process.platform, rename }): Promise<void> {
  for (const pauseMs of [...pausesMs, null]) {
    try {
      return await by.rename(from, to);
    } catch (error) {
      if (pauseMs === null || !isPassing(error, by.platform)) throw error;
      await sleep(pauseMs);
    }
  }
}

/** The same without giving way meanwhile: for what must be on the disk before anything else happens. Files that this process itself holds open stay so. */
export function moveSync(from: string, to: string, by: Moving = { platform: process.platform, rename: renameSync }): void {
  for (const pauseMs of [...pausesMs, null]) {
    try {
      return void by.rename(from, to);
    } catch (error) {
      if (pauseMs === null || !isPassing(error, by.platform)) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}
