/** A browser profile for one sign-in as the logged-on account: made new, deleted afterwards. */
import { rmSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface BrowserProfile {
  /** For `launchPersistentContext`. */
  readonly userDataDir: string;
  /** Where the browser writes its own log of Windows sign-ins; whole once it is closed. Credentials are not in it (Chromium's default capture mode). */
  readonly netLogFile: string;
  remove(): Promise<void>;
}

const prefix = 'signin-probe-profile-';
/** No sign-in takes an hour (the longest deadline is ten minutes): what is older was left by a process that was killed. */
const leftBehindMs = 3_600_000;

/**
 * A folder only its owner can enter. Chromium on Linux loads the system's Kerberos library only when a Negotiate challenge came before (in its whole
 * life), and leaves the first one unanswered: the profile says that one came (design.md, "Browser facts"; the headless shell needs it not).
 * Removed by `remove`, at the latest when the process ends; left-overs of killed ones go with the next profile.
 */
export async function freshProfile(parent: string = tmpdir()): Promise<BrowserProfile> {
  await removeLeftOvers(parent);
  const folder = await mkdtemp(join(parent, prefix));
  const removeNow = (): void => rmSync(folder, { recursive: true, force: true });
  process.once('exit', removeNow);
  const userDataDir = join(folder, 'profile');
  await mkdir(userDataDir);
  await writeFile(join(userDataDir, 'Local State'), JSON.stringify({ net: { received_http_auth_negotiate_headers: true } }));
  return {
    userDataDir,
    netLogFile: join(folder, 'net-log.json'),
    remove: async () => {
      process.off('exit', removeNow);
      // Windows keeps files of a process that just ended for a moment longer.
      await rm(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
    },
  };
}

async function removeLeftOvers(parent: string): Promise<void> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names.filter((each) => each.startsWith(prefix))) {
    const path = join(parent, name);
    const made = await stat(path).catch(() => null);
    if (made && Date.now() - made.mtimeMs > leftBehindMs) await rm(path, { recursive: true, force: true }).catch(() => undefined); // somebody else's
  }
}
