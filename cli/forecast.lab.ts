import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from '@playwright/test';
import { forecastReportSchema, type TargetForecast } from '../contracts/forecast';
import { type Lab, startLab } from '../lab/start-lab';
import { runCli } from './testing/run-cli';

// One lab for all; each command line starts a process.
test.describe.configure({ mode: 'default', timeout: 180_000 });

let lab: Lab;
let folder: string;

test.beforeAll(async () => {
  [lab, folder] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-forecast-'))]);
});
test.afterAll(async () => {
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});
test.afterEach(() => lab.setFaults([]));

const dayMs = 86_400_000;
const cli = (...args: string[]) => runCli(['forecast', '--config', lab.config, ...args]);

async function forecast(...args: string[]): Promise<{ exitCode: number | null; result: TargetForecast }> {
  const { exitCode, stdout, stderr } = await cli('--format', 'json', ...args);
  expect(stderr).toBe('');
  const report = forecastReportSchema.parse(JSON.parse(stdout));
  expect(report.results).toHaveLength(1);
  return { exitCode, result: report.results[0]! };
}

test('a healthy farm is steady, exit 0, with the end of every certificate and without giving a credential', async () => {
  const { exitCode, result } = await forecast();
  const { signingPrimary } = lab.adfs.certificates;
  expect(exitCode).toBe(0);
  expect(result).toMatchObject({ target: 'contoso', verdict: 'healthy', signing: { primarySha1: signingPrimary.sha1, successorSha1: null } });
  expect(result.forecast).toMatchObject({
    state: 'steady',
    toleranceHours: 24,
    breaksAt: new Date(signingPrimary.notAfter.getTime() - 15 * dayMs).toISOString(),
  });
  expect(new Set(result.expiries.map(({ what, host }) => `${what} ${host}`))).toEqual(
    new Set([
      ...['internalcrm', 'contoso', 'auth', 'dev', 'sts'].map((name) => `tls ${name}.contoso.test`),
      'crm-encryption internalcrm.contoso.test',
      'sts-encryption sts.contoso.test',
    ]),
  );
  expect(lab.adfs.counters.passwordSubmissions).toBe(0);
});

test('a successor published opens the window, exit 1: five days after it was made', async () => {
  await lab.rollover('generate');
  const { exitCode, result } = await forecast();
  const { signingSecondary } = lab.adfs.certificates;
  expect(exitCode).toBe(1);
  expect(result.forecast).toMatchObject({
    state: 'window-open',
    toleranceHours: 12,
    breaksAt: new Date(signingSecondary!.notBefore.getTime() + 5 * dayMs).toISOString(),
  });
  expect(result.signing?.successorSha1).toBe(signingSecondary!.sha1);
  expect((await cli('--fail-on', 'broken')).exitCode).toBe(0);
});

test('after the promotion it is promoted, exit 1, since whether CRM has followed is not seen', async () => {
  await lab.rollover('promote');
  const { exitCode, result } = await forecast();
  expect(exitCode).toBe(1);
  expect(result.forecast).toMatchObject({ state: 'promoted', breaksAt: null });
});

test('AD FS’s clock decides: two days before the end without a successor it is urgent', async () => {
  lab.setClock('sts', 263.5 * 86_400);
  const { exitCode, result } = await forecast();
  expect(exitCode).toBe(1);
  expect(result.forecast.state).toBe('urgent');
});

test('thresholds of the configuration count, and rollover that is off', async () => {
  const config = join(folder, 'signin-probe.yaml');
  const text = await readFile(lab.config, 'utf8');
  await copyFile(join(dirname(lab.config), 'ca.pem'), join(folder, 'ca.pem')).catch(() => undefined);
  const breaksAt = async (rollover: string): Promise<string | null> => {
    await writeFile(config, text.replace(/^( +)sts: /m, `$1rollover: ${rollover}\n$1sts: `));
    const { stdout, stderr } = await runCli(['forecast', '--config', config, '--json']);
    expect(stderr).toBe('');
    return forecastReportSchema.parse(JSON.parse(stdout)).results[0]!.forecast.breaksAt;
  };
  const end = lab.adfs.certificates.signingPrimary.notAfter.getTime();
  expect(await breaksAt('{ generationDays: 60, promotionDays: 45 }')).toBe(new Date(end - 15 * dayMs).toISOString());
  expect(await breaksAt('{ generationDays: 30, promotionDays: 4 }')).toBe(new Date(end - 26 * dayMs).toISOString());
  expect(await breaksAt('{ automatic: false }')).toBe(new Date(end).toISOString());
});

test('without AD FS it cannot tell, exit 3, in one clear result', async () => {
  lab.adfs.settings.serviceDown = true;
  const { exitCode, result } = await forecast();
  expect(exitCode).toBe(3);
  expect(result.forecast.state).toBe('unknown');
  expect(result.todo[0]?.command).toBe('npx signin-probe check contoso');
});

test('calendar, plugin line, textfile and text are printed with the same exit code', async () => {
  await lab.rollover('generate');
  for (const [args, start] of [
    [['--format', 'ics'], /^BEGIN:VCALENDAR\r\n/],
    [['--format', 'nagios'], /^SIGNIN FORECAST AT RISK - contoso: /],
    [['--format', 'prometheus'], /^# HELP signin_probe_forecast_verdict /],
    [[], /^! contoso: at risk\n {2}Sign-in breaks {2}\d/],
  ] as const) {
    const { exitCode, stdout, stderr } = await cli(...args);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: '' });
    expect(stdout).toMatch(start);
  }
});

test('an unknown target names the nearest one, exit 3', async () => {
  const { exitCode, stderr } = await cli('contosso');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('"contoso"');
});

test('no browser library is loaded', async () => {
  const loaded = await new Promise<string>((resolve, reject) => {
    const script = "require('./cli/commands/forecast'); console.log(Object.keys(require.cache).filter((file) => /node_modules.playwright/.test(file)).join())";
    execFile(process.execPath, ['-r', 'ts-node/register', '-e', script], { cwd: join(__dirname, '..') }, (error, stdout) =>
      error ? reject(new Error(error.message)) : resolve(stdout),
    );
  });
  expect(loaded.trim()).toBe('');
});
