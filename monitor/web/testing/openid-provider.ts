/**
 * For tests: a small OpenID provider on loopback. It signs in whoever the test says, and checks what a client must do right (PKCE, secret, address, one use of
 * a code).
 */
import { createHash, generateKeyPairSync, randomBytes, sign } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface OpenIdProvider {
  readonly issuer: string;
  /** Claims of the next ID token. */
  claims: Record<string, unknown>;
  /** Signs the next token wrongly, or leaves its nonce out. */
  fault: 'none' | 'signature' | 'nonce' | 'refuse' | 'audience';
  close(): Promise<void>;
}

export const client = { id: 'signin-probe', secret: 'a secret of the test' };

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

export async function startOpenIdProvider(redirectUri: () => string): Promise<OpenIdProvider> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const other = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const codes = new Map<string, { challenge: string; nonce: string }>();
  const server = createServer((request, response) => void answer(request, response).catch(() => response.writeHead(500).end()));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: OpenIdProvider = {
    issuer,
    claims: { sub: '1', preferred_username: 'olga', roles: [] },
    fault: 'none',
    close: () => new Promise((resolve) => (server.closeAllConnections(), server.close(() => resolve()))),
  };
  const json = (response: ServerResponse, status: number, value: unknown): void =>
    void response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value));

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', issuer);
    if (url.pathname === '/.well-known/openid-configuration')
      return json(response, 200, {
        issuer,
        authorization_endpoint: `${issuer}/authorize`,
        token_endpoint: `${issuer}/token`,
        jwks_uri: `${issuer}/keys`,
        response_types_supported: ['code'],
        subject_types_supported: ['public'],
        id_token_signing_alg_values_supported: ['RS256'],
        code_challenge_methods_supported: ['S256'],
      });
    if (url.pathname === '/keys') return json(response, 200, { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', use: 'sig', alg: 'RS256' }] });
    if (url.pathname === '/authorize') return authorize(url, response);
    if (url.pathname === '/token') return token(request, response);
    return json(response, 404, {});
  }

  function authorize({ searchParams: query }: URL, response: ServerResponse): void {
    const back = new URL(redirectUri());
    if (
      query.get('client_id') !== client.id ||
      query.get('redirect_uri') !== back.href ||
      query.get('code_challenge_method') !== 'S256' ||
      query.get('response_type') !== 'code'
    )
      return void response.writeHead(400).end();
    back.searchParams.set('state', query.get('state') ?? '');
    if (provider.fault === 'refuse') back.searchParams.set('error', 'access_denied');
    else {
      const code = randomBytes(16).toString('hex');
      codes.set(code, { challenge: query.get('code_challenge') ?? '', nonce: query.get('nonce') ?? '' });
      back.searchParams.set('code', code);
    }
    response.writeHead(302, { location: back.href }).end();
  }

  async function token(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const form = new URLSearchParams(body);
    const code = codes.get(form.get('code') ?? '');
    codes.delete(form.get('code') ?? '');
    const basic = Buffer.from((request.headers.authorization ?? '').replace('Basic ', ''), 'base64').toString();
    const [id = '', secret = ''] = basic.split(':').map((part) => decodeURIComponent(part.replace(/\+/g, ' ')));
    const verified = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url');
    if (!code || id !== client.id || secret !== client.secret || verified !== code.challenge || form.get('redirect_uri') !== redirectUri())
      return json(response, 400, { error: 'invalid_grant' });
    const now = Math.floor(Date.now() / 1000);
    const claims = {
      iss: issuer,
      aud: provider.fault === 'audience' ? 'another' : client.id,
      iat: now,
      exp: now + 300,
      ...(provider.fault === 'nonce' ? {} : { nonce: code.nonce }),
      ...provider.claims,
    };
    const unsigned = `${base64({ alg: 'RS256', kid: 'k1' })}.${base64(claims)}`;
    const signature = sign('sha256', Buffer.from(unsigned), provider.fault === 'signature' ? other : privateKey).toString('base64url');
    json(response, 200, { access_token: randomBytes(16).toString('hex'), token_type: 'Bearer', expires_in: 300, id_token: `${unsigned}.${signature}` });
  }
  return provider;
}
