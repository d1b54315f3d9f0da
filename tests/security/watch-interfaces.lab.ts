/** What `watch` answers to strangers: agents' interface, metrics and health, asked by who has no business there. */
import * as http from 'node:http';
import { expect, test } from '@playwright/test';
import { openChannel } from '../../monitor/alerts/channels/open-channel';
import { registerAgents } from '../../monitor/fleet/agent-interface';
import { startHttp } from '../../monitor/server/http';
import { registerMetrics } from '../../monitor/metrics/register-metrics';
import { openPostgres } from '../../monitor/store/postgres-database';
import type { OpenStore } from '../../monitor/store/open-store';
import { sampleMessage } from '../../monitor/testing/sample-notice';

const threat = 'watch gives away what it knows, or lets others in';
const note = (attempts: number, leaks: number): void =>
  void test
    .info()
    .annotations.push(
      { type: 'threat', description: threat },
      { type: 'attempts', description: String(attempts) },
      { type: 'leaks', description: String(leaks) },
    );

const secret = 'postgres://probe:S3cret-of-the-store@db.contoso.com/x';
let url = '';
let close: () => Promise<void>;
let questions = 0;
test.beforeAll(async () => {
  // A store in which nobody has a token, and which says too much when it fails.
  const store = { db: { query: async () => ((questions += 1), []) }, queue: {}, changed: () => undefined } as unknown as OpenStore;
  const server = await startHttp({
    listen: { host: '127.0.0.1', port: 0 },
    tls: null,
    behindProxy: false,
    health: () => null,
    ready: () => Promise.reject(new Error(`cannot connect to ${secret}`)),
    parts: [
      (app) => registerAgents(app, store),
      (app) =>
        registerMetrics(app, {
          text: { contentType: 'text/plain', render: async () => 'signin_probe_up{target="contoso"} 1\n' },
          snapshot: async () => ({}),
          token: async () => null,
        } as unknown as Parameters<typeof registerMetrics>[1]),
    ],
  });
  ({ url, close } = server);
});
test.afterAll(() => close());

interface Answer {
  readonly status: number | null;
  readonly body: string;
  /** How much the server took before it answered. */
  readonly sentBytes: number;
}

/** Asks as it is told; `body` pieces are sent one after the other until there is an answer. */
function ask(
  path: string,
  { method = 'GET', headers = {}, pieces = [] }: { method?: string; headers?: http.OutgoingHttpHeaders; pieces?: readonly string[] },
): Promise<Answer> {
  return new Promise((resolve) => {
    let sentBytes = 0;
    let answered = false;
    const request = http.request(new URL(path, url), { method, headers, agent: false }, (response) => {
      answered = true;
      let body = '';
      response.setEncoding('utf8').on('data', (text: string) => (body += text));
      response.on('close', () => resolve({ status: response.statusCode ?? null, body, sentBytes }));
    });
    request.on('error', () => answered || resolve({ status: null, body: '', sentBytes }));
    const next = (index: number): void => {
      const piece = pieces[index];
      if (answered || request.destroyed) return void request.destroy();
      if (piece === undefined) return void request.end();
      sentBytes += piece.length;
      request.write(piece, () => setImmediate(next, index + 1));
    };
    next(0);
  });
}

test('who has no token of an agent is turned away before anything it sends is read', async () => {
  const json = { 'content-type': 'application/json' };
  const good = `Bearer spa_${'x'.repeat(43)}`;
  const paths = ['claim', 'renew', 'finish', 'hand-back', 'leave'].map((name) => `/agents/v1/${name}`);
  for (const path of paths)
    for (const authorization of [undefined, 'Bearer', 'Bearer spa_short', good, `${good}'; DROP TABLE agent_tokens; --`, 'Basic cHJvYmU6cHJvYmU=']) {
      const headers = { ...json, ...(authorization === undefined ? {} : { authorization }) };
      expect((await ask(path, { method: 'POST', headers, pieces: ['{ this is no JSON'] })).status, `${path} ${authorization}`).toBe(401);
    }
  const flood = await ask(paths[2] ?? '', { method: 'POST', headers: { ...json, authorization: good }, pieces: Array<string>(480).fill('x'.repeat(65_536)) });
  expect([401, null]).toContain(flood.status);
  expect(flood.sentBytes, 'bytes taken from a stranger').toBeLessThan(16 * 65_536);
  note(paths.length * 6 + 1, 0);
});

test('a page of a foreign name that leads to this machine reads no metrics', async () => {
  for (const host of ['evil.example.com', 'evil.example.com:9464', '127.0.0.1.evil.example.com', 'localhost.evil.example.com']) {
    const { status, body } = await ask('/metrics', { headers: { host } });
    expect(status, host).toBe(403);
    expect(body, host).not.toContain('contoso');
  }
  for (const host of ['127.0.0.1', 'localhost:9464', '[::1]:80']) expect(await ask('/metrics', { headers: { host } }), host).toMatchObject({ status: 200 });
  note(4, 0);
});

test('the state of the store is told to anybody, but not in its own words', async () => {
  const { status, body } = await ask('/readyz', {});
  expect(status).toBe(503);
  expect(body).toBe('the store does not answer\n');
  note(1, 0);
});

test('a database address that would send the password unprotected, or to anybody, is refused without repeating it', async () => {
  const addresses = [
    'postgres://probe:S3cret@db.contoso.com/x',
    'postgres://probe:S3cret@db.contoso.com/x?sslmode=disable',
    'postgres://probe:S3cret@127.0.0.1/x?host=db.contoso.com',
    'postgres://probe:S3cret@db.contoso.com/x?sslrootcert=/no/such/file&sslmode=verify-full',
    'postgres://probe:S3cret@db.contoso.com/x?sslmode=no-verify',
    'postgres://probe:S3cret@db.contoso.com/x?sslmode=prefer',
    'postgres://probe:S3cret@db.contoso.com/x?uselibpqcompat=true&sslmode=require',
    'postgres://probe:S3cret@db.contoso.com/x?uselibpqcompat=true&sslmode=verify-ca',
    'postgres://probe:S3cret@db.contoso.com/x?ssl=no-verify',
    'postgres://probe:S3cret@db.contoso.com/x?sslmode=verify-full&sslmode=no-verify',
    'postgres://probe:S3cret@db.contoso.com:bad/x',
    'mysql://probe:S3cret@db.contoso.com/x',
  ];
  for (const address of addresses) {
    let said = '';
    try {
      await openPostgres({ url: address }).close();
    } catch (error) {
      said = error instanceof Error ? `${error.message}\n${error.stack}` : String(error);
    }
    expect(said, address).not.toBe('');
    expect(said, address).not.toContain('S3cret');
  }
  for (const good of [
    'postgres://probe:S3cret@127.0.0.1/x',
    'postgres://probe@localhost:5433/x',
    'postgres://probe:S3cret@db.contoso.com/x?sslmode=verify-full',
    'postgresql:///x?host=/var/run/postgresql',
  ])
    await openPostgres({ url: good }).close();
  note(addresses.length, 0);
  expect(questions).toBeGreaterThan(0);
});

test('an alert’s receiver that repeats its address, wherever its words are cut, puts no part of the secret into the log or the store', async () => {
  const key = 'abcdefghijklmnop12345678';
  let pad = 0;
  const server = http.createServer((request, response) => response.writeHead(400).end(`${'x'.repeat(pad)} ${request.url} is gone`));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  process.env.ECHO_WEBHOOK = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/services/T00000000/${key}`;
  process.env.ECHO_KEY = 'another-secret-of-the-channel';
  const told: string[] = [];
  const inFolder = { path: (path: string) => path, secret: (reference: string) => reference };
  for (pad = 0; pad < 400; pad += 7) {
    const channel = openChannel({ name: 'echo', webhook: { url: 'env:ECHO_WEBHOOK', secret: 'env:ECHO_KEY' } }, inFolder);
    const result = await channel.send(sampleMessage());
    told.push(JSON.stringify(result));
  }
  server.close();
  delete process.env.ECHO_WEBHOOK;
  delete process.env.ECHO_KEY;
  const leaks = told.filter((text) => text.includes(key.slice(0, 4)));
  note(told.length, leaks.length);
  expect(leaks).toEqual([]);
  expect(Math.max(...told.map(({ length }) => length))).toBeLessThan(400);
});
