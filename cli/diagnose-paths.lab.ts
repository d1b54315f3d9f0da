import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { aspNet, events } from '../recordings/testing/sample-events';
import { reportSchema } from '../contracts/report';
import { runCli } from './testing/run-cli';

const golden = join(__dirname, '../diagnosis/golden/unexplained/evidence.json');
let folder: string;
let logs: readonly [string, string];
let runFolder: string;
let har: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-paths-'));
  logs = [join(folder, 'crm.xml'), join(folder, 'adfs.xml')];
  runFolder = join(folder, 'run');
  har = join(folder, 'colleague.har');
  await mkdir(runFolder);
  await copyFile(golden, join(runFolder, 'evidence.json'));
  for (const log of logs) await writeFile(log, events(aspNet('2020-01-01T00:00:00.000Z', 'ID4175: nobody here')));
  await writeFile(har, '{"log":{"version":"1.2","creator":{"name":"x","version":"1"},"entries":[]}}');
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('the path stands anywhere among the event logs: what was saved is told from a log by what it is', async () => {
  for (const args of [
    [runFolder, '--event-log', ...logs],
    ['--event-log', ...logs, runFolder],
    ['--event-log', logs[0], runFolder, '--event-log', logs[1]],
    ['--event-log', runFolder, ...logs],
    ['--event-log', ...logs, join(runFolder, 'evidence.json')],
    ['--event-log', logs[0], logs[1], '--', runFolder],
  ]) {
    const { exitCode, stdout, stderr } = await runCli(['diagnose', ...args, '--json'].filter((arg) => arg !== '--json' || !args.includes('--')));
    expect(exitCode, `${args.join(' ')}: ${stderr}`).toBe(2);
    if (args.includes('--')) continue;
    const [result] = reportSchema.parse(JSON.parse(stdout)).results;
    expect(
      result?.captureErrors.filter(({ capture }) => capture === 'event-log'),
      args.join(' '),
    ).toHaveLength(2);
  }
});

test('a HAR among the event logs is what is judged', async () => {
  const { exitCode, stderr } = await runCli(['diagnose', '--event-log', logs[0], har]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain(har);
  expect(stderr).toContain('nothing was recorded');
});

test('without a path the message names what --event-log took, and how to write it', async () => {
  const none = await runCli(['diagnose']);
  expect(none).toMatchObject({ exitCode: 3, stdout: '' });
  expect(none.stderr).toContain("missing required argument 'path'");
  const { exitCode, stdout, stderr } = await runCli(['diagnose', '--event-log', ...logs]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 3, stdout: '' });
  expect(stderr).toContain(`--event-log took ${logs[0]} and ${logs[1]}`);
  expect(stderr).toContain('signin-probe diagnose PATH --event-log');
});

test('two saved runs among the event logs are too many: which is meant is not guessed', async () => {
  const { exitCode, stderr } = await runCli(['diagnose', '--event-log', runFolder, har]);
  expect(exitCode).toBe(3);
  expect(stderr).toContain('signin-probe diagnose PATH --event-log');
});
