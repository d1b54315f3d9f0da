import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import { forbiddenByPolicy, policyFolders, readRegistryValues } from './browser-policies';

const source = (policy: string, value: string) => ({ read: () => [{ policy, value, where: 'here' }] });

test('a policy under which a browser cannot be driven is named, with its value, its place and what to ask for', () => {
  for (const [policy, value] of [
    ['RemoteDebuggingAllowed', 'false'],
    ['DeveloperToolsAvailability', '2'],
    ['HeadlessMode', '2'],
    ['HeadlessModeEnabled', 'false'],
  ] as const) {
    const why = forbiddenByPolicy('edge', 'C:\\msedge.exe', source(policy, value));
    expect(why).toContain(`the policy ${policy} = ${value} (here)`);
    expect(why).toContain('ask the administrator');
  }
});

test('another value of such a policy, another policy, and a browser that reads none are no reason', () => {
  expect(forbiddenByPolicy('chrome', '/usr/bin/google-chrome', source('RemoteDebuggingAllowed', 'true'))).toBeNull();
  expect(forbiddenByPolicy('chromium', '/usr/bin/chromium', source('DeveloperToolsAvailability', '0'))).toBeNull();
  expect(forbiddenByPolicy('edge', null, source('HomepageLocation', '2'))).toBeNull();
  for (const [name, path] of [
    ['chromium-headless-shell', '/usr/bin/chromium-headless-shell'],
    ['playwright', null],
    ['configured', '/opt/chrome-headless-shell'],
  ] as const)
    expect(forbiddenByPolicy(name, path, source('HeadlessMode', '2'))).toBeNull();
});

test('policies are read from the folders of the browser, also of one configured by its path; files that are no JSON are passed over', ({}, info) => {
  const folders = { chromium: [info.outputPath('none'), info.outputPath('managed')], chrome: [], edge: [] };
  for (const [name, text] of Object.entries({ 'a.json': 'no JSON', 'b.json': '\uFEFF{"HeadlessMode": 2}', 'c.txt': '{"RemoteDebuggingAllowed": false}' })) {
    mkdirSync(dirname(info.outputPath('managed', name)), { recursive: true });
    writeFileSync(info.outputPath('managed', name), text);
  }
  expect(forbiddenByPolicy('configured', '/usr/lib/chromium/chromium', policyFolders(folders))).toMatch(/HeadlessMode = 2 \(.*b\.json\)/);
  expect(forbiddenByPolicy('chrome', '/usr/bin/google-chrome', policyFolders(folders))).toBeNull();
});

test('what reg query prints is read by its columns: names with their numbers', () => {
  const text =
    '\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\\Edge\r\n    HeadlessModeEnabled    REG_DWORD    0x0\r\n' +
    '    DeveloperToolsAvailability    REG_DWORD    0x2\r\n' +
    '    HomepageLocation    REG_SZ    https://intranet/ start\r\n\r\nHKEY_LOCAL_MACHINE\\Software\\Policies\\Microsoft\\Edge\\ExtensionInstallForcelist\r\n';
  expect(readRegistryValues(text)).toEqual([
    { name: 'HeadlessModeEnabled', value: '0' },
    { name: 'DeveloperToolsAvailability', value: '2' },
    { name: 'HomepageLocation', value: 'https://intranet/ start' },
  ]);
  expect(readRegistryValues('FEHLER: Der angegebene Registrierungsschlüssel bzw. Wert wurde nicht gefunden.\r\n')).toEqual([]);
});
