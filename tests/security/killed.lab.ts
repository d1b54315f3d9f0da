/** The probe killed at once in the middle of a sign-in (kill -9), as a program of its own: what is left on disk, in process lists and environments. */
import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { scanFolders } from '../../runs/testing/independent-scanner';
import { tellingWorld } from './testing/run-abroad';

const root = join(__dirname, '..', '..');
const password = { kind: 'password', value: 'Grüße & "57%" <b>+\\x\'' };

/** Command lines and environments of the process and all below it, as the system shows them (Linux). */
function processTexts(pid: number): Record<string, string> {
  const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const read = (name: string, file: string): string => {
    try {
      return readFileSync(`/proc/${name}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  const parent = (name: string): string => /\) . (\d+)/.exec(read(name, 'stat'))?.[1] ?? '';
  const below = (of: string): string[] => all.filter((name) => parent(name) === of).flatMap((name) => [name, ...below(name)]);
  const children = below(String(pid));
  return {
    'command line of the probe': `${read(String(pid), 'cmdline')} ${read(String(pid), 'comm')}`,
    ...Object.fromEntries(
      children.flatMap((name) => [
        [`command line of ${name}`, read(name, 'cmdline')],
        [`environment of ${name}`, read(name, 'environ')],
      ]),
    ),
  };
}

const isRunning = (pid: number): boolean => readdirSync('/proc').includes(String(pid));

test('a probe killed while the token is on its way leaves no secret behind, and no process holds one but the probe', async () => {
  test.skip(process.platform !== 'linux', 'reads /proc');
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-killed-'));
  const world = await tellingWorld('probe killed', password, 2);
  try {
    const [out, temporary] = [join(folder, 'out'), join(folder, 'tmp')];
    await Promise.all([mkdir(out), mkdir(temporary)]);
    const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), 'run', '--config', world.configFile, '--out', out, '--trace', '--verbose'], {
      cwd: root,
      env: { ...process.env, [world.variable]: password.value, TMPDIR: temporary, XDG_STATE_HOME: join(folder, 'state'), HOME: join(folder, 'home') },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let printed = '';
    child.stdout.on('data', (data: Buffer) => (printed += data.toString()));
    child.stderr.on('data', (data: Buffer) => (printed += data.toString()));
    let processes: Record<string, string> = {};
    const killed = new Promise<void>((resolve) => {
      world.onToken = () => {
        processes = processTexts(child.pid ?? 0);
        child.kill('SIGKILL');
        resolve();
      };
    });
    const ended = new Promise<void>((resolve) => child.on('close', () => resolve()));
    await Promise.race([killed, ended]);
    await ended;
    expect(Object.keys(processes).length, printed).toBeGreaterThan(3);
    const children = Object.keys(processes)
      .flatMap((name) => /environment of (\d+)/.exec(name)?.[1] ?? [])
      .map(Number);
    await expect.poll(() => children.filter(isRunning), { timeout: 15_000, message: 'browser processes left behind' }).toEqual([]);
    const count = scanFolders([folder], world.planted(), { ...processes, 'what the probe printed': printed });
    expect((await readdir(out)).every((name) => name.startsWith('.unfinished'))).toBe(true);
    test
      .info()
      .annotations.push(
        { type: 'threat', description: 'secrets left by a probe that was killed (kill -9): files, temporary files, command lines, environments' },
        { type: 'attempts', description: String(count.secrets * count.encodings) },
        { type: 'leaks', description: String(count.found.length) },
      );
    console.log(
      `killed: ${count.files} files and outputs, ${count.layers} layers, ${count.secrets} secrets × ${count.encodings} encodings: ${count.found.length} found`,
    );
    expect(count.found).toEqual([]);
  } finally {
    await world.close();
    await rm(folder, { recursive: true, force: true });
  }
});
