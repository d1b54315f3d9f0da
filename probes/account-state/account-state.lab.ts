import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { reportSchema, type Report } from '../../contracts/report';
import { type Lab, startLab } from '../../lab/start-lab';
import { runCli } from '../../cli/testing/run-cli';

const given = 'Fixed-1 "password"';
test.setTimeout(240_000); // eight runs, one after the other, on a machine that may be busy

let lab: Lab;
let out: string;
test.beforeAll(async () => {
  const before = process.env.SIGNIN_PROBE_LAB_PASSWORD;
  process.env.SIGNIN_PROBE_LAB_PASSWORD = given; // so that it stays when the fault is cleared
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-test-'))]);
  if (before === undefined) delete process.env.SIGNIN_PROBE_LAB_PASSWORD;
});
test.afterAll(async () => {
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

const submissions = (): number => lab.adfs.counters.passwordSubmissions + lab.adfs.counters.ntlmRefusals;

test('a refused account is parked for every later run until the password differs or it is released, and the report says so', async () => {
  const state = join(out, 'state');
  const cli = (args: string[], password = given) => runCli(args, { env: { SIGNIN_PROBE_STATE: state, SIGNIN_PROBE_LAB_PASSWORD: password } });
  const run = async (password = given, ...args: string[]): Promise<{ exitCode: number | null; report: Report }> => {
    const { exitCode, stdout, stderr } = await cli(['run', '--config', lab.config, '--out', out, '--json', ...args], password);
    expect(stdout, stderr).not.toBe('');
    return { exitCode, report: reportSchema.parse(JSON.parse(stdout)) };
  };
  await lab.setFaults(['wrong-password']);
  const refused = await run();
  expect(refused.exitCode).toBe(3);
  expect(refused.report.results.map(({ verdict, causes }) => `${verdict} ${causes[0]?.id}`)).toEqual(['unknown wrong-password', 'unknown wrong-password']);
  expect(submissions()).toBe(1);

  // The directory has the old password again, but nobody told the probe.
  await lab.setFaults([]);
  const parked = await run();
  expect(submissions()).toBe(1);
  expect(parked.exitCode).toBe(3);
  for (const { verdict, signedIn, failedAt, causes, why } of parked.report.results) {
    expect({ verdict, signedIn, failedAt, cause: causes[0]?.id }).toEqual({ verdict: 'unknown', signedIn: 'unknown', failedAt: null, cause: 'wrong-password' });
    expect(why).toContain(`run ${refused.report.run.id}`);
    expect(why).toMatch(/parked since 20\S+Z.*account release "CONTOSO\\probe"/);
  }
  expect((await cli(['account', 'list'])).stdout).toMatch(/^CONTOSO\\probe at https:\/\/sts\.contoso\.test:\d+: parked since .*refused for contoso \(ifd\)/);

  // Another password behind the same reference is tried, once, and parked in turn.
  expect((await run('Another-2', '--route', 'ifd')).exitCode).toBe(3);
  expect(submissions()).toBe(2);
  expect((await run('Another-2', '--route', 'ifd')).exitCode).toBe(3);
  expect(submissions()).toBe(2);

  expect(await cli(['account', 'release', 'CONTOSO\\prob'])).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('did you mean "CONTOSO\\probe"?') });
  expect(await cli(['account', 'release', 'contoso\\probe'])).toMatchObject({ exitCode: 0, stdout: expect.stringContaining('is released') });
  expect((await run()).exitCode).toBe(0);
  expect((await cli(['account', 'list', '--json'])).stdout).toBe('[]\n');
});

test('two runs at once with one account queue up, and a wrong password is submitted by the first only', async () => {
  const env = { SIGNIN_PROBE_STATE: join(out, 'queue'), SIGNIN_PROBE_LAB_PASSWORD: given };
  const run = () => runCli(['run', '--config', lab.config, '--out', out, '--json'], { env });
  await lab.setFaults(['wrong-password']);
  const before = submissions();
  const refused = await Promise.all([run(), run()]);
  expect(refused.filter(({ stderr }) => /waiting for another run with this account \(process \d+, since/.test(stderr))).toHaveLength(1);
  expect(refused.map(({ exitCode }) => exitCode)).toEqual([3, 3]);
  expect(submissions()).toBe(before + 1);
  await lab.setFaults([]);
});

test('a healthy run ends with a sign-out that removes the session at AD FS', async () => {
  const { exitCode, stdout, stderr } = await runCli(['run', '--config', lab.config, '--out', out, '--json'], { env: { SIGNIN_PROBE_LAB_PASSWORD: given } });
  expect(exitCode, stderr).toBe(0);
  for (const { exchange } of reportSchema.parse(JSON.parse(stdout)).results) {
    const set = exchange.findLast(({ step, cookiesSet }) => step !== 'sign-out' && cookiesSet.some(({ name, removes }) => name === 'MSISAuth' && !removes));
    const out = exchange.filter(({ step }) => step === 'sign-out');
    expect(set, 'AD FS made a session').toBeDefined();
    expect(out.flatMap(({ cookiesSet }) => cookiesSet).filter(({ name }) => name.startsWith('MSISAuth'))).toContainEqual(
      expect.objectContaining({ name: 'MSISAuth', removes: true }),
    );
  }
});
