/** Every PowerShell command that the product prints: parsed by PowerShell's own parser and run against stand-ins with the documented parameters. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { findPowerShell, runScript } from './testing/powershell';
import { type PrintedCommand, printedCommands } from './testing/printed-commands';

test.setTimeout(240_000);
test.beforeAll(async () => {
  const found = await findPowerShell();
  test.skip(!found.ok, found.ok ? '' : found.why);
});

const documented = join(__dirname, 'testing', 'documented-cmdlets.txt');

interface Wrong extends PrintedCommand {
  readonly problem: string;
}

async function tried(commands: readonly PrintedCommand[], folder: string): Promise<Wrong[]> {
  mkdirSync(folder, { recursive: true });
  const [list, result] = [join(folder, 'commands.json'), join(folder, 'wrong.json')];
  writeFileSync(list, JSON.stringify(commands));
  const script = join(__dirname, 'testing', 'try-commands.ps1');
  const run = await runScript(script, ['-List', list, '-Documented', documented, '-Result', result], { cwd: folder });
  expect(run.stderr).toBe('');
  return JSON.parse(readFileSync(result, 'utf8')) as Wrong[];
}

test('every printed PowerShell command can be parsed, and runs against cmdlets that take their documented parameters only', async ({}, info) => {
  const commands = printedCommands();
  expect(commands.length).toBeGreaterThan(150);
  expect(commands.filter(({ where }) => where.endsWith('.md')).length).toBeGreaterThan(2);
  expect(await tried(commands, info.outputPath())).toEqual([]);
});

test('a wrong parameter, value, place or variable is found, and a cmdlet that is not documented here', async ({}, info) => {
  const wrong = [
    'Update-AdfsRelyingPartyTrust -Trust a',
    'Update-AdfsRelyingPartyTrust',
    'Update-AdfsCertificate -CertificateType Signing',
    'Set-AdfsProperties -AutoCertificateRollover maybe',
    'Restart-Service adfssrv other',
    'Get-Service MSSQL$MICROSOFT##WID',
    'setspn -S host/sts <account>',
    'Get-AdfsNothing',
    'Get-AdfsCertificate -CertificateType Token-Signing -Thumbprint AA',
  ].map((command) => ({ where: 'here', command }));
  const right = [{ where: 'here', command: "Update-AdfsRelyingPartyTrust -TargetName 'CRM'" }];
  const found = await tried([...wrong, ...right], info.outputPath());
  expect(found.map(({ command }) => command)).toEqual(wrong.map(({ command }) => command));
});
