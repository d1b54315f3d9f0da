import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findBrowser } from './browser';
import { freshBrowsers } from './browser-pool';
import { freshProfile } from './browser-profile';
import { inBrowser } from './in-browser';
import { closedPort } from '../testing/test-server';

const settings = {
  spkis: [],
  proxyUrl: null,
  authServerAllowlist: 'sts.contoso.test',
  hideEnvironment: [],
  browsers: freshBrowsers,
  account: 'probe',
  withinMs: 60_000,
};

/** Profiles in the system's temporary folder that were not there before. */
function newProfiles(work: () => Promise<unknown>, folder: string): Promise<string[]> {
  const before = process.env.TMPDIR;
  mkdirSync(folder, { recursive: true });
  process.env.TMPDIR = folder;
  return work()
    .catch(() => undefined)
    .then(() => readdirSync(folder))
    .finally(() => (before === undefined ? delete process.env.TMPDIR : (process.env.TMPDIR = before)));
}

test("a profile is its owner's alone, tells Chromium of an earlier Negotiate challenge, and is gone after removal", async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const profile = await freshProfile(info.outputPath());
  const [name] = readdirSync(info.outputPath());
  if (process.platform !== 'win32') expect(statSync(info.outputPath(name!)).mode & 0o777).toBe(0o700);
  expect(JSON.parse(readFileSync(join(profile.userDataDir, 'Local State'), 'utf8'))).toEqual({ net: { received_http_auth_negotiate_headers: true } });
  await profile.remove();
  expect(readdirSync(info.outputPath())).toEqual([]);
});

test('a process that fails takes its profile along', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const script =
    `require(${JSON.stringify(join(__dirname, 'browser-profile'))}).freshProfile(${JSON.stringify(info.outputPath())}).then(({ userDataDir }) => { ` +
    `console.log(userDataDir); throw new Error('failed'); })`;
  const { status, stdout } = spawnSync(process.execPath, ['-r', 'ts-node/register', '-e', script], { encoding: 'utf8' });
  expect(status).toBe(1);
  expect(stdout).toContain('signin-probe-profile-');
  expect(existsSync(stdout.trim())).toBe(false);
  expect(readdirSync(info.outputPath())).toEqual([]);
});

test('a process with many profiles at once says nothing about it, and takes them all along', ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const script = `const { freshProfile } = require(${JSON.stringify(join(__dirname, 'browser-profile'))});
    Promise.all(Array.from({ length: 15 }, () => freshProfile(${JSON.stringify(info.outputPath())}))).then(() \
=> console.log(String(require('node:fs').readdirSync(${JSON.stringify(info.outputPath())}).length)))`;
  const { stdout, stderr } = spawnSync(process.execPath, ['-r', 'ts-node/register', '-e', script], { encoding: 'utf8' });
  expect(stdout).toBe('15\n');
  expect(stderr).toBe('');
  expect(readdirSync(info.outputPath())).toEqual([]);
});

test('what a killed process left goes with the next profile; one in use, a link and other folders stay', async ({}, info) => {
  for (const name of ['signin-probe-profile-old', 'signin-probe-profile-young', 'something-else'] as const)
    mkdirSync(info.outputPath(name, 'profile'), { recursive: true });
  const twoHoursAgo = new Date(Date.now() - 7_200_000);
  utimesSync(info.outputPath('signin-probe-profile-old'), twoHoursAgo, twoHoursAgo);
  utimesSync(info.outputPath('something-else'), twoHoursAgo, twoHoursAgo);
  const ended = spawnSync(process.execPath, ['-e', '']).pid;
  for (const [name, pid] of [
    ['signin-probe-profile-killed', ended],
    ['signin-probe-profile-in-use', process.pid],
  ] as const) {
    mkdirSync(info.outputPath(name, 'profile'), { recursive: true });
    writeFileSync(info.outputPath(name, 'owner.json'), JSON.stringify({ pid, machine: hostname() }));
  }
  if (process.platform !== 'win32') symlinkSync(info.outputPath('something-else'), info.outputPath('signin-probe-profile-link'));
  await (await freshProfile(info.outputPath())).remove();
  expect(
    readdirSync(info.outputPath())
      .filter((name) => name !== 'signin-probe-profile-link')
      .sort(),
  ).toEqual(['signin-probe-profile-in-use', 'signin-probe-profile-young', 'something-else']);
  expect(readdirSync(info.outputPath('something-else'))).toEqual(['profile']);
});

test('nothing is left when the browser dies in the middle of the work, when the work fails, or when it does not start', async ({}, info) => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const crash = (): Promise<unknown> =>
    inBrowser(search.choice, settings, async ({ page, context }) => {
      expect(readdirSync(process.env.TMPDIR!).filter((name) => name.startsWith('signin-probe-profile-'))).toHaveLength(1);
      const session = await context.browser()!.newBrowserCDPSession();
      await session.send('Browser.crash').catch(() => undefined);
      await page.goto(`http://127.0.0.1:${await closedPort()}/`);
    });
  expect(await newProfiles(crash, info.outputPath('crash'))).toEqual([]);
  const fail = (): Promise<unknown> => inBrowser(search.choice, settings, async () => Promise.reject(new Error('no')));
  expect(await newProfiles(fail, info.outputPath('fail'))).toEqual([]);
  const missing = { ...search.choice, executablePath: info.outputPath('no-browser') };
  expect(await newProfiles(() => inBrowser(missing, settings, async () => undefined), info.outputPath('missing'))).toEqual([]);
});
