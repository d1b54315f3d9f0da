/**
 * What a hundred sign-ins in one process leave: memory, processes, temporary files, files of the state. A thousand, with their figures on the way:
 * `npm run soak`.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const signIns = 100;
/** Of the heap after the first tenth, when everything is loaded; as scripts/soaks/soak.ts judges. */
const mostGrowthMb = 30;

test(`${signIns} sign-ins in one process leave no process, no file, and no memory that piles up`, () => {
  test.skip(process.env.SECURITY_FULL !== '1', 'takes some minutes: with SECURITY_FULL=1');
  test.setTimeout(1_800_000); // 2 s each on a quiet machine, 5 s on a busy one
  const root = join(__dirname, '..', '..');
  const { status, stdout, stderr } = spawnSync('npm', ['run', '--silent', 'soak', '--', String(signIns)], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  console.log(stdout.trim());
  expect(status, `${stdout}\n${stderr}`).toBe(0);
  const rows = stdout
    .split('\n')
    .filter((line) => /^\s*\d+\s/.test(line))
    .map((line) => line.trim().split(/\s+/).map(Number));
  expect(rows.at(-1)?.[0], stdout).toBe(signIns);
  const [first = [], last = []] = [rows[1], rows.at(-1)];
  const growthMb = (last[1] ?? Infinity) - (first[1] ?? 0);
  const [, , , , processes = NaN, temporary = NaN] = last;
  const leftOver = (Number.isNaN(processes) ? 0 : processes) + temporary - (first[5] ?? NaN);
  console.log(`heap ${growthMb.toFixed(1)} MB more between sign-in ${first[0]} and ${last[0]}; ${leftOver} processes and files left over`);
  test
    .info()
    .annotations.push(
      { type: 'threat', description: 'a fault leaves processes, files or half a report' },
      { type: 'attempts', description: String(signIns) },
      { type: 'leaks', description: String(leftOver) },
    );
  expect(growthMb).toBeLessThan(mostGrowthMb);
  expect(leftOver).toBe(0);
});
