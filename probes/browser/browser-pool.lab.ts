import { mkdirSync, readdirSync, rmSync } from 'node:fs';
import files from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { type BrowserChoice, findBrowser } from './browser';
import { BrowserPool, defaultPoolLimits, freshBrowsers, type Loan, type PoolLimits } from './browser-pool';

const wishes = { spkis: [], authServerAllowlist: null, hideEnvironment: [] };

let choice: BrowserChoice;
let pool: BrowserPool;
let tmpdir: string | undefined;

test.beforeAll(async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  choice = search.choice;
});
test.beforeEach(({}, info) => {
  tmpdir = process.env.TMPDIR;
  mkdirSync(info.outputPath('temporary'), { recursive: true });
  process.env.TMPDIR = info.outputPath('temporary');
});
test.afterEach(async ({}, info) => {
  await pool.close();
  expect(readdirSync(info.outputPath('temporary')), 'profiles left behind').toEqual([]);
  if (tmpdir === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = tmpdir;
});

const limited = (limits: Partial<PoolLimits> = {}): BrowserPool => (pool = new BrowserPool({ ...defaultPoolLimits, ...limits }));

async function lend(account: string | null, spkis: readonly string[] = []): Promise<Loan> {
  const lent = await pool.lend(choice, { ...wishes, spkis }, account);
  if (!lent.ok) throw new Error(lent.why);
  return lent.loan;
}

/** Which process it is. */
async function processOf({ session }: Loan): Promise<number> {
  const { processInfo } = await session.send('SystemInfo.getProcessInfo');
  return processInfo.find(({ type }) => type === 'browser')!.id;
}

/** Lends, notes the process, gives back. */
async function serve(account: string | null, { again = true, spkis = [] as readonly string[] } = {}): Promise<number> {
  const loan = await lend(account, spkis);
  const id = await processOf(loan);
  await loan.end(again);
  return id;
}

test('the same account gets the same browser again, another account, other trusted keys or nobody in particular get another', async () => {
  limited();
  const first = await serve('probe');
  expect(await serve('probe')).toBe(first);
  expect(await serve('other')).not.toBe(first);
  expect(await serve('probe', { spkis: ['AAAA'] })).not.toBe(first);
  expect(await serve(null)).not.toBe(first);
  expect(await serve('probe')).toBe(first);
});

test('two sign-ins at once never share a browser', async () => {
  limited();
  const [one, two] = await Promise.all([lend('probe'), lend('probe')]);
  expect(await processOf(one)).not.toBe(await processOf(two));
  await one.end(true);
  await two.end(true);
});

test('a browser is not lent again after something went wrong, after its number of sign-ins, at its age, or with too much memory', async () => {
  limited();
  const first = await serve('probe', { again: false });
  expect(await serve('probe')).not.toBe(first);
  for (const limits of [{ signIns: 1 }, { ageMs: 0 }, ...(process.platform === 'linux' ? [{ memoryMb: 1 }] : [])]) {
    await pool.close();
    limited(limits);
    expect(await serve('probe'), JSON.stringify(limits)).not.toBe(await serve('probe'));
  }
});

test('a browser that was killed while it waited is replaced, one that nobody wants is closed', async ({}, info) => {
  limited();
  const first = await serve('probe');
  process.kill(first, 'SIGKILL');
  expect(await serve('probe')).not.toBe(first);
  await pool.close();
  limited({ idleMs: 10 });
  await serve('probe');
  await expect.poll(() => readdirSync(info.outputPath('temporary'))).toEqual([]);
});

test('a browser that no longer answers is not waited for: another serves in its place', async () => {
  test.skip(process.platform === 'win32', 'signals');
  limited({ answerMs: 500 });
  const first = await serve('probe');
  process.kill(first, 'SIGSTOP');
  const second = await serve('probe');
  expect(second).not.toBe(first);
  process.kill(first, 'SIGCONT');

  // Nor when it comes back.
  const loan = await lend('probe');
  process.kill(second, 'SIGSTOP');
  const ending = loan.end(true);
  await pause(1_000);
  process.kill(second, 'SIGCONT');
  await ending;
  expect(await serve('probe')).not.toBe(second);
});

test('a profile that the system does not let go of costs neither the sign-in nor the process; it goes at the end', async ({}, info) => {
  limited({ idleMs: 10 });
  const { rm } = files;
  // As Windows answers while somebody scans the files; on this machine there is no way to have it.
  files.rm = () => Promise.reject(Object.assign(new Error('EBUSY'), { code: 'EBUSY' }));
  const faults: unknown[] = [];
  const note = (fault: unknown): void => void faults.push(fault);
  process.on('unhandledRejection', note);
  try {
    await (await lend(null)).end(false);
    await serve('probe');
    await pause(500);
  } finally {
    files.rm = rm;
    process.off('unhandledRejection', note);
  }
  expect(faults).toEqual([]);
  const place = info.outputPath('temporary');
  expect(readdirSync(place)).toHaveLength(2);
  for (const name of readdirSync(place)) rmSync(join(place, name), { recursive: true });
});

test('a browser that comes back after the pool was closed is closed, too', async ({}, info) => {
  limited();
  const loan = await lend('probe');
  await pool.close();
  await loan.end(true);
  expect(readdirSync(info.outputPath('temporary'))).toEqual([]);
});

test('without a pool each sign-in has a browser of its own', async ({}, info) => {
  limited();
  const lent = await freshBrowsers.lend(choice, wishes, 'probe');
  if (!lent.ok) throw new Error(lent.why);
  await lent.loan.end(true);
  expect(readdirSync(info.outputPath('temporary'))).toEqual([]);
});
