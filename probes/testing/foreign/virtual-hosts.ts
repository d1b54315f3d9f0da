/** Several web sites on one port of loopback, told apart by name, and a record of everything that arrived at any of them. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import * as http from 'node:http';
import { createSecureServer, type Http2ServerRequest } from 'node:http2';
import * as https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { testAuthority, type TestIdentity, testServerCertificate } from '../test-certificates';

export const foreignNames = ['app.example.test', 'idp.example.test', 'other.example.test', 'evil.example.test', 'localhost'] as const;
export type ForeignName = (typeof foreignNames)[number];

/** One request as it came. */
export interface Arrival {
  readonly host: string;
  readonly method: string;
  readonly url: URL;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
  readonly form: URLSearchParams;
  readonly cookies: ReadonlyMap<string, string>;
  /** The whole request as text, for searches. */
  readonly raw: string;
  /** What it came by. */
  readonly connection: object;
}

/** What to answer: `never` keeps the connection open without a word, `reset` closes it. `unfinished` sends the body and leaves the answer open. */
export interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string | undefined;
  readonly unfinished?: boolean;
}
export type Answer = Reply | 'never' | 'reset';
export type Site = (arrival: Arrival) => Answer | Promise<Answer>;

export interface ForeignPki {
  readonly caPem: string;
  readonly server: TestIdentity;
}

export async function foreignPki(): Promise<ForeignPki> {
  const authority = await testAuthority('Foreign test CA');
  return { caPem: authority.cert, server: await testServerCertificate(foreignNames, { signedBy: authority }) };
}

export interface VirtualHosts {
  readonly folder: string;
  readonly caFile: string;
  /** `https://idp.example.test:40123` */
  origin(name: ForeignName): string;
  /** Every request, in order. */
  readonly arrivals: readonly Arrival[];
  put(name: ForeignName, site: Site): void;
  close(): Promise<void>;
}

/** Starts the port; sites are put on it one by one. `pki: null` = plain http. `http2`: where the client speaks it. */
export async function startVirtualHosts(pki: ForeignPki | null, { http2 = false } = {}): Promise<VirtualHosts> {
  const sites = new Map<string, Site>();
  const arrivals: Arrival[] = [];
  const sockets = new Set<Socket>();
  const listener: http.RequestListener = (request, response) => void serve(request, response).catch((error: Error) => response.destroy(error));
  const serve = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const arrival = await read(request, pki === null ? 'http' : 'https');
    arrivals.push(arrival);
    const answer = (await sites.get(arrival.host)?.(arrival)) ?? { status: 404, body: 'There is no such page here.' };
    if (answer === 'never') return;
    if (answer === 'reset') return cut(request);
    response.writeHead(answer.status ?? 200, { 'Content-Type': 'text/html; charset=utf-8', ...(answer.headers as http.OutgoingHttpHeaders) });
    if (answer.unfinished) response.write(answer.body ?? '');
    else response.end(answer.body ?? '');
  };
  const secure = (identity: TestIdentity): https.Server =>
    http2
      ? (createSecureServer({ ...identity, allowHTTP1: true }, listener as unknown as Parameters<typeof createSecureServer>[1]) as unknown as https.Server)
      : https.createServer(identity, listener);
  const server = pki ? secure(pki.server) : http.createServer(listener);
  server.on('sessionError', () => undefined);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-foreign-'));
  const caFile = join(folder, 'ca.pem');
  if (pki) await writeFile(caFile, pki.caPem);
  return {
    folder,
    caFile,
    origin: (name) => `${pki ? 'https' : 'http'}://${name}:${port}`,
    arrivals,
    put: (name, site) => sites.set(name, site),
    close: async () => {
      server.close();
      sockets.forEach((socket) => socket.destroy());
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Ends the connection without an answer. */
function cut(request: http.IncomingMessage): void {
  const { stream } = request as unknown as Partial<Http2ServerRequest>;
  if (stream?.session) stream.session.destroy();
  else request.socket.destroy();
}

async function read(request: http.IncomingMessage, scheme: string): Promise<Arrival> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  const url = new URL(request.url ?? '/', `${scheme}://${request.headers.host ?? String(request.headers[':authority'])}`);
  const cookies = new Map((request.headers.cookie ?? '').split(/;\s*/).map((pair) => [pair.split('=')[0] ?? '', pair.slice(pair.indexOf('=') + 1)] as const));
  const raw = `${request.method} ${request.url}\n${request.rawHeaders.join('\n')}\n\n${body}`;
  return {
    host: url.hostname,
    method: request.method ?? 'GET',
    url,
    headers: request.headers,
    body,
    form: new URLSearchParams(body),
    cookies,
    raw,
    connection: request.socket,
  };
}

export const redirect = (location: string, headers: Reply['headers'] = {}, status = 302): Reply => ({ status, headers: { Location: location, ...headers } });
export const html = (title: string, body: string, head = ''): Reply => ({
  body: `<!doctype html><html><head><title>${title}</title>${head}</head><body>${body}</body></html>`,
});
export const escapeHtml = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
