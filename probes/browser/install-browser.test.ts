import { expect, test } from '@playwright/test';
import { installerEnvironment } from './browser-environment';
import { installBrowser, runCommand, type CommandResult } from './install-browser';

/** Answers commands in turn and keeps what was run. */
function runner(answers: readonly CommandResult[]): { run: (command: string, args: readonly string[]) => Promise<CommandResult>; ran: string[] } {
  const ran: string[] = [];
  return { ran, run: async (command, args) => answers[ran.push(`${command} ${args.join(' ')}`) - 1] ?? { code: 1, output: '' } };
}

test('as root on Debian the package is installed, with the lists updated where it is not known yet', async () => {
  const said: string[] = [];
  const { run, ran } = runner([
    { code: 100, output: 'E: Unable to locate package chromium-headless-shell\n' },
    { code: 0, output: '' },
    { code: 0, output: '' },
  ]);
  const result = await installBrowser({ say: (text) => said.push(text), run, rootOnDebian: true });
  expect(result).toEqual({ ok: true, how: 'apt-get install --no-install-recommends chromium-headless-shell' });
  expect(ran).toEqual([
    'apt-get install --yes --no-install-recommends chromium-headless-shell',
    'apt-get update',
    'apt-get install --yes --no-install-recommends chromium-headless-shell',
  ]);
  expect(said[0]).toBe('installing a browser: apt-get install --no-install-recommends chromium-headless-shell');
});

test("elsewhere Playwright's own is installed by the Playwright of this project", async () => {
  const { run, ran } = runner([{ code: 0, output: '' }]);
  expect(await installBrowser({ say: () => undefined, run, rootOnDebian: false })).toEqual({ ok: true, how: 'npx playwright install --only-shell chromium' });
  expect(ran[0]).toMatch(/playwright[\\/]cli\.js install --only-shell chromium$/);
});

test('a failure names each way that was tried, its reason, and what a person can run', async () => {
  const { run } = runner([{ code: 1, output: 'Downloading Chromium\nError: getaddrinfo ENOTFOUND download.example\n' }]);
  const result = await installBrowser({ say: () => undefined, run, rootOnDebian: false });
  expect(result).toMatchObject({
    ok: false,
    why: expect.stringMatching(
      /^No browser could be installed\. `npx playwright install --only-shell chromium` ended with exit code 1: Error: getaddrinfo ENOTFOUND download\.example\. Install one by hand: .+\.$/,
    ),
  });
});

test('an installer gets no secret of the environment, and what it needs to download', async () => {
  const needed = {
    HTTPS_PROXY: 'http://proxy.contoso.com:8080',
    PLAYWRIGHT_DOWNLOAD_HOST: 'https://mirror.contoso.com',
    PLAYWRIGHT_CHROMIUM_DOWNLOAD_HOST: 'https://mirror.contoso.com',
    npm_config_playwright_download_host: 'https://mirror.contoso.com',
    NODE_EXTRA_CA_CERTS: '/etc/ca.pem',
  };
  const secret = {
    CRM_PROBE_PASSWORD: 'canary-1',
    VAULT_TOKEN: 'canary-2',
    AZURE_CLIENT_SECRET: 'canary-3',
    SIGNIN_PROBE_STORE: 'postgres://probe:canary-4@db/x',
    'npm_config_//registry.contoso.com/:_authToken': 'canary-5',
    npm_config__auth: 'canary-6',
    NODE_AUTH_TOKEN: 'canary-7',
  };
  const before = { ...process.env };
  // Without the certificates, which this process would look for when it starts another Node.js.
  Object.assign(process.env, { ...needed, ...secret, NODE_EXTRA_CA_CERTS: undefined });
  delete process.env.NODE_EXTRA_CA_CERTS;
  try {
    const { code, output } = await runCommand(process.execPath, ['-e', 'console.log(JSON.stringify(process.env))']);
    expect(code).toBe(0);
    expect(output).not.toContain('canary');
    const { NODE_EXTRA_CA_CERTS, ...others } = needed;
    expect(JSON.parse(output)).toMatchObject({ ...others, DEBIAN_FRONTEND: 'noninteractive' });
    expect(installerEnvironment({ NODE_EXTRA_CA_CERTS })).toMatchObject({ NODE_EXTRA_CA_CERTS });
  } finally {
    for (const name of Object.keys({ ...needed, ...secret })) delete process.env[name];
    Object.assign(process.env, before);
  }
});
