/** The Kerberos and Apache programs of Debian's packages, and how they are run: in the foreground, as children of the test. */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';

export const programs = {
  krb5kdc: '/usr/sbin/krb5kdc',
  kdb5Util: '/usr/sbin/kdb5_util',
  kadminLocal: '/usr/sbin/kadmin.local',
  kinit: '/usr/bin/kinit',
  klist: '/usr/bin/klist',
  apache: '/usr/sbin/apache2',
  modules: '/usr/lib/apache2/modules',
  negotiateModule: '/usr/lib/apache2/modules/mod_auth_gssapi.so',
} as const;

const packages = ['krb5-kdc', 'krb5-admin-server', 'krb5-user', 'apache2-bin', 'libapache2-mod-auth-gssapi'] as const;

/** Why the Kerberos tests cannot run here, or null. */
export function missingPrograms(): string | null {
  const missing = Object.values(programs).filter((path) => !existsSync(path));
  return missing.length === 0 ? null : `no ${missing.join(', ')}; on Debian: apt-get install --no-install-recommends ${packages.join(' ')}`;
}

/** An account without rights for Apache, which refuses to serve as root; null when the test is not root itself. */
export function serviceAccount(): { readonly uid: number; readonly gid: number } | null {
  if (process.getuid?.() !== 0) return null;
  const [, , uid, gid] =
    readFileSync('/etc/passwd', 'utf8')
      .split('\n')
      .map((line) => line.split(':'))
      .find(([name]) => name === 'www-data') ?? [];
  if (!uid || !gid) throw new Error('Expected the account www-data in /etc/passwd (every Debian has it); found none. Run the test as an ordinary user.');
  return { uid: Number(uid), gid: Number(gid) };
}

type Environment = Readonly<Record<string, string>>;
const environment = (more: Environment): NodeJS.ProcessEnv => ({ PATH: process.env.PATH, LANG: 'C', ...more });

/** Runs a program to its end; its output. Throws with what it printed when it fails. */
export function run(program: string, args: readonly string[], env: Environment): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program, args, { env: environment(env), timeout: 15_000 }, (error, out, err) => {
      if (error) reject(new Error(`${program} ${args.join(' ')} failed: ${err || out || error.message}`));
      else resolve(out + err);
    });
  });
}

export interface Server {
  stop(): Promise<void>;
}

/** Starts a server in the foreground and waits until its port answers. Throws with what it printed when it ends before. */
export async function startServer(
  program: string,
  args: readonly string[],
  { env, port, account = null }: { readonly env: Environment; readonly port: number; readonly account?: ReturnType<typeof serviceAccount> },
): Promise<Server> {
  const child = spawn(program, args, { env: environment(env), stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...account });
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (said += chunk.toString('utf8')));
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()).once('error', () => resolve()));
  // A test that ends early must not leave its servers behind, nor their children: each has a process group of its own.
  const killNow = (): void => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
    } catch {
      // gone already
    }
  };
  process.once('exit', killNow);
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    const late = setTimeout(killNow, 3_000);
    await ended;
    clearTimeout(late);
    process.off('exit', killNow);
  };
  if (await answers(port, child)) return { stop };
  await stop();
  throw new Error(`${program} does not answer on 127.0.0.1:${port}: ${said || 'it printed nothing'}`);
}

const startTimeoutMs = 10_000;

async function answers(port: number, child: ChildProcess): Promise<boolean> {
  const until = performance.now() + startTimeoutMs;
  while (performance.now() < until && child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
    const open = await new Promise<boolean>((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
      socket.once('close', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (open) return true;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  return false;
}
