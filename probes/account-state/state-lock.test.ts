import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { takeLock } from './state-lock';
import { visitSts } from './sts-visits';

const brief = { giveUpAfterMs: 5_000 };

/** A process that takes the lock, says so, and then waits until it is killed. */
function holder(path: string): Promise<{ kill: () => Promise<void> }> {
  const script = `import { takeLock } from ${JSON.stringify(join(__dirname, 'state-lock'))}; takeLock(${JSON.stringify(path)}, { giveUpAfterMs: 1000 }).then((held) => { console.log(held ? 'held' : 'not held'); setInterval(() => undefined, 1000); });`;
  const child = spawn(process.execPath, ['-r', 'ts-node/register', '-e', script.replace(/^import (.*) from (.*?);/, 'const $1 = require($2);')], {
    cwd: join(__dirname, '..', '..'),
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return new Promise((resolve, reject) => {
    child.once('exit', () => reject(new Error('the holder ended')));
    child.stdout.once('data', (data: Buffer) =>
      data.toString().trim() === 'held' ? resolve({ kill: () => (child.kill('SIGKILL'), ended) }) : reject(new Error(data.toString())),
    );
  });
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

test('sign-ins at an STS begin no faster than its limit, whoever asks', async ({}, info) => {
  const begun: number[] = [];
  const waits: number[] = [];
  const limit = { visits: 3, perSeconds: 0.6 };
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      await visitSts(info.outputPath('state'), 'https://sts.contoso.com', limit, { onWait: (ms) => waits.push(ms) });
      begun.push(Date.now());
    }),
  );
  const noted = JSON.parse(
    readFileSync(
      join(info.outputPath('state', 'visits'), readdirSync(info.outputPath('state', 'visits')).find((name) => name.endsWith('.json')) ?? ''),
      'utf8',
    ),
  ) as number[];
  expect(noted.length).toBeLessThanOrEqual(3);
  expect(begun).toHaveLength(7);
  expect((begun[6] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(1_190);
  expect(waits.length).toBeGreaterThanOrEqual(4);
  // Another STS has a count of its own.
  const startedAt = performance.now();
  await visitSts(info.outputPath('state'), 'https://sts.fabrikam.com', limit, { onWait: () => waits.push(0) });
  expect(performance.now() - startedAt).toBeLessThan(300);
});

test('a clock that is set back neither opens the limit nor makes anybody wait longer than one interval', async ({}, info) => {
  const state = info.outputPath('state');
  const limit = { visits: 2, perSeconds: 0.3 };
  const visit = (): Promise<void> => visitSts(state, 'https://sts.contoso.com', limit, { onWait: () => undefined });
  await visit();
  const file = join(state, 'visits', readdirSync(join(state, 'visits')).find((name) => name.endsWith('.json')) ?? '');
  writeFileSync(file, JSON.stringify([Date.now() + 3_600_000, Date.now() + 3_600_000]));
  const startedAt = performance.now();
  await visit();
  expect(performance.now() - startedAt).toBeGreaterThan(250);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
