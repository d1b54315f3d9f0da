/** What every answer of watch's server carries, and what slow or many connections cost: asked with bytes, as strangers do. */
import { connect, type Socket } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { registerAgents } from '../fleet/agent-interface';
import { startHttp } from './http';
import { usualLimits } from './http-app';
import type { OpenStore } from '../store/open-store';
import { registerWeb } from '../web/register-web';
import { SampleStore } from '../web/testing/sample-store';
import { localSettings } from '../web/testing/serve-sample';

const note = (attempts: number, leaks = 0): void =>
  void test.info().annotations.push({ type: 'attempts', description: String(attempts) }, { type: 'leaks', description: String(leaks) });

const words = 'cannot connect to postgres://probe:S3cret-of-the-store@db.contoso.com/x';
const failing = (): never => {
  throw new Error(words);
};

async function serve(options: Partial<Parameters<typeof startHttp>[0]> = {}) {
  const faults: string[] = [];
  const agents = { db: { query: async () => failing(), transaction: async () => failing() }, queue: {}, changed: () => undefined } as unknown as OpenStore;
  const store = Object.assign(new SampleStore(), {
    certificates: async () => failing(),
    silences: async () => z.object({ at: z.iso.datetime() }).parse({ at: 'damaged' }) as never,
  });
  const server = await startHttp({
    listen: { host: '127.0.0.1', port: 0 },
    tls: null,
    behindProxy: false,
    health: () => null,
    ready: async () => failing(),
    onFault: (text) => faults.push(text),
    parts: [
      (app) => registerAgents(app, agents),
      async (app) =>
        void (await registerWeb(app, {
          store,
          settings: { ...localSettings, access: { kind: 'local', role: 'operator' } },
          onFault: (text) => faults.push(text),
        })),
    ],
    ...options,
  });
  return { ...server, port: Number(new URL(server.url).port), faults };
}

/** Sends the bytes as they are; everything that comes back until the other side, or nobody for a second, says more. */
function send(port: number, bytes: string): Promise<string> {
  return new Promise((resolve) => {
    let answer = '';
    const socket = connect({ host: '127.0.0.1', port });
    socket.setTimeout(5_000, () => socket.destroy());
    socket.setEncoding('latin1').on('data', (text: string) => (answer += text));
    socket.on('error', () => undefined);
    socket.on('close', () => resolve(answer));
    socket.write(bytes);
  });
}

test('every answer, whoever makes it, carries the security headers and tells nothing of the inside', async () => {
  const { port, faults, close } = await serve();
  const host = `Host: 127.0.0.1:${port}\r\nConnection: close\r\n`;
  const json = `${host}Content-Type: application/json\r\n`;
  const get = (path: string): string => `GET ${path} HTTP/1.1\r\n${host}\r\n`;
  const unreadablePaths = [
    '/runs/%ff',
    '/%',
    '/targets/%ff',
    '/slots/%c0%af',
    '/alerts/%',
    '/assets/%ff',
    '/agents/v1/%ff',
    '/%ff/report.html',
    `/runs/${'a'.repeat(300)}/report.html`,
  ];
  const cases: [status: string, bytes: string][] = [
    ['200', get('/')],
    ['200', get('/healthz')],
    ['503', get('/readyz')],
    ...unreadablePaths.map((path): [string, string] => ['4', get(path)]),
    ['404', get('/no-such-page')],
    ['404', get('/runs/none/report.html')],
    ['404', `POST /no-such-page HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`],
    ['40', `DELETE / HTTP/1.1\r\n${host}\r\n`],
    ['40', `PUT /alerts HTTP/1.1\r\n${host}Content-Length: 0\r\n\r\n`],
    ['4', `TRACE / HTTP/1.1\r\n${host}\r\n`],
    ['4', `OPTIONS * HTTP/1.1\r\n${host}\r\n`],
    ['413', `POST /run HTTP/1.1\r\n${host}Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 9999999\r\n\r\n`],
    ['413', `POST /no-such-page HTTP/1.1\r\n${json}Content-Length: 99999999\r\n\r\n`],
    ['4', `POST /run HTTP/1.1\r\n${json}Content-Length: 2\r\n\r\n{]`],
    ['415', `POST /run HTTP/1.1\r\n${host}Content-Type: text/x-odd\r\nContent-Length: 2\r\n\r\nab`],
    ['421', `GET / HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n`],
    ['431', `GET / HTTP/1.1\r\n${host}X: ${'x'.repeat(70_000)}\r\n\r\n`],
    ['4', `GET /${'x'.repeat(70_000)} HTTP/1.1\r\n${host}\r\n`],
    ['400', 'this is no HTTP\r\n\r\n'],
    ['400', `GET / HTTP/1.1\r\nConnection: close\r\n\r\n`],
    ['400', `GET / HTTP/1.1\r\n${host}Content-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n`],
    ['417', `GET / HTTP/1.1\r\n${host}Expect: the-unexpected\r\n\r\n`],
    ['503', get('/certificates')],
    ['500', get('/silences')],
    ['500', `POST /agents/v1/claim HTTP/1.1\r\n${json}Authorization: Bearer spa_${'a'.repeat(43)}\r\nContent-Length: 2\r\n\r\n{}`],
  ];
  const wrong: string[] = [];
  try {
    for (const [status, bytes] of cases) {
      const answer = await send(port, bytes);
      const [head = '', body = ''] = answer.split('\r\n\r\n');
      const asked = bytes.slice(0, 60).replace(/\r\n/g, ' ');
      if (!new RegExp(`^HTTP/1\\.1 ${status}`).test(head)) wrong.push(`${asked}: ${head.split('\r\n')[0] || 'no answer'}, expected ${status}`);
      for (const name of [
        'content-security-policy',
        'x-content-type-options',
        'x-frame-options',
        'referrer-policy',
        'cache-control',
        'cross-origin-opener-policy',
      ])
        if (!new RegExp(`\r\n${name}: `, 'i').test(head)) wrong.push(`${asked}: no ${name}`);
      if (/S3cret|db\.contoso|node_modules|\.ts:/.test(answer)) wrong.push(`${asked}: tells ${body.slice(0, 100)}`);
    }
    expect(wrong).toEqual([]);
    expect(faults.join('\n'), 'the log says why').toContain(words);
  } finally {
    await close();
  }
  note(cases.length, wrong.length);
});

const full = process.env.SECURITY_FULL === '1';

/** Holds connections open, each doing as `begin` says; how many the server has let go when `untilMs` is over. */
async function hold(port: number, count: number, begin: (socket: Socket) => void, untilMs: number): Promise<{ closed: number; done(): void }> {
  const sockets = Array.from({ length: count }, () =>
    connect({ host: '127.0.0.1', port })
      .on('error', () => undefined)
      .resume(),
  );
  const closed = new Set<Socket>();
  for (const socket of sockets) socket.once('close', () => closed.add(socket)).once('connect', () => begin(socket));
  const until = performance.now() + untilMs;
  while (closed.size < count && performance.now() < until) await pause(50);
  return { closed: closed.size, done: () => sockets.forEach((socket) => socket.destroy()) };
}

/** A byte now and then, for ever. */
const drip = (socket: Socket, first: string, byte: string): void => {
  socket.write(first);
  const timer = setInterval(() => (socket.writable ? socket.write(byte) : clearInterval(timer)), 100);
  socket.once('close', () => clearInterval(timer));
};

test('slow clients are let go in time: no byte, half a header, a body byte by byte, to pages and to the agents’ interface; others are served', async () => {
  const limits = full ? { ...usualLimits, connections: 2_000, ofAddress: 2_000 } : { ...usualLimits, headersMs: 400, requestMs: 800, idleMs: 2_000 };
  const { port, url, close } = await serve({ limits });
  const count = full ? 100 : 20;
  const head = `POST /sign-in HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 16000\r\n`;
  const slow: [what: string, begin: (socket: Socket) => void, withinMs: number][] = [
    ['no byte', () => undefined, limits.headersMs],
    ['half a request line', (socket) => drip(socket, 'GET /', 'a'), limits.headersMs],
    ['headers without end', (socket) => drip(socket, head, 'X: y\r\n'), limits.headersMs],
    ['a body byte by byte', (socket) => drip(socket, `${head}\r\n`, 'a'), limits.requestMs],
    ['an agent’s report byte by byte', (socket) => drip(socket, `${head.replace('/sign-in', '/agents/v1/finish')}\r\n`, 'a'), limits.requestMs],
    [
      'a chunked body without end',
      (socket) => drip(socket, `${head.replace('Content-Length: 16000', 'Transfer-Encoding: chunked')}\r\n`, '1\r\na\r\n'),
      limits.requestMs,
    ],
  ];
  const left: string[] = [];
  let servedAfterMs = 0;
  try {
    await Promise.all(
      slow
        .map(async ([what, begin, withinMs]) => {
          const held = await hold(port, count, begin, withinMs + 10_000);
          if (held.closed < count) left.push(`${what}: ${count - held.closed} of ${count} still open ${withinMs + 10_000} ms later`);
          held.done();
        })
        .concat(
          (async () => {
            const startedAt = performance.now();
            expect((await fetch(url)).status).toBe(200);
            servedAfterMs = performance.now() - startedAt;
          })(),
        ),
    );
    expect(left).toEqual([]);
    expect(servedAfterMs).toBeLessThan(8_000); // a bound against hanging behind them
  } finally {
    await close();
  }
  note(count * slow.length, left.length);
});

test('one address that opens connection after connection takes none from the others', async () => {
  const { port, close } = await serve({ limits: { ...usualLimits, connections: 60, ofAddress: 25 } });
  const held = await hold(port, 100, () => undefined, 500);
  try {
    expect(held.closed).toBe(75);
    const from = connect({ host: '127.0.0.1', port, localAddress: '127.0.0.2' });
    let answer = '';
    from.setEncoding('latin1').on('data', (text: string) => (answer += text));
    from.write('GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n');
    await expect.poll(() => answer).toContain('200 OK');
  } finally {
    held.done();
    await close();
  }
  note(100, 0);
});
