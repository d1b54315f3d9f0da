import { execFile, spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface TestPostgres {
  readonly url: string;
  /** Stops at once, as in a crash, and starts again. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Why there is no Postgres server to test with on this machine; null = there is one. */
export function noPostgres(): string | null {
  if (process.platform === 'win32') return 'the test starts a Postgres server on Linux and macOS only';
  if (!binaries()) return 'no Postgres server is installed (initdb was not found)';
  return process.getuid?.() === 0 && !existsSync('/usr/sbin/runuser') && !existsSync('/sbin/runuser')
    ? 'Postgres does not run as root, and runuser is missing'
    : null;
}

/** A Postgres server of its own, on loopback, in a temporary folder. */
export async function startPostgres(): Promise<TestPostgres> {
  const bin = binaries();
  if (!bin) throw new Error('no Postgres server is installed');
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-postgres-'));
  const asRoot = process.getuid?.() === 0;
  // The server refuses to run as root.
  const as = (command: string, args: readonly string[]): [string, string[]] =>
    asRoot ? ['runuser', ['-u', 'postgres', '--', join(bin, command), ...args]] : [join(bin, command), [...args]];
  if (asRoot) {
    await chmod(folder, 0o755);
    await run('chown', ['postgres', folder]);
  }
  const data = join(folder, 'data');
  await run(...as('initdb', ['-D', data, '-U', 'probe', '--auth=trust', '--encoding=UTF8', '--no-locale', '--no-sync']), { cwd: folder });
  const port = await freePort();
  const start = async (): Promise<void> => {
    const [command, args] = as('pg_ctl', [
      '-D',
      data,
      '-w',
      '-t',
      '30',
      '-l',
      join(folder, 'log'),
      '-o',
      `-p ${port} -h 127.0.0.1 -k "" -F -c max_connections=200`,
      'start',
    ]);
    await ended(command, args, folder);
  };
  const stop = async (): Promise<void> => ended(...as('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']), folder).catch(() => undefined);
  await start();
  return {
    url: `postgres://probe@127.0.0.1:${port}/postgres`,
    restart: async () => {
      await stop();
      await pause(500);
      await start();
    },
    stop: async () => {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Without pipes: the server would keep them open. */
function ended(command: string, args: readonly string[], cwd: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', (code) => (code === 0 ? resolve() : reject(new Error(`${command} ended with ${code}`))));
  });
}

function binaries(): string | null {
  const debian = '/usr/lib/postgresql';
  const versions = existsSync(debian) ? readdirSync(debian).sort((a, b) => Number(b) - Number(a)) : [];
  const places = [...versions.map((version) => join(debian, version, 'bin')), ...(process.env.PATH ?? '').split(delimiter)];
  return places.find((place) => existsSync(join(place, 'initdb'))) ?? null;
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => (typeof address === 'object' && address ? resolve(address.port) : reject(new Error('no free port'))));
    });
  });
}
