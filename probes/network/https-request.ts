/** The one way out over HTTPS besides the browser's: one request, TLS always verified, every limit set by the caller, no redirect followed. */
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { isLoopbackHost, withoutBrackets } from './loopback';
import { trustingContext } from './trust';

export interface RequestOptions {
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | null;
  /** PEM file of a private CA, trusted besides the system's. */
  readonly caFile: string | null;
  /** From the first packet to the last byte of the answer. */
  readonly timeoutMs: number;
  /** A larger body is an answer that is refused, not cut. */
  readonly maxBytes: number;
  /** An IP address to connect to; without it the system looks the name up. */
  readonly address?: string | null;
  /** An HTTP proxy that connects to the outside (CONNECT); TLS is end to end. */
  readonly proxy?: string | null;
  /** The one host beside the loopback that may be asked over plain http. */
  readonly plainHttpHost?: string | undefined;
  readonly signal?: AbortSignal | undefined;
}

export type Answer =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: Buffer;
      readonly startedAt: string;
      readonly endedAt: string;
      /** When the request was sent and its answer's first byte came: connecting is not in between. Milliseconds since 1970. */
      readonly sentAtMs: number;
      readonly answeredAtMs: number;
    }
  /** `proxy`: the proxy gave no tunnel; its status where it answered. `failed`: anything else on the way, with the error of Node. */
  | { readonly ok: false; readonly kind: 'plain-http' | 'stopped' | 'timeout' | 'too-large' }
  | { readonly ok: false; readonly kind: 'proxy'; readonly status: number | null; readonly error: Error | null }
  | { readonly ok: false; readonly kind: 'failed'; readonly error: NodeJS.ErrnoException };

/** Whether the address may be asked: https anywhere, plain http on the loopback and on the one host named. */
export const mayBeAsked = ({ protocol, hostname }: URL, plainHttpHost?: string): boolean =>
  protocol === 'https:' || (protocol === 'http:' && (isLoopbackHost(hostname) || hostname === plainHttpHost));

class TooLarge extends Error {}
class NoTunnel extends Error {
  constructor(
    readonly status: number | null,
    readonly error: Error | null,
  ) {
    super('no tunnel');
  }
}

/** Resolves with the answer, whatever its status; a redirect is an answer too. Never throws. Says nothing in words: callers know what may be told. */
export async function httpsRequest(url: URL, options: RequestOptions): Promise<Answer> {
  const { signal, proxy = null, timeoutMs } = options;
  if (!mayBeAsked(url, options.plainHttpHost)) return { ok: false, kind: 'plain-http' };
  if (signal?.aborted) return { ok: false, kind: 'stopped' };
  const timeout = AbortSignal.timeout(timeoutMs);
  const deadline = signal ? AbortSignal.any([timeout, signal]) : timeout;
  let tunnel: Socket | null = null;
  try {
    if (proxy !== null && url.protocol === 'https:') tunnel = await connectThrough(proxy, `${url.hostname}:${url.port || 443}`, deadline);
    return await exchange(url, options, tunnel, deadline);
  } catch (error) {
    if (error instanceof TooLarge) return { ok: false, kind: 'too-large' };
    if (timeout.aborted) return { ok: false, kind: 'timeout' };
    if (signal?.aborted) return { ok: false, kind: 'stopped' };
    if (error instanceof NoTunnel) return { ok: false, kind: 'proxy', status: error.status, error: error.error };
    return { ok: false, kind: 'failed', error: error instanceof Error ? error : new Error(String(error)) };
  } finally {
    tunnel?.destroy();
  }
}

function exchange(url: URL, options: RequestOptions, tunnel: Socket | null, signal: AbortSignal): Promise<Answer> {
  const startedAt = new Date().toISOString();
  return new Promise((resolve, reject) => {
    let sentAtMs = Date.now();
    const request = open(url, options, tunnel, signal);
    const fail = (error: Error): void => {
      reject(error);
      request.destroy();
    };
    request.on('socket', (socket) => socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => (sentAtMs = Date.now())));
    request.on('error', fail);
    request.on('response', (response) => {
      const answeredAtMs = Date.now();
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > options.maxBytes) fail(new TooLarge());
        else chunks.push(chunk);
      });
      response.on('error', fail);
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response;
        resolve({ ok: true, status, headers, body: Buffer.concat(chunks), startedAt, endedAt: new Date().toISOString(), sentAtMs, answeredAtMs });
        request.destroy();
      });
    });
    request.end(options.body ?? undefined);
  });
}

/** A connection of its own for each request: a shared one would reuse another node's socket. */
function open(url: URL, { method = 'GET', headers = {}, body = null, caFile, address = null }: RequestOptions, tunnel: Socket | null, signal: AbortSignal) {
  const secure = url.protocol === 'https:';
  const host = withoutBrackets(url.hostname);
  const secured = secure ? { secureContext: trustingContext(caFile), servername: isIP(host) ? '' : host, rejectUnauthorized: true } : {};
  const length = body === null ? {} : { 'content-length': String(Buffer.byteLength(body)) };
  const wanted: https.RequestOptions = {
    host: address ?? host,
    port: url.port || (secure ? 443 : 80),
    path: url.pathname + url.search,
    method,
    signal,
    headers: { host: url.host, ...length, connection: 'close', ...headers },
    ...secured,
    ...(tunnel ? { createConnection: () => tls.connect({ socket: tunnel, host, ...secured }) } : { agent: false }),
  };
  return (secure ? https : http).request(wanted);
}

/** CONNECT through an HTTP proxy. Rejects with NoTunnel. */
function connectThrough(proxy: string, authority: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = http.request(proxy, { method: 'CONNECT', path: authority, headers: { host: authority }, agent: false, signal });
    request.once('error', (error) => reject(new NoTunnel(null, error)));
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) return resolve(socket);
      socket.destroy();
      reject(new NoTunnel(response.statusCode ?? null, null));
    });
    request.end();
  });
}
