import { randomBytes } from 'node:crypto';
import { existsSync, rmSync } from 'node:fs';
import { chmod, copyFile, lstat, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';
import { isRunning } from '../system/is-running';

const schemaName = 'signin-probe.schema.json';
/** Tells editors where the configuration's JSON Schema is. */
const schemaLine = `# yaml-language-server: $schema=./${schemaName}`;
export const passwordVariable = 'SIGNIN_PROBE_LAB_PASSWORD';

export interface LabFolder {
  readonly path: string;
  /** Removes the folder when the lab made it itself. */
  remove(): Promise<void>;
}

/** The given folder, or a new one that only its owner can enter. */
export async function openLabFolder(folder: string | undefined): Promise<LabFolder> {
  if (folder !== undefined) {
    const path = resolve(folder);
    await mkdir(path, { recursive: true });
    return { path, remove: async () => undefined };
  }
  await removeLeftOvers();
  const path = await mkdtemp(join(tmpdir(), folderPrefix));
  await writeFile(join(path, ownerFile), String(process.pid));
  const removeNow = (): void => rmSync(path, { recursive: true, force: true });
  process.once('exit', removeNow);
  return {
    path,
    async remove() {
      process.off('exit', removeNow);
      await rm(path, { recursive: true, force: true });
    },
  };
}

const folderPrefix = 'signin-probe-lab-';
const ownerFile = 'owner';

/** Folders of labs that were killed. One without an owner's process id is just being made, or what somebody wrote to a lab that was gone. */
async function removeLeftOvers(): Promise<void> {
  for (const name of (await readdir(tmpdir())).filter((each) => each.startsWith(folderPrefix))) {
    const path = join(tmpdir(), name);
    const made = await lstat(path).catch(() => null);
    if (!made?.isDirectory() || (process.getuid && made.uid !== process.getuid())) continue;
    const owner = await readFile(join(path, ownerFile), 'utf8').catch(() => null);
    const gone = owner === null ? Date.now() - made.mtimeMs > 3_600_000 : !isRunning(Number(owner));
    if (gone) await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** A password nobody knows, with the characters that careless quoting breaks: in YAML, XML, HTML, URLs, shells and form bodies. */
export const randomPassword = (): string => `Lab1-${randomBytes(12).toString('base64url')}"'<&>%41+;=#?/\\$\`{}`;

export interface LabFiles {
  readonly caPem: string;
  readonly urls: { readonly internal: string; readonly ifd: string; readonly sts: string };
  readonly user: string;
  readonly upn: string;
  readonly organizationId: string;
  readonly dnsPort: number;
  /** null: the password is in the environment variable. */
  readonly passwordToStore: string | null;
  /** The account's TOTP secret, where AD FS asks for one-time codes. */
  readonly totpToStore: string | null;
  /** The claims provider to choose, where AD FS asks for it. */
  readonly realm: string | null;
}

async function writeSecret(path: string, secret: string): Promise<void> {
  await writeFile(path, secret, { mode: 0o600 });
  await chmod(path, 0o600); // an existing file keeps its mode otherwise
}

/** The probe's side of the lab: which account its configuration gives it. */
export interface LabClient {
  readonly account: 'password' | 'windows-current';
  /** `windows-current` leaves the internal route alone, the only one an account without a password can take. */
  setAccount(account: 'password' | 'windows-current'): Promise<void>;
  /** Puts a new password where the configuration points to; false where that is an environment variable, which nobody can change from outside. */
  storePassword(password: string): Promise<boolean>;
}

/** Writes ca.pem, signin-probe.yaml and, where needed, the password's own file (0600). Returns their paths. */
export async function writeLabFiles(folder: string, files: LabFiles): Promise<{ config: string; ca: string; passwordFile: string | null; client: LabClient }> {
  const ca = join(folder, 'ca.pem');
  const config = join(folder, 'signin-probe.yaml');
  const passwordFile = files.passwordToStore === null ? null : join(folder, 'password');
  await writeFile(ca, files.caPem);
  if (passwordFile !== null) await writeSecret(passwordFile, files.passwordToStore ?? '');
  const totpFile = files.totpToStore === null ? null : join(folder, 'totp');
  if (totpFile !== null) await writeSecret(totpFile, files.totpToStore ?? '');
  const target = {
    name: 'contoso',
    internal: { url: files.urls.internal },
    ifd: { url: files.urls.ifd },
    sts: files.urls.sts,
    account: {
      user: files.user,
      password: passwordFile === null ? `env:${passwordVariable}` : `file:${passwordFile}`,
      ...(totpFile === null ? {} : { totp: `file:${totpFile}` }),
      ...(files.realm === null ? {} : { realm: files.realm }),
    },
    expect: { user: files.upn, organization: files.organizationId },
    tls: { ca },
    dns: `127.0.0.1:${files.dnsPort}`,
    // A lab has no other guests to spare.
    limits: { visits: 1000, perSeconds: 20 },
  };
  const write = (written: object): Promise<void> => writeFile(config, `${schemaLine}\n${stringify({ targets: [written] }, { lineWidth: 0 })}`);
  const { ifd: _ifd, ...inside } = target;
  let account: LabClient['account'] = 'password';
  const client: LabClient = {
    get account() {
      return account;
    },
    async setAccount(wanted) {
      await write(wanted === 'password' ? target : { ...inside, account: { windows: 'current' } });
      account = wanted;
    },
    async storePassword(password) {
      if (passwordFile === null) return false;
      await writeSecret(passwordFile, password);
      return true;
    },
  };
  await client.setAccount('password');
  const schema = ['..', '../..'].map((up) => join(__dirname, up, schemaName)).find(existsSync);
  if (schema) await copyFile(schema, join(folder, schemaName));
  return { config, ca, passwordFile, client };
}
