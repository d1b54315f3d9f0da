import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm, statfs, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const prefix = 'signin-probe-disk-';
const shared = '/dev/shm';

/** A disk whose power can be cut. */
export interface PowerCutDisk {
  /** Where it is mounted. */
  readonly folder: string;
  /**
   * Keeps aside what the disk holds at this instant; what the system has not written to it yet is not part of it.
   * `atCut` is called once nothing more reaches the disk.
   */
  cut(atCut?: () => void): Promise<void>;
  /** The power is back: mounts what `cut` kept. Nobody may have a file open on the disk. */
  comeBack(): Promise<void>;
  close(): Promise<void>;
}

/** Why no disk can be made here; null = it can. */
export function noPowerCuts(): string | null {
  if (process.platform !== 'linux') return 'disks are mounted from files on Linux only';
  if (process.getuid?.() !== 0) return 'mounting takes root';
  const missing = ['mkfs.ext4', 'losetup', 'mount', 'fsfreeze'].filter(
    (tool) => !['/usr/sbin', '/sbin', '/usr/bin', '/bin'].some((at) => existsSync(join(at, tool))),
  );
  if (missing.length > 0) return `${missing.join(', ')} not found`;
  return existsSync('/dev/loop-control') ? null : 'there are no loop devices';
}

/**
 * An ext4 in a file, itself on an ext4 in a file. Freezing the outer one stops every write of the inner one half way, so that a copy of its file is what a
 * disk would hold at one instant: flushed writes, and any part of the others.
 */
export async function powerCutDisk(megabytes = 1_024): Promise<PowerCutDisk> {
  await removeLeftOvers();
  const home = await mkdtemp(join(await fastest(megabytes), `${prefix}${process.pid}-`));
  const [outer, folder, kept] = [join(home, 'outer'), join(home, 'disk'), join(home, 'kept.img')];
  const image = join(outer, 'disk.img');
  await mkdir(outer);
  await mkdir(folder);
  try {
    await format(join(home, 'outer.img'), megabytes * 2, ['-O', '^has_journal']);
    await run('mount', ['-o', 'loop', join(home, 'outer.img'), outer]);
    await format(image, megabytes);
    await run('mount', ['-o', 'loop', image, folder]);
  } catch (error) {
    await remove(home);
    throw error;
  }
  return {
    folder,
    cut: async (atCut) => {
      await run('fsfreeze', ['--freeze', outer]);
      try {
        atCut?.();
        await run('cp', ['--sparse=always', image, kept]);
      } finally {
        await run('fsfreeze', ['--unfreeze', outer]);
      }
    },
    comeBack: async () => {
      await run('umount', [folder]);
      await run('cp', ['--sparse=always', kept, `${image}.new`]);
      await rename(`${image}.new`, image);
      await run('mount', ['-o', 'loop', image, folder]);
    },
    close: () => remove(home),
  };
}

async function format(file: string, megabytes: number, options: readonly string[] = []): Promise<void> {
  await writeFile(file, '');
  await truncate(file, megabytes * 1024 * 1024);
  await run('mkfs.ext4', ['-q', '-F', ...options, file]);
}

/** Memory where there is enough: what the tests need is the order of writes, not a disk that takes its time for them. */
async function fastest(megabytes: number): Promise<string> {
  const memory = await statfs(shared).catch(() => null);
  return memory && memory.bavail * memory.bsize > megabytes * 1024 * 1024 ? shared : tmpdir();
}

/** Thaws, unmounts (which frees the loop devices) and deletes, whatever there is of it. */
async function remove(home: string): Promise<void> {
  await run('fsfreeze', ['--unfreeze', join(home, 'outer')]).catch(() => undefined);
  for (const place of ['disk', 'outer'])
    for (let tries = 0; isMounted(join(home, place)) && tries < 3; tries += 1)
      await run('umount', tries < 2 ? [join(home, place)] : ['--lazy', join(home, place)]).catch(() => new Promise((resolve) => setTimeout(resolve, 500)));
  if (['disk', 'outer'].some((place) => isMounted(join(home, place)))) throw new Error(`${home} could not be unmounted`);
  await rm(home, { recursive: true, force: true });
}

const isMounted = (place: string): boolean => readFileSync('/proc/mounts', 'utf8').includes(` ${place} `);

/** Of test processes that were killed. */
async function removeLeftOvers(): Promise<void> {
  for (const place of [tmpdir(), shared])
    for (const name of await readdir(place).catch((): string[] => [])) {
      const pid = name.startsWith(prefix) ? /^\d+/.exec(name.slice(prefix.length))?.[0] : undefined;
      if (pid !== undefined && !existsSync(`/proc/${pid}`)) await remove(join(place, name));
    }
}
