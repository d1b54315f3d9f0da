/**
 * A browser that never speaks, or stops speaking in the middle of a sign-in (at the password's POST: killed-at-the-post.lab.ts):
 * the run ends in bounded time, says so, and leaves no process and no folder.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { reportSchema } from '../../contracts/report';
import { loadTargets } from '../../config/targets';
import { type Lab, startLab } from '../../lab/start-lab';
import { ParkedAccounts } from '../../probes/account-state/parked-accounts';
import { findBrowser } from '../../probes/browser/browser';
import { freshBrowsers } from '../../probes/browser/browser-pool';
import { createRedactor } from '../../probes/redaction/redact';
import { canFindProcesses, stillThere, stopBrowser } from '../../probes/testing/foreign/browser-processes';
import { type RunOptions, runTargets } from '../../runs/run-targets';
import { createLog } from '../../system/log';
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

/** Takes the run to be at a moment outside the journey of its first sign-in, and stops that browser then. */
type StopAt = (stop: () => void) => Pick<RunOptions, 'browsers' | 'log'>;
const outside: Readonly<Record<string, StopAt>> = {
  'opens its context': (stop) => ({
    log: quietLog(() => undefined),
    browsers: {
      lend: async (...wishes) => {
        const lent = await freshBrowsers.lend(...wishes);
        stop();
        return lent;
      },
    },
  }),
  'signs out': (stop) => ({ log: quietLog((text) => text.includes('Signed in as') && stop()) }),
};
function quietLog(heard: (text: string) => void): RunOptions['log'] {
  const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
  log.info = ((text: string) => (heard(text), log)) as typeof log.info;
  return log;
}

for (const [when, stopAt] of Object.entries(outside))
  test(`a browser that is stopped when it ${when} makes that sign-in unknown, soon, and the other route's result is kept`, async () => {
    const search = await findBrowser({ configured: null });
    const loaded = loadTargets(lab.config);
    if (!search.ok || !loaded.ok) throw new Error('no browser, or no configuration');
    let ids: readonly number[] = [];
    let stoppedAt = 0;
    const stop = (): void => {
      if (ids.length === 0) [ids, stoppedAt] = [stopBrowser('everything'), performance.now()];
    };
    const state = join(folder, `state ${when}`);
    const { report } = await runTargets({
      targets: loaded.targets,
      browser: search.choice,
      redactor: createRedactor(),
      outFolder: join(folder, `out ${when}`),
      label: null,
      interactive: false,
      stateFolder: state,
      ...stopAt(stop),
    });
    expect(ids.length).toBeGreaterThan(0);
    expect(performance.now() - stoppedAt, 'long before any deadline').toBeLessThan(55_000);
    const rest = stillThere(ids);
    note(1, rest.length);
    expect(rest).toEqual([]);
    // Forms first: the browser of `ifd` is the one that was stopped.
    expect(report.results.map(({ route, verdict, signedIn }) => [route, verdict, signedIn])).toEqual([
      ['internal', 'healthy', 'yes'],
      ['ifd', 'unknown', 'unknown'],
    ]);
    expect(report.results[1]?.why).toMatch(/^The probe could not go on .*: the browser no longer answers\. Try again; .* look at the load and memory/);
    expect(report.results[1]?.why.includes('Signed in as'), 'what was seen before').toBe(when === 'signs out');
    expect(report.results[1]?.causes).toEqual([]);
    expect(ParkedAccounts.in(state).list()).toEqual([]);
  });

const deadlineSeconds = 6;
/** Looking what hangs, closing, diagnosing and writing the report. */
const afterDeadlineMs = 30_000;
const moments = {
  'before the password is typed': { at: 'opening', submissions: 0 },
  'after the token has left': { at: 'token posted', submissions: 1 },
} as const;
const whole = ['everything', 'browser', 'renderers'] as const;

for (const [when, { at, submissions }] of Object.entries(moments))
  for (const what of full ? whole : whole.slice(0, at === 'token posted' ? 0 : 1))
    test(`a sign-in whose browser is stopped ${when} (${what}) ends soon after its deadline with a whole report, and leaves nothing running`, async () => {
      const config = join(lab.folder, 'short.yaml');
      await writeFile(config, (await readFile(lab.config, 'utf8')).replaceAll('    sts:', `    deadlineSeconds: ${deadlineSeconds}\n    sts:`));
      const state = join(folder, `state ${at} ${what}`);
      const before = lab.adfs.counters.passwordSubmissions;
      let ids: readonly number[] = [];
      let stoppedAt = 0;
      const asked = ['run', '--config', config, '--out', join(folder, `${at} ${what}`), '--route', 'ifd', '--json'];
      const { exitCode, stdout, stderr } = await runCli(asked, {
        env: { ...env(), SIGNIN_PROBE_STATE: state },
        onStderr: (text) => {
          if (text.includes(at) && ids.length === 0) [ids, stoppedAt] = [stopBrowser(what), performance.now()];
        },
      });
      expect(ids.length, `processes stopped: ${stderr}`).toBeGreaterThan(0);
      expect(performance.now() - stoppedAt).toBeLessThan(deadlineSeconds * 1000 + afterDeadlineMs);
      const rest = [...(await left()), ...stillThere(ids).map((pid) => `process ${pid}`)];
      note(1, rest.length);
      expect(rest).toEqual([]);
      expect([exitCode, stdout !== ''], stderr).toEqual([3, true]);
      const [result] = reportSchema.parse(JSON.parse(stdout)).results;
      expect(result).toMatchObject({ verdict: 'unknown', signedIn: 'unknown' });
      expect(result?.why).toMatch(
        /^The probe could not go on.*(a process of the browser was stopped|the browser no longer answers)\..* look at the load and memory/,
      );
      expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
      expect(lab.adfs.counters.passwordSubmissions - before, 'submissions').toBe(submissions);
      const listed = await runCli(['account', 'list', '--json'], { env: { SIGNIN_PROBE_STATE: state } });
      expect(JSON.parse(listed.stdout), 'parked accounts').toEqual([]);
    });
