/**
 * Secret stores. Vault and Azure Key Vault: their documented HTTP APIs, emulated on loopback with real TLS (no server of theirs can be installed here).
 * The keyring: a real GNOME Keyring where it is installed.
 */
import { execFile, spawnSync } from 'node:child_process';
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { testAuthority, testServerCertificate } from '../testing/test-certificates';
import { closedPort, httpServer, httpsServer, type TestServer } from '../testing/test-server';
import { resolveSecret } from './resolve-secret';
import type { SecretResult } from './secret';

const canary = 'Grün & "57%" +\\x';
const variables = [
  'VAULT_ADDR',
  'VAULT_TOKEN',
  'VAULT_TOKEN_FILE',
  'VAULT_NAMESPACE',
  'VAULT_CACERT',
  'AZURE_TENANT_ID',
  'AZURE_CLIENT_ID',
  'AZURE_CLIENT_SECRET',
]
  .concat(['AZURE_AUTHORITY_HOST', 'AZURE_KEYVAULT_DNS_SUFFIX', 'IDENTITY_ENDPOINT', 'IDENTITY_HEADER', 'NODE_EXTRA_CA_CERTS'])
  .map((name) => [name, process.env[name]] as const);

let folder: string;
let ca: string;
let server: TestServer;
let seen: { path: string; method: string; headers: IncomingMessage['headers']; body: string }[] = [];
/** The store's answer by path. */
let answers: Record<string, { status: number; json: unknown }> = {};

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-stores-'));
  const authority = await testAuthority('Store CA');
  ca = join(folder, 'ca.pem');
  await writeFile(ca, authority.cert);
  server = await httpsServer(await testServerCertificate(['localhost', 'crm-vault.vault.localhost'], { signedBy: authority }), (request, response) => {
    let body = '';
    request.on('data', (data: Buffer) => (body += data.toString()));
    request.on('end', () => {
      const path = request.url ?? '';
      seen.push({ path, method: request.method ?? '', headers: request.headers, body });
      const answer = answers[path];
      if (answer?.status === 0) return; // accepts and never answers
      response.writeHead(answer?.status ?? 404, { 'Content-Type': 'application/json' }).end(JSON.stringify(answer?.json ?? { errors: [canary] }));
    });
  });
});
test.afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});
test.beforeEach(() => {
  seen = [];
  answers = {};
  for (const [name] of variables) delete process.env[name];
});
test.afterEach(() => {
  for (const [name, value] of variables) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

const resolve = (reference: string): Promise<SecretResult> => resolveSecret(reference, { interactive: false });
async function refused(reference: string, why: RegExp): Promise<void> {
  const result = await resolve(reference);
  expect(result).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  expect(JSON.stringify(result)).not.toContain('57%');
  expect(JSON.stringify(result)).not.toContain('hvs.token');
}

test.describe('vault:', () => {
  test.beforeEach(() => Object.assign(process.env, { VAULT_ADDR: `https://localhost:${server.port}/`, VAULT_TOKEN: 'hvs.token', VAULT_CACERT: ca }));
  const found = { status: 200, json: { data: { data: { password: canary, 'with/slash': 'x' }, metadata: { version: 3 } } } };

  test('a key of a KV version 2 secret is read with token and namespace', async () => {
    process.env.VAULT_NAMESPACE = 'ops/crm';
    answers['/v1/secret/data/crm/probe'] = found;
    const result = await resolve('vault:secret/crm/probe#password');
    expect(result.ok && result.value.use()).toBe(canary);
    expect(seen).toMatchObject([{ method: 'GET', headers: { 'x-vault-token': 'hvs.token', 'x-vault-namespace': 'ops/crm', 'x-vault-request': 'true' } }]);
    answers['/v1/teams/crm/data/a%20b'] = found;
    expect((await resolve('vault:teams/crm//a b#with/slash')).ok).toBe(true);
  });

  test('the token may come from a file, as Vault’s own tool leaves it', async () => {
    delete process.env.VAULT_TOKEN;
    process.env.VAULT_TOKEN_FILE = join(folder, 'token');
    await refused('vault:secret/crm/probe#password', /token.*found neither/i);
    await writeFile(process.env.VAULT_TOKEN_FILE, 'hvs.token\n');
    answers['/v1/secret/data/crm/probe'] = found;
    expect((await resolve('vault:secret/crm/probe#password')).ok).toBe(true);
  });

  test('each refusal says why, and never what was answered', async () => {
    for (const [status, why] of [
      [403, /may not read it, or has expired/],
      [404, /nothing at that path/],
      [503, /sealed/],
      [500, /unexpected answer \(status 500\)/],
    ] as const) {
      answers['/v1/secret/data/crm/probe'] = { status, json: { errors: [canary] } };
      await refused('vault:secret/crm/probe#password', why);
    }
    answers['/v1/secret/data/crm/probe'] = found;
    await refused('vault:secret/crm/probe#user', /no text under the key "user"/);
    process.env.VAULT_ADDR = `https://127.0.0.1:${await closedPort()}`;
    await refused('vault:secret/crm/probe#password', /ECONNREFUSED/);
    delete process.env.VAULT_ADDR;
    await refused('vault:secret/crm/probe#password', /VAULT_ADDR/);
  });

  test('a server that is not who it says, or speaks plain http beyond loopback, gets no token', async () => {
    answers['/v1/secret/data/crm/probe'] = found;
    delete process.env.VAULT_CACERT;
    await refused('vault:secret/crm/probe#password', /CERT|SELF_SIGNED|UNABLE_TO/);
    process.env.VAULT_CACERT = join(folder, 'missing.pem');
    await refused('vault:secret/crm/probe#password', /CA file.*ENOENT/);
    Object.assign(process.env, { VAULT_CACERT: ca, VAULT_ADDR: `https://127.0.0.1:${server.port}` });
    await refused('vault:secret/crm/probe#password', /ALTNAME/);
    process.env.VAULT_ADDR = 'http://vault.example.test:8200';
    await refused('vault:secret/crm/probe#password', /expected an https/);
    expect(seen).toEqual([]);
  });

  test('a server that never answers is given up after ten seconds', async () => {
    answers['/v1/secret/data/crm/probe'] = { status: 0, json: null };
    const startedAt = performance.now();
    await refused('vault:secret/crm/probe#password', /no complete answer within 10 s/);
    expect(performance.now() - startedAt).toBeLessThan(14_000);
  });
});

/** In a process of its own: NODE_EXTRA_CA_CERTS is read once. */
function resolveElsewhere(reference: string, env: NodeJS.ProcessEnv, wrapper: readonly string[] = []): Promise<{ ok: boolean; value?: string; why?: string }> {
  const script = `require('ts-node/register'); const { resolveSecret } = require('./probes/secrets/resolve-secret');
resolveSecret(process.argv[1], { interactive: false }).then((r) => process.stdout.write(JSON.stringify(r.ok ? { ok: true, value: r.value.use() } : r)));`;
  const [command = process.execPath, ...args] = [...wrapper, process.execPath, '-e', script, reference];
  return new Promise((done, failed) => {
    execFile(command, args, { cwd: join(__dirname, '..', '..'), env: { ...process.env, ...env }, timeout: 40_000 }, (error, stdout, stderr) =>
      stdout.startsWith('{') ? done(JSON.parse(stdout) as { ok: boolean }) : failed(new Error(`${error?.message} ${stderr}`)),
    );
  });
}

test.describe('azurekv:', () => {
  const secretPath = '/secrets/crm-probe?api-version=7.4';
  const env = (): NodeJS.ProcessEnv => ({
    AZURE_AUTHORITY_HOST: `https://localhost:${server.port}`,
    AZURE_KEYVAULT_DNS_SUFFIX: `vault.localhost:${server.port}`,
    NODE_EXTRA_CA_CERTS: ca,
  });
  const client = { AZURE_TENANT_ID: 'tenant-1', AZURE_CLIENT_ID: 'client-1', AZURE_CLIENT_SECRET: 's3cret & more' };

  test('a secret is read with a client’s credentials', async () => {
    answers['/tenant-1/oauth2/v2.0/token'] = { status: 200, json: { access_token: 'eyJ.token', token_type: 'Bearer' } };
    answers[secretPath] = { status: 200, json: { value: canary, id: 'https://…' } };
    expect(await resolveElsewhere('azurekv:crm-vault/crm-probe', { ...env(), ...client })).toEqual({ ok: true, value: canary });
    expect(seen.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /tenant-1/oauth2/v2.0/token', `GET ${secretPath}`]);
    expect(Object.fromEntries(new URLSearchParams(seen[0]?.body))).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client-1',
      client_secret: 's3cret & more',
      scope: 'https://vault.localhost/.default',
    });
    expect(seen[1]?.headers.authorization).toBe('Bearer eyJ.token');
  });

  test('refusals are told by their code, without what was sent', async () => {
    answers['/tenant-1/oauth2/v2.0/token'] = { status: 401, json: { error: 'invalid_client', error_description: 'wrong s3cret & more' } };
    const wrong = await resolveElsewhere('azurekv:crm-vault/crm-probe', { ...env(), ...client });
    expect(wrong).toMatchObject({ ok: false, why: expect.stringMatching(/status 401 \(invalid_client\)/) });
    expect(JSON.stringify(wrong)).not.toContain('s3cret');
    answers['/tenant-1/oauth2/v2.0/token'] = { status: 200, json: { access_token: 'eyJ.token' } };
    answers[secretPath] = { status: 403, json: { error: { message: canary } } };
    expect(await resolveElsewhere('azurekv:crm-vault/crm-probe', { ...env(), ...client })).toMatchObject({
      why: expect.stringContaining('may not read secrets'),
    });
    expect(await resolveElsewhere('azurekv:crm-vault/crm-probe', { ...env(), AZURE_CLIENT_SECRET: 'x' })).toMatchObject({
      why: expect.stringContaining('set all three'),
    });
  });

  test('without them the machine’s managed identity is asked', async () => {
    const identity = await httpServer((request, response) => {
      const good = request.headers['x-identity-header'] === 'header-1' && request.url?.includes('resource=https%3A%2F%2Fvault.localhost');
      response.writeHead(good ? 200 : 400).end(JSON.stringify(good ? { access_token: 'eyJ.identity' } : {}));
    });
    try {
      answers[secretPath] = { status: 200, json: { value: canary } };
      const identityEnv = { IDENTITY_ENDPOINT: `http://127.0.0.1:${identity.port}/msi/token`, IDENTITY_HEADER: 'header-1' };
      expect(await resolveElsewhere('azurekv:crm-vault/crm-probe', { ...env(), ...identityEnv })).toEqual({ ok: true, value: canary });
      expect(seen.at(-1)?.headers.authorization).toBe('Bearer eyJ.identity');
    } finally {
      await identity.close();
    }
  });
});

test.describe('keyring:', () => {
  const installed = process.platform === 'linux' && ['gnome-keyring-daemon', 'dbus-run-session'].every((tool) => spawnSync('which', [tool]).status === 0);

  test('a real GNOME Keyring gives what was stored in it, and says what is not there', async () => {
    test.skip(!installed, 'gnome-keyring and dbus-run-session are not installed');
    const home = await mkdtemp(join(folder, 'home-'));
    await chmod(home, 0o700);
    const env = { HOME: home, XDG_DATA_HOME: join(home, 'share'), XDG_RUNTIME_DIR: home, CANARY: canary };
    const store = `const { Entry } = require('@napi-rs/keyring'); new Entry('signin-probe', 'contoso').setPassword(process.env.CANARY);`;
    const session = (then: string): string[] => [
      'dbus-run-session',
      '--',
      'sh',
      '-c',
      `printf test | gnome-keyring-daemon --unlock --components=secrets >/dev/null 2>&1; ${then} "$@"`,
      'sh',
    ];
    const stored = `'${process.execPath}' -e "${store}" &&`;
    expect(await resolveElsewhere('keyring:signin-probe/contoso', env, session(stored))).toEqual({ ok: true, value: canary });
    expect(await resolveElsewhere('keyring:signin-probe/nobody', env, session(''))).toMatchObject({
      ok: false,
      why: expect.stringContaining('has no entry "nobody" of the service "signin-probe"'),
    });
  });

  test('where there is no keyring, that is said in one sentence', async () => {
    test.skip(process.platform !== 'linux', 'Windows and macOS always have one');
    const result = await resolveElsewhere('keyring:signin-probe/contoso', {
      DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nonexistent',
      DISPLAY: '',
      WAYLAND_DISPLAY: '',
    });
    expect(result).toMatchObject({ ok: false, why: expect.stringMatching(/keyring could not be read: this session has none.*file:PATH/) });
  });
});
