/** install.ps1 and uninstall.ps1, with PowerShell 7.6 on Linux and stand-ins for what only Windows has. */
import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root } from '../testing/source-files';
import { findPowerShell, runScript } from './testing/powershell';

test.beforeAll(async () => {
  const found = await findPowerShell();
  test.skip(!found.ok, found.ok ? '' : found.why);
});

interface Noted {
  readonly said: string;
  readonly calls: readonly string[];
  readonly files: readonly string[];
}

/** A package whose program notes how it was called, and does what `init` and `account save` do to files. */
function samplePackage(folder: string): string {
  const put = (name: string, text: string): void => {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  };
  for (const name of ['install.ps1', 'uninstall.ps1']) {
    put(name, '');
    copyFileSync(join(root, 'windows', name), join(folder, name));
  }
  put('program/bin/signin-probe.js', '');
  put('SigninProbe/SigninProbe.psd1', '');
  put('signin-probe.cmd', '#!/bin/sh\ncase "$1" in init) echo "targets: []" > "$3";; account) echo kept > "${3#dpapi:}";; esac\n');
  chmodSync(join(folder, 'signin-probe.cmd'), 0o755);
  return folder;
}

test('install.ps1 shows all with -WhatIf, does it once, keeps what was there, takes a managed account, and uninstall.ps1 undoes it', async ({}, info) => {
  const place = info.outputPath('C');
  mkdirSync(place, { recursive: true });
  const result = info.outputPath('noted.json');
  const args = [
    '-Package',
    samplePackage(info.outputPath('package')),
    '-Place',
    place,
    '-Documented',
    join(__dirname, 'testing', 'documented-cmdlets.txt'),
    '-Result',
    result,
  ];
  const run = await runScript(join(__dirname, 'testing', 'try-install.ps1'), args, { cwd: info.outputPath() });
  expect(run.stderr).toBe('');
  const { whatIf, account, again, uninstall, remove } = JSON.parse(readFileSync(result, 'utf8')) as Record<
    'whatIf' | 'account' | 'again' | 'uninstall' | 'remove',
    Noted
  >;

  expect(run.stdout.match(/^What if:/gm)?.length).toBe(6);
  expect(whatIf).toMatchObject({ calls: [], files: [] });

  const data = join(place, 'ProgramData', 'signin-probe');
  expect(account.files).toContain('Program Files/signin-probe/program/bin/signin-probe.js');
  expect(account.files).toContain('ProgramData/signin-probe/signin-probe.yaml');
  expect(account.files).toContain('ProgramData/signin-probe/probe.dpapi');
  expect(account.calls).toContain(`icacls ${data} /inheritance:r /grant:r *S-1-5-32-544:(OI)(CI)F *S-1-5-18:(OI)(CI)F CONTOSO\\svc-probe:(OI)(CI)M`);
  expect(account.calls.find((call) => call.startsWith('New-ScheduledTaskSettingsSet'))).toMatch(
    /-ExecutionTimeLimit 00:00:00 -MultipleInstances IgnoreNew .*-RestartInterval 00:05:00/,
  );
  expect(account.calls.find((call) => call.startsWith('Register-ScheduledTask'))).toMatch(
    /-Password task-password-1 .*-TaskName signin-probe-watch -Trigger \.\.\. -User CONTOSO\\svc-probe/,
  );
  expect(account.calls.find((call) => call.startsWith('eventcreate'))).toContain('/SO signin-probe');
  expect(account.said).toMatch(/Done:[\s\S]*Next:[\s\S]*To undo it:/);
  expect(account.said).not.toContain('task-password-1');

  expect(again.said).toMatch(/signin-probe\.yaml kept as it was[\s\S]*probe\.dpapi kept as it was/);
  expect(again.calls).toContain('Stop-ScheduledTask -TaskName signin-probe-watch');
  expect(again.calls).toContain('New-ScheduledTaskPrincipal -LogonType Password -RunLevel Limited -UserId CONTOSO\\gmsa-probe$');
  expect(again.calls.join()).not.toContain('-Password task');

  expect(uninstall.calls).toContain('Unregister-ScheduledTask -Confirm False -TaskName signin-probe-watch');
  expect(uninstall.files).toEqual(['ProgramData/signin-probe/probe.dpapi', 'ProgramData/signin-probe/signin-probe.yaml']);
  expect(uninstall.said).toContain('Kept:');
  // Which passwords were refused stays: submitted once more, they bring an account nearer to its lockout.
  expect(remove.files).toEqual(['ProgramData/signin-probe/accounts/refused.json']);
});
