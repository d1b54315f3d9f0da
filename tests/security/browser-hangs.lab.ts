/** A browser that starts and never speaks (one that stops later: probes/browser/browser-pool.lab.ts, probes/browser/in-browser.lab.ts): the run ends in bounded time, says so, and leaves no process and no folder. */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Lab, startLab } from '../../lab/start-lab';
import { canFindProcesses } from '../../probes/testing/foreign/browser-processes';
import { runCli } from '../../cli/testing/run-cli';

test.skip(!canFindProcesses, 'needs /proc and signals');
test.setTimeout(240_000);
const full = process.env.SECURITY_FULL === '1';

let lab: Lab;
let folder: string;
let temporary: string;
test.beforeAll(async () => {
  [lab, folder] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-hangs-'))]);
  temporary = join(folder, 'temp');
  mkdirSync(temporary);
});
test.afterAll(async () => {
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});

const note = (attempts: number, leaks: number): void =>
  void test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a fault leaves processes, files or half a report' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );
const env = () => ({ TMPDIR: temporary, TMP: temporary, TEMP: temporary, SIGNIN_PROBE_STATE: join(folder, 'state') });
/** Processes with our temporary folder among their arguments. */
const processes = (): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`${temporary}/`));
const left = async (): Promise<string[]> => [...(await readdir(temporary)).filter((name) => !name.startsWith('v8-compile-cache')), ...processes()];

test('a browser that takes the start and never speaks ends the run in bounded time', async () => {
  test.skip(!full, 'waits for the bound of a start (20 s): with SECURITY_FULL=1');
  const mute = join(folder, 'mute-browser');
  await writeFile(mute, '#!/bin/sh\nexec sleep 600 # never a word on the pipe\n');
  await chmod(mute, 0o755);
  const begun = performance.now();
  const { exitCode, stderr } = await runCli(['run', '--config', lab.config, '--out', join(folder, 'mute'), '--route', 'ifd', '--browser', mute], {
    env: env(),
  });
  expect(exitCode, stderr).toBe(3);
  expect(stderr).toMatch(/browser .*does not start: .*(Timeout|timed out)/i);
  expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  expect(performance.now() - begun).toBeLessThan(120_000);
  const rest = await left();
  note(1, rest.length);
  expect(rest).toEqual([]);
});
