/** The PowerShell module SigninProbe, with PowerShell 7.6 on Linux, against the lab. */
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { startLab } from '../../lab/start-lab';
import { aspNet, events } from '../../recordings/testing/sample-events';
import { runOnLab } from '../../runs/testing/run-lab';
import { root } from '../testing/source-files';
import { findPowerShell, runScript } from './testing/powershell';

test.setTimeout(300_000);
test.beforeAll(async () => {
  const found = await findPowerShell();
  test.skip(!found.ok, found.ok ? '' : found.why);
});

interface Seen {
  readonly commands: string[];
  readonly results: readonly Readonly<Record<string, unknown>>[];
  readonly whole: string[];
  readonly reports: boolean[];
  readonly table: string;
  readonly completion: string[];
  readonly findings: readonly Readonly<Record<string, unknown>>[];
  readonly forecast: readonly Readonly<Record<string, unknown>>[];
  readonly fault: string;
  readonly none: boolean;
  readonly examples: readonly {
    readonly command: string;
    readonly code: string;
    readonly remark: string;
    readonly output: string;
    readonly problem: string | null;
  }[];
}

test('the module gives objects, a table, help whose examples run, Tab for targets, and an error only for the probe’s own fault', async ({}, info) => {
  const lab = await startLab();
  try {
    await lab.setFaults(['adfs-signing-cert-rolled']);
    const folder = dirname(lab.config);
    const output = join(folder, 'output');
    const { folder: run } = await runOnLab(lab, output, 'before');
    copyFileSync(join(run, 'exchange.har'), join(folder, 'colleague.har'));
    writeFileSync(join(folder, 'adfs-admin.xml'), events(aspNet(new Date().toISOString(), 'ID4175: The issuer of the security token was not recognized.')));
    mkdirSync(info.outputPath(), { recursive: true });
    const result = info.outputPath('seen.json');
    const args = ['-Module', join(root, 'windows', 'SigninProbe', 'SigninProbe.psd1'), '-Result', result];
    const { stderr, exitCode } = await runScript(join(__dirname, 'testing', 'try-module.ps1'), args, {
      cwd: folder,
      env: { SIGNIN_PROBE_STATE: join(folder, 'state') },
    });
    expect(stderr).toBe('');
    expect(exitCode).toBe(0);
    check(JSON.parse(readFileSync(result, 'utf8')) as Seen);
  } finally {
    await lab.close();
  }
});

function check({ commands, results, whole, reports, table, completion, findings, forecast, fault, none, examples }: Seen): void {
  expect(commands.sort()).toEqual(['Get-SigninDiagnosis', 'Get-SigninForecast', 'Invoke-SigninProbe', 'Test-SigninProbe']);
  expect(results).toHaveLength(2);
  for (const [n, route] of ['internal', 'ifd'].entries())
    expect(results[n]).toMatchObject({ Target: 'contoso', Route: route, Verdict: 'broken', SignedIn: 'no', Certainty: 'probable', KB: '2686840' });
  expect(whole).toEqual(['adfs-signing-cert-rolled']);
  expect(reports).toEqual([true, true]);
  expect(table).toMatch(/Target +Route +Verdict +Certainty +KB[\s\S]*contoso +internal +broken +probable +2686840/);
  expect(completion).toEqual(['contoso']);
  expect(findings[0]).toMatchObject({ Target: null, About: 'browser', Level: 'ok' });
  expect(findings.filter(({ Route }) => Route === 'ifd').length).toBeGreaterThan(3);
  expect(forecast).toMatchObject([{ Target: 'contoso' }]);
  expect(fault).toContain('nowhere.yaml: there is no such file');
  expect(none).toBe(true);
  expect(examples.length).toBeGreaterThan(11);
  expect(examples.filter(({ problem, remark }) => problem !== null || remark === '')).toEqual([]);
  const empty = examples.filter(({ output, code }) => output.trim() === '' && !/Export-Csv|AddDays|Level -ne ok/.test(code));
  expect(empty.map(({ code }) => code)).toEqual([]);
}
