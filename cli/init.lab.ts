import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Lab, startLab } from '../lab/start-lab';
import { noPseudoTerminal, onPseudoTerminal } from './testing/on-pseudo-terminal';
import { runCli } from './testing/run-cli';

let lab: Lab;
let folder: string;

test.beforeAll(async () => {
  [lab, folder] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-init-'))]);
});
test.afterAll(async () => {
  await lab?.close();
  await rm(folder, { recursive: true, force: true });
});

/** The lab's names are known nowhere else: each is pinned. */
const pinned = (): string[] => {
  const hosts = [lab.urls.internal, lab.urls.ifd, lab.urls.sts].map((url) => new URL(url).hostname);
  const domain = new URL(lab.urls.sts).hostname.split('.').slice(1).join('.');
  return [...hosts, `auth.${domain}`].flatMap((host) => ['--resolve', `${host}=127.0.0.1`]);
};
const init = (config: string, ...args: string[]) =>
  runCli(['init', '--config', config, '--internal', lab.urls.internal, '--ifd', lab.urls.ifd, '--ca', lab.ca, ...pinned(), ...args]);
const account = (): string[] => ['--user', lab.credentials.user, '--password', `env:INIT_TEST_PASSWORD`];

test('init writes a configuration with which check and run work', async () => {
  const config = join(folder, 'whole.yaml');
  const { exitCode, stdout, stderr } = await init(config, '--sts', lab.urls.sts, ...account());
  expect(exitCode, stderr).toBe(0);
  expect(stdout).toContain('Next: signin-probe check');
  expect((await readFile(config, 'utf8')).split('\n')[0]).toBe('# yaml-language-server: $schema=./signin-probe.schema.json');
  const env = { INIT_TEST_PASSWORD: lab.credentials.password };
  const ran = await runCli(['run', '--config', config, '--out', folder, '--route', 'ifd'], { env });
  expect(ran.exitCode, ran.stderr).toBe(0);
});

test('the STS that CRM redirects to is a suggestion: without a terminal to confirm it on, nothing is written', async () => {
  const config = join(folder, 'unconfirmed.yaml');
  const { exitCode, stderr } = await init(config, ...account());
  expect(exitCode).toBe(3);
  expect(stderr).toContain(`give --sts ${new URL(lab.urls.sts).origin} if that is your STS`);
  await expect(readFile(config)).rejects.toThrow('ENOENT');
});

test('another STS than CRM redirects to is taken, and said', async () => {
  const { exitCode, stderr } = await init(join(folder, 'other.yaml'), '--sts', 'https://sts.fabrikam.test', ...account());
  expect(exitCode, stderr).toBe(0);
  expect(stderr).toContain('not to https://sts.fabrikam.test');
});

test('a configuration that is there is not replaced, and a literal password is refused without repeating it', async () => {
  const config = join(folder, 'there.yaml');
  await writeFile(config, 'mine');
  expect(await init(config, '--sts', lab.urls.sts, ...account())).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('is there already') });
  expect(await readFile(config, 'utf8')).toBe('mine');
  const { exitCode, stderr } = await init(join(folder, 'literal.yaml'), '--sts', lab.urls.sts, '--user', 'CONTOSO\\probe', '--password', 'canary-77');
  expect(exitCode).toBe(3);
  expect(stderr).toContain('--password: Expected a reference');
  expect(stderr).not.toContain('canary-77');
});

test('at a terminal a bad answer is asked for again, blames no option, and loses none of the others', async () => {
  const why = noPseudoTerminal();
  test.skip(why !== null, `no pseudo-terminal: ${why}`);
  const config = join(folder, 'asked.yaml');
  const session = onPseudoTerminal(['init', '--config', config, '--ca', lab.ca, ...pinned()], {});
  const answer = async (question: string, ...answers: string[]): Promise<void> => {
    for (const each of answers) {
      await session.shows(question);
      session.type(`${each}\n`);
    }
  };
  await answer('Internal CRM address', 'not an address', '');
  await answer('Internet-facing CRM address', '', lab.urls.ifd);
  await answer('Is that your STS', 'perhaps', 'yes');
  await answer('Account that signs in', '', 'CONTOSO\\probe');
  await answer('Where its password is kept', 'canary-78', 'env:INIT_TEST_PASSWORD');
  expect(await session.ended, session.screen()).toBe(0);
  expect(session.screen()).toContain('Expected an address such as https://crm.contoso.com/, found "not an address".');
  expect(session.screen()).toContain('Expected yes or no, found "perhaps".');
  expect(session.screen()).not.toContain('--password');
  const written = await readFile(config, 'utf8');
  expect(written).toContain('user: CONTOSO\\probe');
  expect(written).not.toContain('canary-78');
});

test('--dns is asked and written, and an absolute path stays absolute', async () => {
  const config = join(folder, 'dns.yaml');
  const { exitCode, stderr } = await init(config, '--sts', lab.urls.sts, '--dns', '127.0.0.1:5353', ...account());
  expect(exitCode, stderr).toBe(0);
  const written = await readFile(config, 'utf8');
  expect(written).toContain('dns: 127.0.0.1:5353');
  expect(written).toContain(`ca: ${lab.ca}`);
  const wrong = await init(join(folder, 'wrong.yaml'), '--sts', lab.urls.sts, '--dns', 'dns.contoso.com', ...account());
  expect(wrong.exitCode).toBe(3);
  expect(wrong.stderr).toContain('--dns: Expected an IP address');
});
