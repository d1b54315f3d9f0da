/** `watch` and `run` at once with one account and one state folder: between them a wrong password is submitted once, and a right one serves both. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import type { Slot } from '../../contracts/monitoring';
import { type Lab, startLab } from '../../lab/start-lab';
import { askControl, runningWatches } from '../../monitor/control/control';
import { runCli } from '../../cli/testing/run-cli';
import { type LiveWatch, startLiveWatch } from './testing/live-watch';
import { noteSubmissions } from './testing/note-submissions';

test.skip(process.platform === 'win32', 'ends watch by a signal');
test.setTimeout(240_000);
const rounds = process.env.SECURITY_FULL ? 5 : 1;

let lab: Lab;
let folder: string;
let watch: LiveWatch | null = null;
test.beforeAll(async () => {
  [lab, folder] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-both-'))]);
});
test.afterAll(async () => {
  await watch?.stop();
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});

async function ended(): Promise<Slot[]> {
  const [running] = await runningWatches(folder);
  let text = '';
  if (running) await askControl(running, 'GET', '/export?format=jsonl', { onData: (part) => (text += part.toString()) });
  const all = text.split('\n').filter(Boolean);
  return all.map((line) => JSON.parse(line) as Slot).filter(({ state }) => ['healthy', 'at-risk', 'broken', 'unknown'].includes(state));
}

test('a wrong password is submitted once between them, however often both begin; a right one then signs in with both', async () => {
  const [password, config, state] = [join(folder, 'password'), join(folder, 'both.yaml'), join(folder, 'state')];
  await writeFile(password, 'Not the right 1 "&%"', { mode: 0o600 });
  // One route, the form: what is submitted is what the lab counts.
  const text = await readFile(lab.config, 'utf8');
  await writeFile(config, text.replace(/password: \S+/g, `password: file:${password}`).replace(/ {4}internal:(\n {6}.*)+\n/, ''));
  expect(await readFile(config, 'utf8'), 'the form only').not.toContain('internal:');
  const run = async (): Promise<number | null> =>
    (await runCli(['run', '--config', config, '--out', join(folder, 'run')], { env: { SIGNIN_PROBE_STATE: state } })).exitCode;
  const both = async (): Promise<(number | null)[]> => {
    const codes: (number | null)[] = [];
    for (let round = 0; round < rounds; round++) codes.push(...(await Promise.all([run(), run()])));
    return codes;
  };
  const before = lab.adfs.counters.passwordSubmissions;
  watch = await startLiveWatch({ config, folder, state, schedule: 'every 5s' });
  const wrong = await both();
  await expect.poll(async () => (await ended()).length, { timeout: 60_000 }).toBeGreaterThan(1);
  const submitted = lab.adfs.counters.passwordSubmissions - before;
  const slots = await ended();
  noteSubmissions(wrong.length + slots.length, submitted);
  expect(submitted).toBe(1);
  expect(wrong).toEqual(wrong.map(() => 3));
  expect(slots.map(({ state: verdict }) => verdict)).toEqual(slots.map(() => 'unknown'));

  await writeFile(password, lab.credentials.password);
  const changedAt = new Date().toISOString();
  expect(await both()).toEqual(wrong.map(() => 0));
  await expect
    .poll(async () => (await ended()).filter(({ state: verdict, slotAt }) => verdict === 'healthy' && slotAt > changedAt).length, { timeout: 60_000 })
    .toBeGreaterThan(0);
  expect(await watch.stop()).toBe(0);
  watch = null;
});
