/** The HTTP server of `watch` before anything is registered on it: what holds for every answer and every connection, whoever asks what. */
import http from 'node:http';
import type { Socket } from 'node:net';
import Fastify, { type FastifyInstance, type FastifyReply } from 'fastify';
import { securityHeaders } from './security-headers';

/** How long a client may take, in milliseconds, and how many connections there may be. */
export interface HttpLimits {
  /** From the connection, or the end of the request before, until the request's last header. */
  readonly headersMs: number;
  /** Until the request's last byte: an agent's report is up to 32 MB. */
  readonly requestMs: number;
  /** Nothing sent and nothing taken. */
  readonly idleMs: number;
  readonly connections: number;
  /** Of one address; behind a proxy all have the proxy's, so that only `connections` counts. */
  readonly ofAddress: number;
}

export const usualLimits: HttpLimits = { headersMs: 10_000, requestMs: 60_000, idleMs: 120_000, connections: 2_000, ofAddress: 250 };

export interface HttpAppOptions {
  /** PEM; null = plain HTTP, for loopback or behind a proxy. */
  readonly tls: { readonly cert: Buffer; readonly key: Buffer } | null;
  readonly behindProxy: boolean;
  readonly limits?: HttpLimits;
  /** Told what the client is not told: why an answer is a 500. */
  readonly onFault?: (text: string) => void;
}

/** Also what Node answers by itself (no Host, an Expect it does not know) is one of these. */
class HeadedResponse<Request extends http.IncomingMessage = http.IncomingMessage> extends http.ServerResponse<Request> {
  constructor(...given: ConstructorParameters<typeof http.ServerResponse<Request>>) {
    super(...given);
    for (const [name, value] of Object.entries(securityHeaders)) this.setHeader(name, value);
  }
}

export function createHttpApp({ tls, behindProxy, limits = usualLimits, onFault = () => undefined }: HttpAppOptions): FastifyInstance {
  const node = {
    ServerResponse: HeadedResponse,
    headersTimeout: limits.headersMs,
    connectionsCheckingInterval: Math.min(5_000, limits.headersMs),
  };
  const shared = {
    trustProxy: behindProxy ? (_address: string, hop: number): boolean => hop === 0 : false,
    forceCloseConnections: true as const,
    bodyLimit: 1024 * 1024,
    requestTimeout: limits.requestMs,
    connectionTimeout: limits.idleMs,
    clientErrorHandler: refuseUnreadable,
    // The address itself is unreadable, so no route's own handler can be asked.
    frameworkErrors: (error: { readonly statusCode?: number }, _request: unknown, reply: unknown): void =>
      void (reply as FastifyReply)
        .code(error.statusCode ?? 400)
        .type('text/plain')
        .send('This address cannot be read.\n'),
  };
  const app = (tls
    ? Fastify({ ...shared, https: { ...node, ...tls, minVersion: 'TLSv1.2' } })
    : Fastify({ ...shared, http: node })) as unknown as FastifyInstance;
  // Parts have handlers of their own; for the rest an error's words, which may name the store's address, are for the log.
  app.setErrorHandler(async (error: { statusCode?: number; message?: string }, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) onFault(`${request.method} ${request.routeOptions.url ?? 'unknown route'}: ${(error.message ?? '').split('\n')[0]}`);
    return reply.code(status).send({ error: status < 500 ? 'This request cannot be answered.' : 'This cannot be answered now; the log of watch says why.' });
  });
  app.setNotFoundHandler(async (_, reply) => reply.code(404).type('text/plain').send('There is nothing here.\n'));
  app.server.maxConnections = limits.connections;
  if (!behindProxy) app.server.on('connection', connectionsOfAddress(limits.ofAddress));
  return app;
}

/** Bytes that are no HTTP request, or come too slowly: answered as the browser may see it, then hung up on. */
function refuseUnreadable(error: Error & { readonly code?: string }, socket: Socket): void {
  const [status, why] = clientErrors[error.code ?? ''] ?? ['400 Bad Request', 'This request cannot be read.'];
  if (error.code !== 'ECONNRESET' && socket.writable && socket.bytesWritten === 0) {
    const headers = { ...securityHeaders, 'content-type': 'text/plain', 'content-length': String(why.length + 1), connection: 'close' };
    socket.write(
      `HTTP/1.1 ${status}\r\n${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n${why}\n`,
    );
  }
  socket.destroySoon();
}

const clientErrors: Readonly<Record<string, readonly [status: string, why: string]>> = {
  ERR_HTTP_REQUEST_TIMEOUT: ['408 Request Timeout', 'The request took too long.'],
  HPE_HEADER_OVERFLOW: ['431 Request Header Fields Too Large', 'The headers are too large.'],
};

/** One address that opens connection after connection takes none from the others. */
function connectionsOfAddress(most: number): (socket: Socket) => void {
  const open = new Map<string, number>();
  return (socket) => {
    const address = socket.remoteAddress ?? '';
    const count = (open.get(address) ?? 0) + 1;
    if (count > most) return void socket.destroy();
    open.set(address, count);
    socket.once('close', () => {
      const left = (open.get(address) ?? 1) - 1;
      if (left > 0) open.set(address, left);
      else open.delete(address);
    });
  };
}
