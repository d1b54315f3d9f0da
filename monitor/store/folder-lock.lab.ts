import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
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
  await lock.release();
  await (await lockFolder(folder)).release();
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

test('a process number that went to another process since does not keep the folder', async () => {
  test.skip(process.platform !== 'linux', 'the start time of a process is read on Linux only');
  await writeFile(join(folder, 'lock.json'), JSON.stringify({ id: 'x', pid: process.pid, began: 'long ago', host: (await import('node:os')).hostname() }));
  const lock = await lockFolder(folder);
  expect(await readFile(join(folder, 'lock.json'), 'utf8')).toContain(`"pid":${process.pid}`);
  await lock.release();
});
