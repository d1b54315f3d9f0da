import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { keepByDpapi, type Protector, secretFromDpapi } from './dpapi';

/** Stands in for Windows: turns the bytes around, and refuses what another account kept. */
const turned: Protector = async (_, scope, base64) => (scope === 'LocalMachine' ? Buffer.from(base64, 'base64').reverse().toString('base64') : null);

test('a password kept for the machine is read again, and the file holds it in no readable form', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('probe.dpapi');
  const secret = 'Grün & 57% +x';
  expect(await keepByDpapi({ path, scope: 'LocalMachine', secret }, turned, 'win32')).toBeNull();
  expect(readFileSync(path, 'utf8')).not.toContain(Buffer.from(secret).toString('base64'));
  if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  const read = await secretFromDpapi(path, turned, 'win32');
  expect(read.ok && read.value.use()).toBe(secret);
});

test('what cannot be decrypted, is missing, is another file, or is not on Windows, is said in one sentence without the value', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const path = info.outputPath('probe.dpapi');
  const why = async (platform: NodeJS.Platform = 'win32') => {
    const read = await secretFromDpapi(path, turned, platform);
    return read.ok ? '' : read.why;
  };
  expect(await why()).toContain('found no such file');
  writeFileSync(path, 'a-password-in-the-clear');
  expect(await why()).toMatch(/^Expected a password kept by `account save` in .*, found another file/);
  writeFileSync(path, JSON.stringify({ schema: 1, scope: 'CurrentUser', data: 'AAAA' }));
  expect(await why()).toContain('could not be decrypted: perhaps it was kept by another account');
  expect(await why('linux')).toContain('Windows’ own data protection');
  expect(await keepByDpapi({ path, scope: 'CurrentUser', secret: 'x' }, turned, 'win32')).toContain('did not encrypt');
});
