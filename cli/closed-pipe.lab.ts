/** `signin-probe … | head -1`: a reader that has seen enough closes the pipe. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { recordPlans, recordSeries } from '../monitor/store/lifecycle/plan';
import { openStore } from '../monitor/store/open-store';

const root = join(__dirname, '..');
const golden = join(root, 'diagnosis', 'golden', 'kb-2686840-confirmed');

let folder: string;
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-pipe-'));
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Runs the command line with one of its outputs closed before it says anything. What the other one said. */
function withoutReader(closed: 'stdout' | 'stderr', args: readonly string[]): Promise<{ exitCode: number | null; said: string }> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), ...args], { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    child[closed].destroy();
    let said = '';
    child[closed === 'stdout' ? 'stderr' : 'stdout'].on('data', (data: Buffer) => (said += data.toString()));
    child.on('close', (exitCode) => resolve({ exitCode, said }));
  });
}

for (const [what, closed, args, expected] of [
  ['the help', 'stdout', ['--help'], { exitCode: 0, said: '' }],
  ['the help of a command', 'stdout', ['diagnose', '--help'], { exitCode: 0, said: '' }],
  ['a broken sign-in', 'stdout', ['diagnose', golden, '--json'], { exitCode: 2, said: '' }],
  ['a mistake on the command line', 'stderr', ['diagnose', '--no-such-option'], { exitCode: 3, said: '' }],
  ['a file that is not there', 'stderr', ['inspect', 'not-there.xml'], { exitCode: 3, said: '' }],
] as const)
  test(`a pipe that its reader closed ends ${what} without a word, with the exit code as it would be`, async () => {
    expect(await withoutReader(closed, args)).toEqual(expected);
  });

test('an export whose reader has seen enough ends early and quietly', async () => {
  await writeFile(
    join(folder, 'signin-probe.yaml'),
    'targets: [{ name: contoso, ifd: { url: "https://crm.contoso.test/" }, sts: https://sts.contoso.test, account: { windows: current } }]',
  );
  const store = await openStore({ folder: join(folder, '.signin-probe', 'store') });
  const [series] = await recordSeries(store.db, store.queue, [{ target: 'contoso', route: 'ifd', location: 'local' }]);
  if (!series) throw new Error('no series');
  const until = new Date(Math.floor(Date.now() / 1000) * 1000);
  const missed = (n: number) => ({ at: new Date(until.getTime() - n * 1000), startBefore: until, missed: 'not-running' as const });
  await recordPlans(store.db, store.queue, [{ series, until, slots: Array.from({ length: 5_000 }, (_, n) => missed(n)) }]);
  await store.close();
  expect(await withoutReader('stdout', ['export'])).toEqual({ exitCode: 0, said: '' });
});
