import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type LockHolder, takeLock } from './lock';

const brief = { giveUpAfterMs: 5_000 };

/** A process that takes the lock, says so, and then waits until it is killed. */
function holder(path: string): Promise<{ pid: number; kill: () => Promise<void> }> {
  const script =
    `import { takeLock } from ${JSON.stringify(join(__dirname, 'lock'))}; takeLock(${JSON.stringify(path)}, { giveUpAfterMs: ` +
    `1000 }).then((held) => { console.log(held ? 'held' : 'not held'); setInterval(() => undefined, 1000); });`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script.replace(/^import (.*) from (.*?);/, 'const $1 = require($2);')], {
    cwd: join(__dirname, '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the holder ended')));
    child.stdout.once('data', (data: Buffer) =>
      data.toString().trim() === 'held' ? resolve({ pid: child.pid!, kill: () => (child.kill('SIGKILL'), ended) }) : reject(new Error(data.toString())),
    );
  });
}

/** What a lock taken here says of its holder, changed. */
async function leave(path: string, change: Partial<LockHolder>): Promise<void> {
  const held = await takeLock(path, brief);
  const written = JSON.parse(readFileSync(path, 'utf8')) as LockHolder;
  held?.release();
  writeFileSync(path, JSON.stringify({ ...written, token: 'of another', ...change }));
}

/** The life sign of a lock whose holder is elsewhere, with times of a clock that goes wrong. */
function beating(path: string, aheadMs: number): { stop: () => void } {
  const timer = setInterval(() => utimesSync(path, new Date(Date.now() + aheadMs), new Date(Date.now() + aheadMs)), 50);
  return { stop: () => clearInterval(timer) };
}

test('a lock is held by one at a time, and the next one gets it when it is released', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('a.lock');
  let inside = 0;
  let most = 0;
  const waits: (string | undefined)[] = [];
  await Promise.all(
    Array.from({ length: 8 }, async () => {
      const held = await takeLock(path, { ...brief, onWait: (by) => waits.push(by?.since) });
      expect(held).not.toBeNull();
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
      held?.release();
    }),
  );
  expect(most).toBe(1);
  expect(waits.length).toBe(7);
  expect(readdirSync(info.outputPath())).toEqual([]);
});

test('the lock of a process that was killed is taken over at once, by one only, and nothing of it is left', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('killed.lock');
  const other = await holder(path);
  expect(await takeLock(path, { giveUpAfterMs: 300 }), 'held by a living process').toBeNull();
  await other.kill();
  expect(existsSync(path)).toBe(true);
  const startedAt = performance.now();
  const [first, second] = await Promise.all([takeLock(path, { giveUpAfterMs: 1_000 }), takeLock(path, { giveUpAfterMs: 1_000 })]);
  expect([first, second].filter(Boolean)).toHaveLength(1);
  (first ?? second)?.release();
  expect(performance.now() - startedAt).toBeLessThan(5_000);
  expect(readdirSync(info.outputPath())).toEqual([]);
});

test('the lock of another machine, or of nobody that can be read, is taken over when its file shows no life; one that lives is kept', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  for (const content of [JSON.stringify({ pid: process.pid, machine: 'elsewhere', since: '2026-11-23T08:00:00.000Z', token: 'x' }), '']) {
    const path = info.outputPath('foreign.lock');
    writeFileSync(path, content);
    const held = await takeLock(path, { giveUpAfterMs: 5_000, lifeSignMs: 400 });
    expect(held).not.toBeNull();
    // Ours beats every two seconds: a waiter that sees it beat does not take it away.
    expect(await takeLock(path, { giveUpAfterMs: 5_000, lifeSignMs: 3_500 })).toBeNull();
    held?.release();
  }
});

test('a process number that went to another process since keeps no lock', async ({}, info) => {
  test.skip(process.platform !== 'linux', 'the start time of a process is read on Linux only');
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('reused.lock');
  await leave(path, { began: 'long ago' });
  const startedAt = performance.now();
  const held = await takeLock(path, brief);
  expect(held).not.toBeNull();
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  held?.release();
});

test('a process that is stopped keeps its lock, however long it shows no life', async ({}, info) => {
  test.skip(process.platform !== 'linux', 'the start time of a process is read on Linux only');
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('stopped.lock');
  const other = await holder(path);
  process.kill(other.pid, 'SIGSTOP');
  expect(await takeLock(path, { giveUpAfterMs: 1_500, lifeSignMs: 300 })).toBeNull();
  await other.kill();
});

test('a process number of another container says nothing here, and a clock that goes wrong takes no life away', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  for (const [change, aheadMs] of [
    [{ namespace: 'pid:[1]', pid: 2 ** 22 + 1 }, 0],
    [{ host: 'elsewhere' }, -3_600_000],
    [{ host: 'elsewhere' }, 3_600_000],
  ] as const) {
    const path = info.outputPath('elsewhere.lock');
    await leave(path, change);
    const life = beating(path, aheadMs);
    expect(await takeLock(path, { giveUpAfterMs: 1_200, lifeSignMs: 600 }), JSON.stringify(change)).toBeNull();
    life.stop();
    const held = await takeLock(path, { giveUpAfterMs: 3_000, lifeSignMs: 600 });
    expect(held, 'after its last life sign').not.toBeNull();
    held?.release();
  }
});

test('who does not wait for the living is told at once of one that is seen, and of another at its first life sign', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('living.lock');
  const ask = { giveUpAfterMs: 10_000, lifeSignMs: 5_000, waitForLiving: false };
  const held = await takeLock(path, ask);
  const startedAt = performance.now();
  expect(await takeLock(path, ask)).toBeNull();
  held?.release();
  await leave(path, { host: 'elsewhere' });
  const life = beating(path, 0);
  expect(await takeLock(path, ask)).toBeNull();
  life.stop();
  expect(performance.now() - startedAt).toBeLessThan(2_500);
});

test('a process that crashes leaves no lock', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('crashed.lock');
  const script = `require('./system/lock').takeLock(process.argv[1], { giveUpAfterMs: 1000 }).then(() => { throw new Error('crashed on purpose'); });`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script, path], { cwd: join(__dirname, '..'), stdio: 'ignore' });
  expect(await new Promise((resolve) => child.once('exit', resolve))).toBe(1);
  expect(existsSync(path)).toBe(false);
});

test('a lock has the rights it is given, whatever the umask', async ({}, info) => {
  test.skip(process.platform === 'win32', 'rights of POSIX');
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('rights.lock');
  for (const mode of [0o600, 0o640]) {
    const held = await takeLock(path, { ...brief, mode });
    expect(statSync(path).mode & 0o777).toBe(mode);
    held?.release();
  }
});
