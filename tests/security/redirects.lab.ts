/**
 * Receivers and stores that send the program elsewhere: to this machine, to a cloud's own address, to a stranger. Nothing follows, and no secret goes there.
 */
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { openChannel } from '../../monitor/alerts/channels/open-channel';
import { httpSource } from '../../monitor/fleet/http-source';
import { sampleMessage } from '../../monitor/testing/sample-notice';
import { Oidc } from '../../monitor/web/guard/oidc';
import { askStore } from '../../probes/secrets/store-request';

async function listen(handler: http.RequestListener): Promise<{ url: string; close(): void }> {
  const server = http.createServer(handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, close: () => (server.closeAllConnections(), server.close()) };
}

test('no redirect is followed: by webhooks, chats, PagerDuty, secret stores, OpenID providers and agents', async () => {
  const arrived: string[] = [];
  const elsewhere = await listen((request, response) => {
    arrived.push(`${request.method} ${request.url} ${request.headers.authorization ?? ''}`);
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  let to = '';
  let status = 302;
  let asked = 0;
  const sender = await listen((_request, response) => ((asked += 1), response.writeHead(status, { location: to }).end()));
  const secret = 'https-is-not-needed-on-loopback';
  process.env.REDIRECT_URL = `${sender.url}/hook/abcdefghijkl`;
  process.env.REDIRECT_KEY = secret;
  const inFolder = { path: (path: string) => path, secret: (reference: string) => reference };
  const url = 'env:REDIRECT_URL';
  const channels = [
    openChannel({ name: 'hook', webhook: { url, secret: 'env:REDIRECT_KEY' } }, inFolder),
    openChannel({ name: 'teams', teams: { url } }, inFolder),
    openChannel({ name: 'slack', slack: { url } }, inFolder),
    openChannel({ name: 'pager', pagerduty: { routingKey: 'env:REDIRECT_KEY', url: `${sender.url}/enqueue` } }, inFolder),
  ];
  const provider = (): Oidc =>
    new Oidc(
      { issuer: sender.url, clientId: 'probe', clientSecret: null, scopes: 'openid', rolesClaim: 'roles', operators: [], viewers: [] },
      'http://127.0.0.1/sign-in/callback',
      () => new Date(),
    );
  const attempts: readonly (() => Promise<unknown>)[] = [
    ...channels.map((channel) => () => channel.send(sampleMessage())),
    () => askStore({ url: `${sender.url}/v1/secret`, headers: { 'x-vault-token': secret } }),
    () => askStore({ url: `${sender.url}/v1/auth`, method: 'POST', form: { secret_id: secret } }),
    () =>
      provider()
        .begin('browser', '/')
        .catch(() => null),
    () =>
      httpSource({ server: sender.url, token: `spa_${'a'.repeat(43)}`, location: 'dmz', caFile: null })
        .claim(1, AbortSignal.timeout(5_000))
        .catch(() => null),
  ];
  let tried = 0;
  try {
    for (status of [301, 302, 303, 307, 308])
      for (to of [`${elsewhere.url}/stolen`, 'http://169.254.169.254/latest/meta-data/', '//[::1]:1/', `file:///etc/passwd`]) {
        await Promise.all(attempts.map((attempt) => attempt()));
        tried += attempts.length;
      }
    test.info().annotations.push({ type: 'attempts', description: String(tried) }, { type: 'leaks', description: String(arrived.length) });
    expect(arrived).toEqual([]);
    expect(asked, 'each of them did ask').toBeGreaterThanOrEqual(tried);
  } finally {
    delete process.env.REDIRECT_URL;
    delete process.env.REDIRECT_KEY;
    sender.close();
    elsewhere.close();
  }
});

test('a provider whose own document names another issuer is not believed, and none of its addresses is asked', async () => {
  const arrived: string[] = [];
  const elsewhere = await listen(
    (request, response) => (arrived.push(request.url ?? ''), response.writeHead(200, { 'content-type': 'application/json' }).end('{"keys":[]}')),
  );
  const named = ['http://169.254.169.254/latest', `${elsewhere.url}/x`, 'file:///etc/passwd', 'gopher://127.0.0.1:1/x'];
  let wrongIssuer = '';
  const provider = await listen((_request, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(
      JSON.stringify({
        issuer: wrongIssuer,
        authorization_endpoint: named[0],
        token_endpoint: named[1],
        jwks_uri: named[1],
        response_types_supported: ['code'],
      }),
    ),
  );
  const issuer = provider.url;
  let believed = 0;
  try {
    for (wrongIssuer of [elsewhere.url, 'https://sts.contoso.test', '', `${issuer}.evil.example`]) {
      const oidc = new Oidc(
        { issuer, clientId: 'probe', clientSecret: null, scopes: 'openid', rolesClaim: 'roles', operators: [], viewers: [] },
        'http://127.0.0.1/cb',
        () => new Date(),
      );
      if (
        await oidc.begin('browser', '/').then(
          () => true,
          () => false,
        )
      )
        believed += 1;
    }
    test.info().annotations.push({ type: 'attempts', description: '4' }, { type: 'leaks', description: String(believed + arrived.length) });
    expect(believed).toBe(0);
    expect(arrived).toEqual([]);
  } finally {
    provider.close();
    elsewhere.close();
  }
});
