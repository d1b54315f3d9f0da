import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { expect, test } from '@playwright/test';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { type TestIdentity, testAuthority, testServerCertificate } from '../../probes/testing/test-certificates';
import { readMonitorSettings } from '../settings/monitor-settings';
import { type Agent, type AgentOptions, startAgent } from './start-agent';

const token = 'spa_not-to-be-sent';
const dayMs = 86_400_000;
let folder = '';
let authority: TestIdentity;
let company: string;
let foreign: string;

test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-agent-tls-'));
  authority = await testAuthority('The company CA');
  company = join(folder, 'company.pem');
  foreign = join(folder, 'foreign.pem');
  await writeFile(company, authority.cert);
  await writeFile(foreign, (await testAuthority('Another CA')).cert);
  await writeFile(join(folder, 'no-certificate.pem'), 'not a certificate');
  await writeFile(join(folder, 'token'), token, { mode: 0o600 });
  await writeFile(
    join(folder, 'signin-probe.yaml'),
    `targets:\n  - { name: t, ifd: { url: 'https://crm.contoso.test/' }, sts: https://sts.contoso.test, account: { user: probe, password: ` +
      `'file:${join(folder, 'token')}' } }\n`,
  );
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

const agent = (server: string, more: Partial<AgentOptions> = {}): Promise<Agent> =>
  startAgent({
    settings: readMonitorSettings(join(folder, 'signin-probe.yaml')),
    browser: { name: 'configured', executablePath: null, version: 'none' },
    log: createLog({ level: 'error', quiet: true, redactor: createRedactor() }),
    outFolder: folder,
    verbose: false,
    location: 'dmz',
    server,
    token: `file:${join(folder, 'token')}`,
    runner: () => Promise.resolve([]),
    ...more,
  });

/** Everything that anybody sends to a server with this certificate once TLS stands; empty as long as clients turn away. */
async function received(identity: TestIdentity, work: (port: number) => Promise<void>): Promise<string> {
  let text = '';
  const server = tls.createServer(identity, (socket) => {
    socket.on('error', () => undefined);
    socket.on('data', (part: Buffer) => (text += part.toString('latin1')));
  });
  server.on('tlsClientError', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await work((server.address() as AddressInfo).port);
  } finally {
    server.close();
  }
  return text;
}

test('a server that does not prove its name gets no byte of the token, and the agent does not begin', async () => {
  const signedBy = authority;
  const good = await testServerCertificate(['localhost'], { signedBy });
  const cases: readonly (readonly [TestIdentity, string | undefined, RegExp])[] = [
    [await testServerCertificate(['other.contoso.test'], { signedBy }), company, /the TLS certificate is not for localhost but for other\.contoso\.test/],
    [await testServerCertificate(['localhost'], { signedBy, notAfter: new Date(Date.now() - dayMs / 24) }), company, /the TLS certificate has expired/],
    [await testServerCertificate(['localhost'], { signedBy, notBefore: new Date(Date.now() + dayMs) }), company, /not valid yet .*clock/],
    [await testServerCertificate(['localhost']), company, /neither from the CA in .*company\.pem nor from one this machine trusts/],
    [good, undefined, /is from a CA that this machine does not trust .*Name the CA's certificate with --ca FILE/],
    [good, foreign, /neither from the CA in .*foreign\.pem nor/],
  ];
  for (const [identity, ca, text] of cases)
    expect(
      await received(identity, async (port) => {
        const refusal = await agent(`https://localhost:${port}`, { ca }).then(
          () => 'it began',
          (error: Error) => error.message,
        );
        expect(refusal).toMatch(text);
        expect(refusal).toMatch(/^localhost:\d+: .*The token was not sent\./);
      }),
    ).toBe('');
});

test('a server that speaks no TLS, an address without it, and a CA file without a certificate are refused with what to do', async () => {
  await expect(agent('http://watch.contoso.test')).rejects.toThrow('found http://watch.contoso.test. Plain http would send the token in clear');
  await expect(agent('http://user:secret@10.0.0.5/')).rejects.toThrow('found http://10.0.0.5. Plain http');
  await expect(agent('https://localhost', { ca: join(folder, 'no-certificate.pem') })).rejects.toThrow(/^--ca: expected the CA's certificate as PEM/);
  await expect(agent('https://localhost', { ca: join(folder, 'none.pem') })).rejects.toThrow(/^--ca: .*none\.pem \(ENOENT\)/);
  const plain = await import('node:net').then(({ createServer: listen }) => listen((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')));
  await new Promise<void>((resolve) => plain.listen(0, '127.0.0.1', resolve));
  await expect(agent(`https://localhost:${(plain.address() as AddressInfo).port}`)).rejects.toThrow(/TLS could not be agreed on .*web\.tls/);
  plain.close();
});

test('an agent at work waits while the certificate of its watch is wrong, and goes on once it is right', async () => {
  const good = await testServerCertificate(['localhost'], { signedBy: authority });
  const wrong = await testServerCertificate(['other.contoso.test'], { signedBy: authority });
  const asked: string[] = [];
  const serve = async (identity: TestIdentity, port: number): Promise<Server> => {
    const server = createServer(identity, (request, response) => {
      asked.push(request.url ?? '');
      response.end(JSON.stringify(request.url?.endsWith('/renew') ? { lost: [] } : { location: 'dmz', claims: [] }));
    });
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
    return server;
  };
  const stop = (server: Server): Promise<void> => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  let server = await serve(good, 0);
  const { port } = server.address() as AddressInfo;
  const warnings: string[] = [];
  const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
  log.warn = ((text: string) => (warnings.push(text), log)) as typeof log.warn;
  const working = await agent(`https://localhost:${port}`, { ca: company, log });
  let refused = false;
  working.refused.catch(() => (refused = true));
  try {
    await expect.poll(() => asked.filter((path) => path.endsWith('/claim')).length).toBeGreaterThan(0);
    await stop(server);
    server = await serve(wrong, port);
    await expect.poll(() => warnings.at(-1) ?? '', { timeout: 20_000 }).toMatch(/No work can be had/);
    const before = asked.length;
    await stop(server);
    server = await serve(good, port);
    await expect.poll(() => asked.length, { timeout: 20_000 }).toBeGreaterThan(before);
    expect(refused).toBe(false);
  } finally {
    await working.stop(0);
    await stop(server);
  }
});
