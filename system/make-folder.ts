import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Makes `<parent>/<name>` for its owner only, and returns its path. It must be new: a link or folder that somebody planted there is EEXIST.
 * `parent` may be there.
 */
export async function makeFolder(parent: string, name: string): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  const path = join(parent, name);
  await mkdir(path, { mode: 0o700 });
  return path;
}
