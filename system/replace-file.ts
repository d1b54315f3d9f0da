import { randomBytes } from 'node:crypto';
import { closeSync, fchmodSync, fsyncSync, openSync, rmSync, writeSync } from 'node:fs';
import { move, moveSync } from './move';

/**
 * Replaces a file in one step, for its owner only unless `mode` says otherwise: a reader finds the old text or the new one, also after a power cut.
 * The draft beside it has a name nobody can guess and must not be there yet, so that nothing is written through a link that somebody planted.
 * Throws what the system says.
 */
export function replaceFile(path: string, text: string, mode = 0o600): void {
  const draft = writeDraft(path, text, mode);
  try {
    moveSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** The same, giving way while others hold the old file open: also for readers of this process. */
export async function replaceFileSoon(path: string, text: string, mode = 0o600): Promise<void> {
  const draft = writeDraft(path, text, mode);
  try {
    await move(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

/** The new text beside the file, on the disk; its path. Nothing stays of a draft that could not be written. */
function writeDraft(path: string, text: string, mode: number): string {
  const draft = `${path}.${randomBytes(8).toString('hex')}.tmp`;
  try {
    const file = openSync(draft, 'wx', 0o600);
    try {
      if (mode !== 0o600) fchmodSync(file, mode); // whatever the umask
      writeSync(file, text);
      fsyncSync(file);
    } finally {
      closeSync(file);
    }
    return draft;
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}
