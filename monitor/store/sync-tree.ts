import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Brings a folder with all it holds to the disk, so that a power cut leaves it as it is. */
export async function syncTree(folder: string): Promise<void> {
  const entries = await readdir(folder, { withFileTypes: true });
  // All at once: the file system then writes its journal once for many of them.
  await Promise.all(
    entries.map(async (entry) => {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) await syncTree(path);
      else if (entry.isFile()) await syncFile(path);
    }),
  );
  await syncFolder(folder);
}

/** Brings the names within a folder to the disk. Windows has no way to, and needs none: NTFS keeps names in its journal. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform !== 'win32') await syncFile(folder, 'r');
}

async function syncFile(path: string, mode: 'r' | 'r+' = 'r+'): Promise<void> {
  const file = await open(path, mode);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}
