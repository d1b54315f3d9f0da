/**
 * `npm run test:windows`: the unit tests and chosen lab tests (lab-tests.ts) as win32, with Node.js for Windows under Wine; then commands of the built package,
 * where there is one.
 * Skipped with a plain sentence where Wine is absent. Exit code 1 when a test failed.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, mkdirSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { nodeExe } from '../packaging/node-for-windows';
import { labTests } from './lab-tests';

const root = resolve(__dirname, '../..');
const prefix = join(homedir(), '.cache', 'signin-probe', 'wine-prefix');
const environment = { ...process.env, WINEPREFIX: prefix, WINEDEBUG: '-all', WINEDLLOVERRIDES: 'mscoree,mshtml=' };

interface Ended {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a Windows program. Its output goes to files: on a pipe of the host node.exe ends with EBADF. */
function wine(args: readonly string[], env: NodeJS.ProcessEnv = {}): Ended {
  const folder = mkdtempSync(join(tmpdir(), 'signin-probe-wine-'));
  const files = ['out.txt', 'err.txt'].map((name) => join(folder, name));
  const [out, err] = files.map((file) => openSync(file, 'w'));
  const { status } = spawnSync('wine', args, { cwd: root, env: { ...environment, ...env }, stdio: ['ignore', out, err], timeout: 1_200_000 });
  for (const file of [out, err]) if (file !== undefined) closeSync(file);
  const [stdout = '', stderr = ''] = files.map((file) => readFileSync(file, 'utf8'));
  rmSync(folder, { recursive: true, force: true });
  return { status, stdout, stderr };
}

function prepare(): string | null {
  if (process.platform !== 'linux') return 'it runs on Linux only';
  if (spawnSync('wine', ['--version']).error) return 'Wine is not installed (Debian: apt-get install --no-install-recommends wine wine64)';
  if (existsSync(join(prefix, 'system.reg'))) return null;
  mkdirSync(prefix, { recursive: true });
  if (spawnSync('wineboot', ['-i'], { env: environment, stdio: 'ignore', timeout: 300_000 }).status !== 0) return 'Wine could not make its folder';
  return wine(['reg', 'add', 'HKCU\\Software\\Wine', '/v', 'Version', '/d', 'win10', '/f']).status === 0 ? null : 'Wine could not be told to be Windows 10';
}

/** Playwright Test as win32. What it says of failures is printed; its sums are returned. */
function runTests(node: string, project: string, filters: readonly string[]): { readonly passed: number; readonly failed: number; readonly skipped: number } {
  const args = ['test', '-c', 'playwright.tests.config.ts', `--project=${project}`, '--reporter=dot', '--workers=2', ...filters];
  // Results of their own, so that nothing of the Linux run is in the way.
  const { stdout, stderr } = wine([node, 'node_modules/@playwright/test/cli.js', ...args, '--output=output/tests-win32'], { CI: '', TZ: 'UTC' });
  const count = (word: string): number => Number(new RegExp(`^ +(\\d+) ${word}`, 'm').exec(stdout)?.[1] ?? 0);
  const sums = { passed: count('passed'), failed: count('failed') + count('did not run'), skipped: count('skipped') };
  if (sums.failed > 0 || sums.passed === 0) console.log(stdout.slice(-12_000), stderr.slice(-2_000));
  return sums;
}

/** Commands of the zip that `npm run package:windows` built, unpacked into a folder with spaces and umlauts; how many did not end well. */
function tryPackage(): number {
  const packages = join(root, 'output', 'packages');
  const zip = existsSync(packages) ? readdirSync(packages).find((name) => name.endsWith('-win-x64.zip')) : undefined;
  if (zip === undefined) return 0;
  const folder = mkdtempSync(join(tmpdir(), 'signin probe äöü '));
  try {
    if (spawnSync('unzip', ['-q', join(packages, zip), '-d', folder]).status !== 0) return 1;
    const command = `Z:${join(folder, zip.replace(/\.zip$/, ''), 'signin-probe.cmd').replaceAll('/', '\\')}`;
    const before = listing(folder);
    const tries = [['--version'], ['--help'], ['run', '--help'], ['account', 'list'], ['forecast', '--config', 'nowhere.yaml']].map((words) => {
      const { status, stdout, stderr } = wine(['cmd', '/c', command, ...words], { SIGNIN_PROBE_STATE: 'C:\\signin-probe-state' });
      const expected = words.includes('nowhere.yaml') ? 3 : 0;
      if (status !== expected) console.log(`signin-probe.cmd ${words.join(' ')} ended with ${status}: ${stdout}${stderr}`);
      return status === expected;
    });
    const untouched = listing(folder) === before;
    if (!untouched) console.log('Something was written into the folder of the program.');
    console.log(`The unpacked package: ${tries.filter(Boolean).length} of ${tries.length} commands as expected`);
    return tries.filter((each) => !each).length + (untouched ? 0 : 1);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const listing = (folder: string): string => readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort().join('\n');

function main(): void {
  const why = prepare();
  if (why !== null) return console.log(`The tests as win32 are skipped: ${why}.`);
  const node = nodeExe();
  const begun = performance.now();
  const all = [
    runTests(node, 'unit', []),
    runTests(
      node,
      'lab',
      labTests.map(({ filter }) => filter),
    ),
  ];
  const broken = tryPackage();
  const sum = (pick: 'passed' | 'failed' | 'skipped'): number => all.reduce((total, each) => total + each[pick], 0);
  console.log(`With Node.js for Windows under Wine, in ${Math.round((performance.now() - begun) / 1000)} s:`);
  console.log(`win32: ${sum('passed')} passed, ${sum('failed') + broken} failed, ${sum('skipped')} skipped`);
  if (sum('failed') + broken > 0 || all.some(({ passed }) => passed === 0)) process.exitCode = 1;
}

main();
