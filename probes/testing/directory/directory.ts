/**
 * An Active Directory nobody here wrote: Samba as a domain controller, in a folder, a network and a mount namespace of its own, so that it takes no port and no
 * file of the machine. It judges passwords, counts wrong ones, and knows every state of an account.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NtlmHandshakes } from './ntlm-handshakes';
import { programs } from './programs';

export const realm = 'DIRECTORY.TEST';
const domain = 'DIRECTORY';
const base = 'DC=directory,DC=test';
/** More wrong passwords than a run of tests may make, and few enough to lock an account on purpose. */
export const lockoutThreshold = 5;
/** Samba's DSDB_CONTROL_PASSWORD_BYPASS_LAST_SET: a date of one's own in pwdLastSet. */
const ownDate = '--controls=local_oid:1.3.6.1.4.1.7165.4.3.20:0';
const startTimeoutMs = 60_000;

/** Attributes as LDAP has them; null = none. */
export type Attributes = Readonly<Record<string, string | null>>;

export interface Directory {
  /** A new account; `user` is its bare name. Its password does not expire unless `attributes` say so. */
  add(user: string, password: string, attributes?: Attributes): Promise<void>;
  /** Changes an account, as an administrator does. */
  change(user: string, attributes: Attributes): Promise<void>;
  /** Its badPwdCount, as it stands in the directory. */
  wrongTries(user: string): Promise<number>;
  /** Asks for a logon with a name as people type it (`DOMAIN\user`, `user@domain`). `NT_STATUS_OK`, or why not. */
  logon(typed: string, password: string): Promise<string>;
  /** Asks for logons by NTLM. */
  readonly ntlm: NtlmHandshakes;
  /** Where its key distribution centre can be reached: a Unix socket. */
  readonly kdcSocket: string;
  /** Writes the keys of an account or a service name into a new keytab, as an administrator does. */
  exportKeytab(principal: string, path: string): Promise<void>;
  stop(): Promise<void>;
}

export const typedName = (user: string): string => `${domain}\\${user}`;
export const spellings = (user: string): readonly string[] => [
  `${domain}\\${user}`,
  `${user}@${realm.toLowerCase()}`,
  `${realm.toLowerCase()}\\${user.toUpperCase()}`,
  `${domain.toLowerCase()}\\${user}`,
];

export interface DirectoryWishes {
  /** `disabled`: no logon by NTLM for anybody (Samba's `ntlm auth`), as Microsoft's RestrictNTLMInDomain has it. */
  readonly ntlm?: 'allowed' | 'disabled';
}

/** Makes the domain and starts its domain controller: 6 s on a quiet machine. Throws with what it printed when it does not come up. */
export async function startDirectory({ ntlm: ntlmPolicy = 'allowed' }: DirectoryWishes = {}): Promise<Directory> {
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-test-directory-'));
  const controller = startController(folder, ntlmPolicy);
  const configuration = `--configfile=${join(folder, 'smb.conf')}`;
  const sam = [configuration, '-H', join(folder, 'private', 'sam.ldb')];
  const inside = (program: string, args: readonly string[]): readonly string[] => ['--target', String(controller.pid), '--net', '--mount', program, ...args];
  const ask = (program: string, args: readonly string[], input: string): Promise<string> => answerOf(programs.nsenter, inside(program, args), input);
  const change = (dn: string, attributes: Attributes): Promise<string> =>
    ask(programs.ldbmodify, [...sam, ownDate], `dn: ${dn}\nchangetype: modify\n${Object.entries(attributes).map(replacing).join('-\n')}`);
  const logon = async (typed: string, password: string): Promise<string> => {
    const said = await ask(programs.ntlmAuth, [configuration, `--username=${bareName(typed)}`, `--domain=${domain}`], `${password}\n`);
    return /NT_STATUS_\w+/.exec(said)?.[0] ?? (/\(0x0\)/.test(said) ? 'NT_STATUS_OK' : said.trim());
  };
  const ntlm = new NtlmHandshakes(programs.nsenter, inside(programs.ntlmAuth, [configuration, '--helper-protocol=squid-2.5-ntlmssp']));
  const stop = async (): Promise<void> => {
    ntlm.stop();
    await controller.stop();
    await rm(folder, { recursive: true, force: true, maxRetries: 3 });
  };
  try {
    await controller.ready(async () => (await logon(typedName('nobody'), 'x')) === 'NT_STATUS_NO_SUCH_USER');
    await change(base, { lockoutThreshold: String(lockoutThreshold) });
  } catch (error) {
    await stop();
    throw error;
  }
  return {
    add: async (user, password, attributes = {}) => {
      const given = {
        objectClass: 'user',
        sAMAccountName: user,
        userPrincipalName: `${user}@${realm.toLowerCase()}`,
        userAccountControl: '512',
        ...attributes,
      };
      const { pwdLastSet, ...first } = given as Attributes;
      const quoted = Buffer.from(`"${password}"`, 'utf16le').toString('base64');
      await ask(programs.ldbadd, sam, `dn: ${dnOf(user)}\n${Object.entries(first).map(line).join('')}unicodePwd:: ${quoted}\n`);
      if (pwdLastSet) await change(dnOf(user), { pwdLastSet });
    },
    change: async (user, attributes) => void (await change(dnOf(user), attributes)),
    wrongTries: async (user) => {
      const found = await ask(programs.ldbsearch, [...sam, `(sAMAccountName=${user})`, 'badPwdCount'], '');
      const count = /^badPwdCount: (\d+)$/m.exec(found)?.[1];
      if (count === undefined) throw new Error(`Expected the badPwdCount of ${user}; the directory answered: ${found}`);
      return Number(count);
    },
    logon,
    ntlm,
    kdcSocket: join(folder, 'kdc.sock'),
    exportKeytab: async (principal, path) =>
      void (await ask(programs.python, [programs.sambaTool, 'domain', 'exportkeytab', path, `--principal=${principal}`, configuration], '')),
    stop,
  };
}

const dnOf = (user: string): string => `CN=${user},CN=Users,${base}`;
const line = ([name, value]: [string, string | null]): string => (value === null ? '' : `${name}: ${value}\n`);
const replacing = ([name, value]: [string, string | null]): string => `replace: ${name}\n${line([name, value])}`;
const bareName = (typed: string): string => typed.split('\\').at(-1)?.split('@')[0] ?? typed;

interface Controller {
  readonly pid: number;
  /** Waits until the question is answered with yes. */
  ready(question: () => Promise<boolean>): Promise<void>;
  stop(): Promise<void>;
}

function startController(folder: string, ntlm: 'allowed' | 'disabled'): Controller {
  const args = [
    '--net',
    '--mount',
    programs.python,
    join(__dirname, 'domain-controller.py'),
    folder,
    realm,
    domain,
    ntlm === 'disabled' ? 'disabled' : 'ntlmv2-only',
  ];
  const child = spawn(programs.unshare, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env: environment() });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said = (said + chunk.toString('utf8')).slice(-4_000)));
  child.stdin.on('error', () => undefined);
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  const killNow = (): void => kill(child);
  process.once('exit', killNow);
  return {
    pid: child.pid ?? 0,
    ready: async (question) => {
      const until = performance.now() + startTimeoutMs;
      while (performance.now() < until && child.exitCode === null && child.signalCode === null) {
        if (/daemon 'samba'|version .* started/.test(said) && (await question().catch(() => false))) return;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`The domain controller did not come up within ${startTimeoutMs / 1000} s: ${said || 'it printed nothing'}`);
    },
    stop: async () => {
      child.stdin.end();
      const late = setTimeout(killNow, 3_000);
      await ended;
      clearTimeout(late);
      killNow(); // what it started and left
      process.off('exit', killNow);
    },
  };
}

function kill({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // gone already
  }
}

const environment = (): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LANG: 'C.UTF-8' });

/** Runs a program to its end, with that input and no terminal (ntlm_auth asks one for the password); all it printed, whatever its exit code. */
function answerOf(program: string, args: readonly string[], input: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'], env: environment(), timeout: 20_000 });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
    child.once('error', reject).once('close', (code) => {
      // ntlm_auth ends with 1 where it says no.
      if (code !== 0 && !said.includes('NT_STATUS_')) reject(new Error(`${program} ${args.join(' ')} ended with ${code}: ${said}`));
      else resolve(said);
    });
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
  });
}
