import { closeSync, fsyncSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { ProbeFault } from '../../contracts/probe-fault';
import { replaceFile } from '../../system/replace-file';
import { stateFileMode, stateVariable } from './state-folder';

/**
 * Writes a file of the state, whole or not at all, and on the disk when it returns. Throws ProbeFault, with the folder, where that cannot be had; `keeps`:
 * what the folder is there for, as the rest of "What is kept there keeps …".
 */
export function writeStateFile(path: string, text: string, keeps: string): void {
  const folder = dirname(path);
  try {
    replaceFile(path, text, stateFileMode(folder));
    syncFolder(folder);
  } catch (error) {
    throw new ProbeFault(
      `The folder ${folder} cannot be written (${(error as NodeJS.ErrnoException).code ?? String(error)}). What is kept there keeps ${keeps}. ` +
        `Make room and give this account the right to write there, or name another folder with ${stateVariable}.`,
    );
  }
}

/** A renamed file is there after a power cut only once its folder is on the disk, too. Windows has no such thing. */
function syncFolder(path: string): void {
  if (process.platform === 'win32') return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
