import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Slot } from '../contracts/monitoring';
import { type Lab, startLab } from '../lab/start-lab';
import { askControl, runningWatches } from '../monitor/control/control';
import { runCli } from './testing/run-cli';

const root = join(__dirname, '..');
let lab: Lab;
let folder = '';
let watch: ChildProcess | null = null;

test.beforeAll(async () => {
  lab = await startLab();
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-watch-'));
});
test.afterAll(async () => {
  watch?.kill('SIGKILL');
  await lab.close();
  await rm(folder, { recursive: true, force: true });
});

const config = (): string => join(folder, 'signin-probe.yaml');
const options = (): string[] => ['--config', config(), '--out', join(folder, 'output')];

async function configure(schedule: string): Promise<void> {
  const text = await readFile(lab.config, 'utf8');
  const relocated = text.replace('  - name: contoso', `  - name: contoso\n    schedule: ${schedule}`);
  await writeFile(config(), `${relocated}\nweb: { listen: '127.0.0.1:0' }\nmonitor: { confirmAfterSeconds: 0, concurrency: 2 }\n`);
}

/** Starts `watch` as a user would; resolves with the address of its page once it is ready. */
async function start(): Promise<{ process: ChildProcess; page: string }> {
  const child = spawn(process.execPath, [join(root, 'bin', 'signin-probe.js'), 'watch', ...options()], {
    env: { ...process.env, SIGNIN_PROBE_STATE: join(folder, 'state') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  watch = child;
  let said = '';
  const page = await new Promise<string>((resolve, reject) => {
    const listen = (part: Buffer): void => {
      said += part.toString();
      const address = /page\s+(http:\S+)/.exec(said)?.[1];
      if (address) resolve(address);
    };
    child.stdout.on('data', listen);
    child.stderr.on('data', listen);
    child.once('exit', () => reject(new Error(`watch ended: ${said}`)));
  });
  return { process: child, page };
}

/** What `signin-probe export` prints, asked for without starting a process each time. */
async function exported(): Promise<Slot[]> {
  const [running] = await runningWatches(folder);
  if (!running) return [];
  let text = '';
  await askControl(running, 'GET', '/export?format=jsonl', { onData: (part) => (text += part.toString()) });
  return text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Slot);
}

const states = async (): Promise<string[]> => (await exported()).map(({ state, missedBecause }) => missedBecause ?? state);

test('watch signs in on schedule, takes a new configuration, says what a rollover broke, survives kill -9 and notes it, and ends on SIGTERM', async () => {
  test.skip(process.platform === 'win32', 'signals; on Windows the commands do the same');
  test.setTimeout(300_000);
  await configure('every 5s');
  const first = await start();
  expect((await fetch(`${first.page}/readyz`)).status).toBe(200);
  await expect.poll(states, { timeout: 90_000 }).toContain('healthy');

  // An error in the configuration leaves everything as it is.
  await configure('every day');
  const refused = await runCli(['reload', ...options()]);
  expect([refused.exitCode, refused.stderr]).toEqual([3, expect.stringContaining('keeps its configuration')]);
  await configure('every 6s');
  expect((await runCli(['reload', ...options()])).stdout).toContain('1 target, 2 sign-ins');
  await expect.poll(states, { timeout: 60_000 }).toContain('withdrawn');

  await lab.rollover('promote');
  await expect.poll(states, { timeout: 90_000 }).toContain('broken');
  expect((await runCli(['export', ...options(), '--format', 'csv'])).stdout).toContain('adfs-signing-cert-rolled');
  const broken = (await exported()).find(({ state }) => state === 'broken');
  expect(broken).toMatchObject({ cause: 'adfs-signing-cert-rolled', kb: '2686840', attempts: 2 });

  first.process.kill('SIGKILL');
  await once(first.process, 'exit');
  const killedAt = new Date().toISOString();
  const second = await start();
  await expect
    .poll(async () => (await exported()).filter(({ state, slotAt }) => state === 'broken' && slotAt > killedAt).length, { timeout: 120_000 })
    .toBeGreaterThan(0);
  // Whatever was under way or due meanwhile ended with a word; nothing is open that should have been run.
  const slots = await exported();
  for (const { state, why } of slots) if (state === 'missed') expect(why).toMatch(/watch|answering|Nobody|busy/);
  expect(new Set(slots.map(({ id }) => id)).size).toBe(slots.length);

  const before = Date.now();
  second.process.kill('SIGTERM');
  const [exitCode] = (await once(second.process, 'exit')) as [number | null];
  expect(exitCode).toBe(0);
  expect(Date.now() - before).toBeLessThan(20_000);
});

test('a watch whose address is taken says so and ends, and leaves nothing at work', async () => {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const place = await mkdtemp(join(tmpdir(), 'signin-probe-watch-'));
  try {
    await writeFile(join(place, 'signin-probe.yaml'), `${await readFile(lab.config, 'utf8')}\nweb: { listen: '127.0.0.1:${port}' }\n`);
    const { exitCode, stderr } = await runCli(['watch', '--config', join(place, 'signin-probe.yaml'), '--out', join(place, 'output')]);
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining(`127.0.0.1:${port} is in use already, perhaps by another watch.`)]);
    expect(stderr).not.toContain('Trying on');
    expect(await runningWatches(place)).toEqual([]);
  } finally {
    server.close();
    await rm(place, { recursive: true, force: true });
  }
});
