import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { parse, stringify } from 'yaml';
import type { Slot } from '../contracts/monitoring';
import { type Lab, startLab } from '../lab/start-lab';
import { askControl, runningWatches } from '../monitor/control/control';
import { testAuthority, testServerCertificate } from '../probes/testing/test-certificates';
import { runCli } from './testing/run-cli';

const root = join(__dirname, '..');
const children: ChildProcess[] = [];
let lab: Lab;
let folder = '';

test.beforeAll(async () => {
  lab = await startLab();
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-agent-'));
  const authority = await testAuthority('The company CA');
  await writeFile(join(folder, 'ca.pem'), authority.cert);
  // One configuration beside watch, which runs nothing itself, and one beside the agent.
  const config = parse(await readFile(lab.config, 'utf8')) as { targets: Record<string, object>[] };
  const [target] = config.targets;
  const targets = [{ ...target, schedule: 'every 5s', internal: { ...target?.internal, locations: ['dmz'] }, ifd: { ...target?.ifd, locations: ['dmz'] } }];
  for (const [place, more] of Object.entries({
    watch: { web: { listen: '127.0.0.1:0', tls: { cert: 'watch.pem', key: 'watch.key' } }, monitor: { concurrency: 0 } },
    agent: { monitor: { concurrency: 1, confirmAfterSeconds: 0 } },
  })) {
    await mkdir(join(folder, place));
    await writeFile(join(folder, place, 'signin-probe.yaml'), stringify({ targets, ...more }));
  }
  const { cert, key } = await testServerCertificate(['localhost'], { signedBy: authority });
  await writeFile(join(folder, 'watch', 'watch.pem'), cert);
  await writeFile(join(folder, 'watch', 'watch.key'), key);
  await chmod(join(folder, 'watch', 'watch.key'), 0o600);
});
test.afterAll(async () => {
  for (const child of children) child.kill('SIGKILL');
  await lab.close();
  await rm(folder, { recursive: true, force: true });
});

const options = (place: 'watch' | 'agent'): string[] => ['--config', join(folder, place, 'signin-probe.yaml'), '--out', join(folder, place, 'output')];

/** Starts the command line as a user would; resolves with what this finds in what it prints. */
async function started(args: readonly string[], find: RegExp, env: NodeJS.ProcessEnv = {}): Promise<{ child: ChildProcess; found: string }> {
  const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), ...args], {
    env: { ...process.env, SIGNIN_PROBE_STATE: join(folder, 'state'), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let said = '';
  const found = await new Promise<string>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (part: Buffer) => {
        said += part.toString();
        const match = find.exec(said)?.[1];
        if (match !== undefined) resolve(match);
      });
    child.once('exit', () => reject(new Error(`ended: ${said}`)));
  });
  return { child, found };
}

const asAgent = (server: string, token: string, ...more: string[]) =>
  [['agent', ...options('agent'), '--location', 'dmz', '--server', server, '--token', 'env:AGENT_LAB_TOKEN', ...more], { AGENT_LAB_TOKEN: token }] as const;

/** What the commands on this machine ask the running watch, without starting a process each time. */
async function ask(method: 'GET' | 'POST', path: string, more: Parameters<typeof askControl>[3] = {}): Promise<unknown> {
  const [watch] = await runningWatches(join(folder, 'watch'));
  if (!watch) throw new Error('no watch is running');
  return askControl(watch, method, path, more);
}

async function slots(): Promise<Slot[]> {
  let text = '';
  await ask('GET', '/export?format=jsonl', { onData: (part) => (text += part.toString()) });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Slot);
}

test('an agent that trusts the private CA takes slots over TLS and hands them in; one that does not says what to do, and its token stays unused', async () => {
  test.skip(process.platform === 'win32', 'signals');
  test.setTimeout(240_000);
  const { child: watch, found: page } = await started(['watch', ...options('watch')], /page\s+(https:\S+)\n/);
  const server = `https://localhost:${new URL(page).port}`;
  const { token } = (await ask('POST', '/agents', { body: { agent: 'probe-1', location: 'dmz' } })) as { token: string };

  const [args, env] = asAgent(server, token);
  const untrusting = await runCli([...args, '--quiet'], { env });
  expect(untrusting).toMatchObject({ exitCode: 3, stdout: '' });
  expect(untrusting.stderr.trim().split('\n')).toEqual([
    expect.stringMatching(/^localhost:\d+: the TLS certificate is from a CA that this machine does not trust .* The token was not sent\. .*--ca FILE/),
  ]);
  expect(await ask('GET', '/agents')).toMatchObject([{ agent: 'probe-1', lastUsedAt: null }]);

  const [trusting] = asAgent(server, token, '--ca', join(folder, 'ca.pem'));
  const { child: agent } = await started(trusting, /Working for the location (dmz)/, env);
  let said = '';
  agent.stderr?.on('data', (part: Buffer) => (said += part.toString()));
  const ended = once(agent, 'exit');
  await expect
    .poll(async () => (await slots()).filter(({ state, location }) => state === 'healthy' && location === 'dmz').length, {
      timeout: 90_000,
    })
    .toBeGreaterThan(0);

  // A token that is revoked ends the agent, which says so.
  await ask('POST', '/agents/revoke', { body: { agent: 'probe-1' } });
  expect(await ended).toEqual([3, null]);
  expect(said).toMatch(/localhost:\d+ refuses the token: it is not known there, or was revoked\./);
  watch.kill('SIGTERM');
  expect(await once(watch, 'exit')).toEqual([0, null]);
});
