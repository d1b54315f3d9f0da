/** What goes wrong around a run, and what is left of it: one clear message, nothing half-written, no process, no file. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { reportSchema } from '../../contracts/report';
import { type Lab, startLab } from '../../lab/start-lab';
import { canFindProcesses } from '../../probes/testing/foreign/browser-processes';
import { runCli } from '../../cli/testing/run-cli';

test.setTimeout(240_000);
const root = join(__dirname, '..', '..');
const full = process.env.SECURITY_FULL === '1';

let lab: Lab;
let folder: string;
let temporary: string;
let env: NodeJS.ProcessEnv;
test.beforeAll(async () => {
  [lab, folder] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-test-'))]);
  temporary = join(folder, 'temp');
  mkdirSync(temporary);
  env = { TMPDIR: temporary, TMP: temporary, TEMP: temporary, SIGNIN_PROBE_STATE: join(folder, 'state') };
});
test.afterAll(async () => {
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});
/** A run that was cut short behind the password leaves its account parked, rightly; here a person looks and releases it. */
const release = (): Promise<unknown> => runCli(['account', 'release', 'CONTOSO\\probe'], { env });

test.afterEach(() => Promise.all([lab.setFaults([]), release()]));

const note = (attempts: number, leaks: number): void => {
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a fault leaves processes, files or half a report' },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );
};

/** Browsers whose profile is in our temporary folder. */
const browsers = (): string[] =>
  execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line.includes(`${temporary}/`) && /chrom|headless/i.test(line));

const until = async (holds: () => boolean): Promise<void> => {
  for (let tries = 0; tries < 100 && !holds(); tries++) await new Promise((resolve) => setTimeout(resolve, 100));
};

/** What is in our temporary folder, but for the compile cache of the tools that run sources in a checkout. */
const leftOvers = async (): Promise<string[]> => (await readdir(temporary)).filter((name) => !name.startsWith('v8-compile-cache'));

/** The steps a run tells of, at each of which it or its browser is killed. */
const steps = ['opening', 'credentials submitted', 'token posted', 'Signed in'] as const;

test('a run that is killed at any step leaves no browser, no lock that needs a hand and no secret file; the next run cleans up', async () => {
  test.skip(!canFindProcesses, 'needs /proc and signals');
  const out = join(folder, 'killed');
  const wanted = full ? steps : steps.slice(1, 3);
  for (const step of wanted) {
    const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), 'run', '--config', lab.config, '--out', out, '--route', 'ifd'], {
      env: { ...process.env, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const ended = once(child, 'exit');
    child.stderr.on('data', (data: Buffer) => data.toString().includes(step) && child.kill('SIGKILL'));
    await ended;
    expect(child.signalCode, step).toBe('SIGKILL');
    await until(() => browsers().length === 0);
    expect(browsers(), step).toEqual([]);
    await release();
  }
  const startedAt = performance.now();
  const { exitCode, stderr } = await runCli(['run', '--config', lab.config, '--out', out, '--route', 'ifd'], { env });
  expect(exitCode, stderr).toBe(0);
  expect(stderr).not.toContain('waiting for another run');
  expect(performance.now() - startedAt).toBeLessThan(100_000);
  expect(await leftOvers()).toEqual([]);
  expect((await readdir(out)).filter((name) => name.startsWith('.'))).toEqual([]);
  note(wanted.length, 0);
});

test('a browser that is killed at any step is one clear message, exit 3 or the verdict known by then, a whole report, and nothing left', async () => {
  test.skip(!canFindProcesses, 'needs /proc and signals');
  const out = join(folder, 'browser-killed');
  const wanted = full ? steps.slice(0, 3) : steps.slice(1, 2);
  for (const step of wanted) {
    let killed = 0;
    const { exitCode, stdout, stderr } = await runCli(['run', '--config', lab.config, '--out', out, '--route', 'ifd', '--json'], {
      env,
      onStderr: (text) => {
        if (!text.includes(step)) return;
        for (const line of browsers()) {
          try {
            process.kill(Number(line.trim().split(' ')[0]), 'SIGKILL');
            killed += 1;
          } catch {
            // a child of one that is dead already
          }
        }
      },
    });
    expect(killed, step).toBeGreaterThan(0);
    expect(exitCode, stderr).toBe(3);
    const [result] = reportSchema.parse(JSON.parse(stdout)).results;
    expect(result, step).toMatchObject({ verdict: 'unknown', signedIn: 'unknown' });
    expect(result?.why).toMatch(/browser was closed or killed|page crashed/);
    expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
    expect(browsers()).toEqual([]);
    expect(await leftOvers(), step).toEqual([]);
    await release();
  }
  note(wanted.length, 0);
});

test('a full disk is one clear message and exit 3, with nothing half-written', async () => {
  const full = join(folder, 'full');
  mkdirSync(full);
  const mounted = process.platform === 'linux' && process.getuid?.() === 0 && spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full]).status === 0;
  test.skip(!mounted, 'only root can make a small disk');
  try {
    const { exitCode, stdout, stderr } = await runCli(['run', '--config', lab.config, '--out', full, '--route', 'ifd'], { env });
    expect(exitCode, stderr).toBe(3);
    expect(stdout).toBe('');
    expect(stderr.trim().split('\n').at(-1)).toMatch(/could not be written to .*: the disk is full \(ENOSPC\)\. Nothing of it was kept/);
    expect(stderr).not.toMatch(/fault of the probe|^\s+at .+:\d+:\d+/m);
    expect(await readdir(full)).toEqual([]);
    expect(await leftOvers()).toEqual([]);
  } finally {
    spawnSync('umount', [full]);
  }
  note(1, 0);
});

test('a temporary folder that cannot be used is one clear message and exit 3', async () => {
  await writeFile(join(folder, 'no-folder'), '');
  const gone = join(folder, 'no-folder', 'temp');
  const { exitCode, stderr } = await runCli(['run', '--config', lab.config, '--out', join(folder, 'x'), '--route', 'ifd'], {
    env: { ...env, TMPDIR: gone, TMP: gone, TEMP: gone },
  });
  expect(exitCode).toBe(3);
  expect(stderr).toMatch(/temporary folder cannot be written/);
  expect(stderr).not.toMatch(/fault of the probe|^\s+at .+:\d+:\d+/m);
  note(1, 0);
});

test('a state folder that cannot be written is one clear message and exit 3, before anybody signs in', async () => {
  const before = lab.adfs.counters.passwordSubmissions;
  const file = join(folder, 'a-file');
  await writeFile(file, '');
  if (process.platform !== 'win32') chmodSync(file, 0o600);
  const { exitCode, stderr } = await runCli(['run', '--config', lab.config, '--out', join(folder, 'y')], {
    env: { ...env, SIGNIN_PROBE_STATE: join(file, 'state') },
  });
  expect(exitCode).toBe(3);
  expect(stderr.trim().split('\n').at(-1)).toMatch(/The state folder .* cannot be written/);
  expect(lab.adfs.counters.passwordSubmissions).toBe(before);
  note(1, 0);
});

test('a clock that jumps in the middle of a run changes no verdict and no duration', async () => {
  const preload = join(folder, 'jump.js');
  // One hour ahead after three seconds, a day back after four: as a virtual machine that is resumed, and a bad time server.
  await writeFile(
    preload,
    `const now = Date.now; const begun = process.uptime(); Date.now = () => { const s = process.uptime() - begun; return now() + (s > 4 ? ` +
      `-86400000 : s > 3 ? 3600000 : 0); };`,
  );
  const { exitCode, stdout, stderr } = await runCli(['run', '--config', lab.config, '--out', join(folder, 'z'), '--json'], {
    env: { ...env, NODE_OPTIONS: `--require ${JSON.stringify(preload)}` },
  });
  const report = reportSchema.parse(JSON.parse(stdout));
  expect(
    report.results.map(({ signedIn }) => signedIn),
    stderr,
  ).toEqual(['yes', 'yes']);
  for (const { timings } of report.results) {
    expect(timings.totalMs).toBeGreaterThan(0);
    expect(timings.totalMs).toBeLessThan(60_000);
  }
  expect([0, 1]).toContain(exitCode);
  note(1, 0);
});

test('names that come and go give one run a failure at dns, and the next one a sign-in', async () => {
  const outcomes: (string | null | undefined)[] = [];
  for (const faulty of [true, false, true]) {
    await lab.setFaults(faulty ? ['dns-missing-or-wrong-target'] : []);
    const { exitCode, stdout, stderr } = await runCli(['run', '--config', lab.config, '--out', join(folder, 'dns'), '--route', 'ifd', '--json'], { env });
    const [result] = reportSchema.parse(JSON.parse(stdout)).results;
    outcomes.push(`${exitCode} ${result?.failedAt ?? 'none'}`);
    expect(stderr).not.toMatch(/^\s+at .+:\d+:\d+/m);
  }
  expect(outcomes).toEqual(['2 dns', '0 none', '2 dns']);
  note(3, 0);
});

test('what is kept for all processes holds no password after all of this', async () => {
  for (const entry of await readdir(join(folder, 'state'), { recursive: true, withFileTypes: true }))
    if (entry.isFile()) expect(await readFile(join(entry.parentPath, entry.name), 'utf8')).not.toContain(lab.credentials.password);
});
