import { createHmac } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, RequestListener } from 'node:http';
import * as net from 'node:net';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { SMTPServer } from 'smtp-server';
import type { ChannelConfig } from '../../../contracts/alert-config';
import { testAuthority, testServerCertificate } from '../../../probes/testing/test-certificates';
import { httpServer, httpsServer } from '../../../probes/testing/test-server';
import { runCli } from '../../../cli/testing/run-cli';
import { hostileMessage, sampleMessage } from '../../testing/sample-notice';
import type { SendResult } from './channel';
import { openChannel } from './open-channel';

const canary = 'canary-7c2e91d4-secret';
const inFolder = { path: (path: string) => path, secret: (reference: string) => reference };
const send = (config: Omit<ChannelConfig, 'name'>, message = sampleMessage()): Promise<SendResult> =>
  openChannel({ name: 'tried', ...config }, inFolder).send(message);

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}

/** Requests as they came, each answered with the next of these statuses (the last one stays). */
function receiver(...statuses: number[]): { handler: RequestListener; requests: { headers: IncomingMessage['headers']; body: string; path: string }[] } {
  const requests: { headers: IncomingMessage['headers']; body: string; path: string }[] = [];
  return {
    requests,
    handler: async (request, response) => {
      requests.push({ headers: request.headers, body: await bodyOf(request), path: request.url ?? '' });
      response
        .writeHead(statuses[Math.min(requests.length, statuses.length) - 1] ?? 200, { location: 'https://elsewhere.test/', 'retry-after': '7' })
        .end(`received ${canary}`);
    },
  };
}

test.beforeAll(() => {
  process.env.ALERT_TEST_KEY = canary;
});

test('e-mail goes out over STARTTLS verified against a private CA, with a password, as text and HTML', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const authority = await testAuthority('Mail CA');
  const identity = await testServerCertificate(['localhost'], { signedBy: authority });
  const ca = info.outputPath('ca.pem');
  writeFileSync(ca, authority.cert);
  const mails: string[] = [];
  const logins: string[] = [];
  const server = new SMTPServer({
    key: identity.key,
    cert: identity.cert,
    onAuth: ({ username, password }, session, done) => {
      logins.push(`${username} ${session.secure ? 'over TLS' : 'in the clear'}`);
      if (password === canary) done(null, { user: username });
      else done(new Error(`authentication failed for ${password}`));
    },
    onData: (stream, _, done) => {
      let mail = '';
      stream
        .on('data', (chunk: Buffer) => (mail += chunk.toString()))
        .on('end', () => {
          mails.push(mail);
          done();
        });
    },
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const port = (server.server.address() as net.AddressInfo).port;
  const email = {
    host: 'localhost',
    port,
    user: 'probe',
    password: 'env:ALERT_TEST_KEY',
    from: 'Sign-in probe <probe@contoso.test>',
    to: ['ops@contoso.test', 'crm@contoso.test'],
    ca,
  };
  try {
    const message = sampleMessage();
    const result = await send({ email }, message);
    expect(result).toMatchObject({ ok: true, note: expect.stringMatching(/^localhost:\d+ accepted it \(250 /) });
    expect(logins).toEqual(['probe over TLS']);
    expect(mails[0]).toContain(`Message-ID: <${message.deliveryId}@signin-probe>`);
    expect(mails[0]).toContain('To: ops@contoso.test, crm@contoso.test');
    expect(mails[0]).toContain('Auto-Submitted: auto-generated');
    expect(mails[0]).toMatch(/Content-Type: text\/plain[^]*Content-Type: text\/html/);

    expect(await send({ email }, hostileMessage())).toMatchObject({ ok: true });
    const head = mails[1]!.slice(0, mails[1]!.indexOf('\r\n\r\n'));
    expect(head).not.toMatch(/^Bcc:/im);

    // Without the CA nothing is said to a server that cannot prove who it is.
    const unknown = await send({ email: { ...email, ca: undefined } });
    expect(unknown).toEqual({ ok: false, why: expect.stringContaining('unknown CA') });
    process.env.ALERT_TEST_WRONG = `${canary}-wrong`;
    const refused = await send({ email: { ...email, password: 'env:ALERT_TEST_WRONG' } });
    expect(refused).toEqual({ ok: false, why: expect.stringContaining('EAUTH') });
    expect(JSON.stringify([refused, unknown])).not.toContain(canary);
    expect(logins).toHaveLength(3);
    expect(mails).toHaveLength(2);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

test('a mail server that offers no STARTTLS gets neither password nor message', async () => {
  const logins: string[] = [];
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    onAuth: ({ username }, _, done) => (logins.push(username ?? ''), done(null, { user: username })),
  });
  await new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as net.AddressInfo;
  try {
    const result = await send({
      email: { host: 'localhost', port, user: 'probe', password: 'env:ALERT_TEST_KEY', from: 'a@contoso.test', to: ['b@contoso.test'] },
    });
    expect(result).toMatchObject({ ok: false, why: expect.stringContaining('ETLS') });
    expect(logins).toEqual([]);
  } finally {
    await new Promise<void>((resolve) => server.close(() => resolve()));
  }
});

test('webhooks reach an HTTPS server of a private CA; the signature proves the sender; neither address nor key is ever said', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const authority = await testAuthority('Webhook CA');
  const { handler, requests } = receiver(200);
  const server = await httpsServer(await testServerCertificate(['localhost'], { signedBy: authority }), handler);
  const ca = info.outputPath('ca.pem');
  writeFileSync(ca, authority.cert);
  process.env.ALERT_TEST_URL = `https://localhost:${server.port}/hooks/${canary}`;
  try {
    const message = sampleMessage();
    const webhook = { url: 'env:ALERT_TEST_URL', secret: 'env:ALERT_TEST_KEY', ca };
    const first = await send({ webhook }, message);
    const second = await send({ webhook }, message);
    expect([first, second]).toEqual([
      { ok: true, note: expect.stringContaining('answered 200') },
      { ok: true, note: expect.any(String) },
    ]);
    const { headers, body } = requests[0]!;
    const timestamp = String(headers['x-signin-probe-timestamp']);
    expect(headers['x-signin-probe-signature']).toBe(`v1=${createHmac('sha256', canary).update(`${timestamp}.${body}`).digest('hex')}`);
    expect(Math.abs(Date.now() / 1000 - Number(timestamp))).toBeLessThan(60);
    // The same id at each try: the receiver can tell that it is the same message.
    expect(requests.map((request) => request.headers['x-signin-probe-delivery'])).toEqual([message.deliveryId, message.deliveryId]);
    expect(JSON.parse(body)).toMatchObject({ id: message.deliveryId, event: 'opened', alert: { kb: '2686840' } });

    for (const kind of ['teams', 'slack'] as const) expect(await send({ [kind]: { url: 'env:ALERT_TEST_URL', ca } }, message)).toMatchObject({ ok: true });
    expect(JSON.parse(requests[2]!.body)).toMatchObject({ type: 'message', attachments: [{ content: { type: 'AdaptiveCard', version: '1.4' } }] });
    expect(JSON.parse(requests[3]!.body)).toMatchObject({ blocks: expect.any(Array) });

    const untrusted = await send({ webhook: { ...webhook, ca: undefined } }, message);
    expect(untrusted).toMatchObject({ ok: false, why: expect.stringContaining('unknown CA') });
    expect(JSON.stringify([first, second, untrusted])).not.toContain(canary);
    expect(requests).toHaveLength(4);
  } finally {
    await server.close();
  }
});

test('a redirect is not followed, a busy receiver is believed how long to wait, a missing secret is said', async () => {
  const { handler, requests } = receiver(302, 429);
  const server = await httpServer(handler);
  process.env.ALERT_TEST_URL = `http://127.0.0.1:${server.port}/hooks/${canary}`;
  try {
    expect(await send({ slack: { url: 'env:ALERT_TEST_URL' } })).toMatchObject({ ok: false, why: expect.stringContaining('which is not followed') });
    expect(await send({ slack: { url: 'env:ALERT_TEST_URL' } })).toMatchObject({ ok: false, retryAfterMs: 7000, why: expect.not.stringContaining(canary) });
    expect(requests).toHaveLength(2);
    expect(await send({ slack: { url: 'env:ALERT_TEST_NONE' } })).toMatchObject({ ok: false, why: expect.stringContaining('ALERT_TEST_NONE') });
    process.env.ALERT_TEST_PLAIN = 'http://hooks.contoso.test/x';
    expect(await send({ slack: { url: 'env:ALERT_TEST_PLAIN' } })).toEqual({ ok: false, why: expect.stringContaining('no https:// address') });
  } finally {
    await server.close();
  }
});

test('PagerDuty gets its events; through a proxy TLS stays end to end', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const authority = await testAuthority('Events CA');
  const { handler, requests } = receiver(202);
  const server = await httpsServer(await testServerCertificate(['events.contoso.test', 'localhost'], { signedBy: authority }), handler);
  const ca = info.outputPath('ca.pem');
  writeFileSync(ca, authority.cert);
  const asked: string[] = [];
  const proxy = net.createServer((socket) => {
    socket.once('data', (chunk) => {
      asked.push(chunk.toString().split('\r\n')[0] ?? '');
      const out = net.connect(server.port, '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(out).pipe(socket);
      });
      out.on('error', () => socket.destroy());
      socket.on('error', () => out.destroy());
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  try {
    const pagerduty = {
      routingKey: 'env:ALERT_TEST_KEY',
      url: 'https://events.contoso.test/v2/enqueue',
      ca,
      proxy: `http://127.0.0.1:${(proxy.address() as net.AddressInfo).port}`,
    };
    expect(await send({ pagerduty }, sampleMessage({ event: 'test' }))).toMatchObject({ ok: true, note: expect.stringContaining('202') });
    expect(asked).toEqual(['CONNECT events.contoso.test:443 HTTP/1.1', 'CONNECT events.contoso.test:443 HTTP/1.1']);
    expect(requests.map(({ body }) => (JSON.parse(body) as { event_action: string }).event_action)).toEqual(['trigger', 'resolve']);
  } finally {
    proxy.close();
    await server.close();
  }
});

test('a command gets the message on standard input and no secret in its environment; it may fail, be missing or hang', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const out = info.outputPath('got.json');
  const script = info.outputPath('receive.js');
  writeFileSync(
    script,
    `let text = ''; process.stdin.on('data', (c) => (text += c)).on('end', () => require('fs').writeFileSync(process.argv[2], ` +
      `JSON.stringify({ message: JSON.parse(text), env: process.env, args: process.argv.slice(2) })));`,
  );
  const injected = hostileMessage();
  const result = await send({ command: { run: [process.execPath, script, out, '$(touch /x); "a b" %PATH%'] } }, injected);
  expect(result).toMatchObject({ ok: true });
  const got = JSON.parse(await import('node:fs').then(({ readFileSync }) => readFileSync(out, 'utf8'))) as {
    message: { id: string };
    env: object;
    args: string[];
  };
  expect(got.message.id).toBe(injected.deliveryId);
  expect(got.args[1]).toBe('$(touch /x); "a b" %PATH%');
  expect(JSON.stringify(got.env)).not.toContain(canary);

  const run = (code: string, timeout?: string) => send({ command: { run: [process.execPath, '-e', code], ...(timeout ? { timeout } : {}) } });
  expect(await run('console.error("no such room"); process.exit(3)')).toMatchObject({ ok: false, why: expect.stringMatching(/exit code 3: no such room/) });
  expect(await run('setInterval(() => {}, 1000)', '1s')).toMatchObject({ ok: false, why: expect.stringContaining('did not end within 1 s') });
  expect(await send({ command: { run: [join(info.outputDir, 'absent')] } })).toMatchObject({ ok: false, why: expect.stringContaining('no such program') });
});

test('where there is no Windows event log, that is said', async () => {
  test.skip(process.platform === 'win32', 'there is one here');
  expect(await send({ eventLog: {} })).toEqual({
    ok: false,
    why: 'This machine has no Windows event log (eventcreate.exe was not found); use another channel here.',
  });
});

test('signin-probe alert test says per channel what happened, and a literal address in the file is refused without being shown', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const { handler, requests } = receiver(200);
  const server = await httpServer(handler);
  const config = info.outputPath('signin-probe.yaml');
  const head = 'targets:\n  - { name: contoso, ifd: { url: https://crm.contoso.test/ }, sts: https://sts.contoso.test, account: { windows: current } }\n';
  const write = (channels: string): void => writeFileSync(config, `${head}alerts:\n  channels:\n${channels}`);
  const env = { ALERT_TEST_URL: `http://127.0.0.1:${server.port}/${canary}` };
  try {
    write('    - { name: room, slack: { url: env:ALERT_TEST_URL } }\n    - { name: log, eventLog: {} }\n');
    const both = await runCli(['alert', 'test', '--config', config], { env });
    expect(both.stdout).toMatch(/^sent {4}room \(slack\), \d+ ms: 127\.0\.0\.1:\d+ answered 200 /m);
    if (process.platform !== 'win32') expect(both).toMatchObject({ exitCode: 2, stdout: expect.stringContaining('failed  log (eventLog)') });
    expect(both.stdout + both.stderr).not.toContain(`/${canary}`);
    expect(requests[0]?.body).toContain('TEST: Test of the alert channel room; nothing is wrong');
    const unknown = await runCli(['alert', 'test', 'rom', '--config', config], { env });
    expect(unknown).toMatchObject({ exitCode: 3, stderr: expect.stringContaining('did you mean "room"?') });

    write(`    - { name: room, slack: { url: https://hooks.slack.test/${canary} } }\n`);
    const literal = await runCli(['alert', 'test', '--config', config]);
    expect(literal).toMatchObject({ exitCode: 3, stderr: expect.stringMatching(/:5: alerts\.channels\[0\]\.slack\.url: expected a secret reference/) });
    expect(literal.stderr).not.toContain(canary);
  } finally {
    await server.close();
  }
});
