/** A browser profile for one sign-in: made new, deleted afterwards, also after a crash. */
import { rmSync } from 'node:fs';
import { lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from '../../system/is-running';
import { atExit } from '../../system/at-exit';

export interface BrowserProfile {
  /** For `launchPersistentContext`. */
  readonly userDataDir: string;
  /** For Playwright's own files (`artifactsDir`). */
  readonly artifactsDir: string;
  /** Where the browser writes its own log of Windows sign-ins; whole once it is closed. Credentials are not in it (Chromium's default capture mode). */
  readonly netLogFile: string;
  /** Never rejects: what cannot be removed now (Windows, while somebody scans it) is left to the end of the process. */
  remove(): Promise<void>;
}

const prefix = 'signin-probe-profile-';
const ownerFile = 'owner.json';
/** No sign-in takes an hour (the longest deadline is ten minutes): what is older was left behind, whoever has its process id now. */
const leftBehindMs = 3_600_000;

/**
 * A folder only its owner can enter. Chromium on Linux loads the system's Kerberos library only when a Negotiate challenge came before (in its whole
 * life), and leaves the first one unanswered: the profile says that one came (the headless shell needs it not).
 * Removed by `remove`, at the latest when the process ends; what a killed process left goes with the next profile of anybody.
 */
export async function freshProfile(parent: string = tmpdir()): Promise<BrowserProfile> {
  await removeLeftOvers(parent);
  const folder = await mkdtemp(join(parent, prefix));
  const removedInTime = atExit(() => rmSync(folder, { recursive: true, force: true }));
  await writeFile(join(folder, ownerFile), JSON.stringify({ pid: process.pid, machine: hostname() }));
  const userDataDir = join(folder, 'profile');
  const artifactsDir = join(folder, 'artifacts');
  await Promise.all([mkdir(userDataDir), mkdir(artifactsDir)]);
  await writeFile(join(userDataDir, 'Local State'), JSON.stringify({ net: { received_http_auth_negotiate_headers: true } }));
  return {
    userDataDir,
    artifactsDir,
    netLogFile: join(folder, 'net-log.json'),
    remove: async () => {
      // Windows keeps files of a process that just ended for a moment longer.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 }).then(removedInTime, () => undefined);
    },
  };
}

async function removeLeftOvers(parent: string): Promise<void> {
  const names = await readdir(parent).catch((): string[] => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const path = join(parent, name);
    if (await isLeftOver(path)) await rm(path, { recursive: true, force: true, maxRetries: 3 }).catch(() => undefined);
  }
}

/** A folder this program made for this user (a link, or somebody else's, is none), whose process is gone. */
async function isLeftOver(path: string): Promise<boolean> {
  const made = await lstat(path).catch(() => null);
  if (!made?.isDirectory() || (process.getuid && made.uid !== process.getuid())) return false;
  if (Date.now() - made.mtimeMs > leftBehindMs) return true;
  const owner = await readFile(join(path, ownerFile), 'utf8')
    .then((text) => JSON.parse(text) as { pid: number; machine: string })
    .catch(() => null);
  return owner !== null && owner.machine === hostname() && !isRunning(owner.pid);
}
