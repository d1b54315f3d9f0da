import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { browserOrder, locateBrowser } from './browser-candidates';

test('the order is that of the contract: headless shell first on Linux, Edge first on Windows', () => {
  expect(browserOrder('linux')).toEqual(['chromium-headless-shell', 'playwright', 'chrome', 'chromium']);
  expect(browserOrder('win32').slice(0, 2)).toEqual(['edge', 'chrome']);
});

test('on Linux a browser is found on PATH when it can be run, else passed over', ({}, info) => {
  test.skip(process.platform === 'win32', 'POSIX rights');
  mkdirSync(info.outputDir, { recursive: true });
  const path = info.outputPath('google-chrome');
  writeFileSync(path, '');
  const env = { PATH: `/nowhere:${info.outputDir}` };
  chmodSync(path, 0o600);
  expect(locateBrowser('chrome', 'linux', env)).toEqual({ why: 'not installed' });
  chmodSync(path, 0o700);
  expect(locateBrowser('chrome', 'linux', env)).toEqual({ path });
});

test("Playwright's own has no path of ours, and on Windows missing folders mean not installed", () => {
  expect(locateBrowser('playwright', 'linux', {})).toEqual({ path: null });
  expect(locateBrowser('edge', 'win32', {})).toEqual({ why: 'not installed' });
});
