import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { lockFolder } from './folder-lock';

let folder = '';
test.beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-lock-'));
});
test.afterEach(() => rm(folder, { recursive: true, force: true }));

test('a folder that is in use stays with its holder, and is free once released', async () => {
  const lock = await lockFolder(folder);
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${process.pid}`);
  lock.release();
  (await lockFolder(folder)).release();
});

test('what a killed process left behind is taken over, by one of several who try', async () => {
  const child = spawn(
    process.execPath,
    [
      '-r',
      'ts-node/register',
      '-e',
      `require('./monitor/store/folder-lock').lockFolder(process.argv[1]).then(() => { console.log('held'); setInterval(() => 0, 1000); })`,
      folder,
    ],
    { cwd: join(__dirname, '..', '..'), stdio: ['ignore', 'pipe', 'inherit'] },
  );
  await new Promise((resolve) => child.stdout.once('data', resolve));
  await expect(lockFolder(folder)).rejects.toThrow(`in use by process ${child.pid}`);
  child.kill('SIGKILL');
  await new Promise((resolve) => child.once('exit', resolve));
  const tries = await Promise.allSettled([1, 2, 3, 4].map(() => lockFolder(folder)));
  expect(tries.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
});

test('a folder that a process of another container or machine has open stays with it, under a clock that goes wrong too', async () => {
  const path = join(folder, 'lock.json');
  const lock = await lockFolder(folder);
  const written = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
  lock.release();
  await writeFile(path, JSON.stringify({ ...written, namespace: 'pid:[1]', pid: 2 ** 22 + 1 }));
  const timer = setInterval(() => void utimes(path, Date.now() / 1000 - 3600, Date.now() / 1000 - 3600), 200);
  await expect(lockFolder(folder)).rejects.toThrow('in use by process 4194305');
  clearInterval(timer);
});

test('a folder that cannot be written is named', async () => {
  await expect(lockFolder(join(folder, 'not there'))).rejects.toThrow('cannot be written (ENOENT)');
});
