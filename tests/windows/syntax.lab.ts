/** What is handed to Windows PowerShell 5.1 has no syntax newer than it. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, sourceFiles } from '../testing/source-files';
import { findPowerShell, runScript } from './testing/powershell';

test.beforeAll(async () => {
  const found = await findPowerShell();
  test.skip(!found.ok, found.ok ? '' : found.why);
});

const ours = sourceFiles()
  .filter((file) => /^windows\/.*\.ps(1|m1|d1)$/.test(file))
  .map((file) => join(root, file));

async function newerThan51(files: readonly string[], folder: string): Promise<string[]> {
  mkdirSync(folder, { recursive: true });
  const result = join(folder, 'found.json');
  const run = await runScript(join(__dirname, 'testing', 'newer-syntax.ps1'), ['-Result', result, ...files], { cwd: folder });
  expect(run.stderr).toBe('');
  return JSON.parse(readFileSync(result, 'utf8')) as string[];
}

test('module and scripts have nothing that Windows PowerShell 5.1 does not know, and only ASCII', async ({}, info) => {
  expect(ours.length).toBeGreaterThan(3);
  expect(await newerThan51(ours, info.outputPath())).toEqual([]);
  for (const file of ours)
    expect(
      [...readFileSync(file, 'utf8')].filter((sign) => sign > '\x7e'),
      file,
    ).toEqual([]);
});

test('each of what PowerShell 7 added is found', async ({}, info) => {
  mkdirSync(info.outputPath(), { recursive: true });
  const newer = [
    '$a ? 1 : 2',
    '$a ?? 1',
    '$a ??= 1',
    '${a}?.b',
    'a && b',
    '1..2 | ForEach-Object -Parallel { 1 }',
    "'{}' | ConvertFrom-Json -AsHashtable",
    'if ($IsWindows) { 1 }',
    'Get-Uptime',
  ];
  const files = newer.map((text, n) => {
    const file = info.outputPath(`${n}.ps1`);
    writeFileSync(file, text);
    return file;
  });
  const found = await newerThan51(files, info.outputPath());
  expect(files.map((file) => found.some((each) => each.startsWith(file)))).toEqual(files.map(() => true));
});
