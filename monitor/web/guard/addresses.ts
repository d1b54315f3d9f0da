/** By which names the page may be called. A page of a foreign name that leads here (DNS rebinding) is refused, whoever asks. */
import type { FastifyRequest } from 'fastify';
import type { WebSettings } from '../web-settings';

type Where = Pick<WebSettings, 'baseUrl' | 'loopback' | 'tls'>;

/** Origins this page has for browsers. */
function ownOrigins({ baseUrl, loopback, tls }: Where, port: number | undefined): readonly string[] {
  const scheme = tls ? 'https' : 'http';
  const local = loopback && port !== undefined ? ['127.0.0.1', 'localhost', '[::1]'].map((host) => new URL(`${scheme}://${host}:${port}`).origin) : [];
  return baseUrl === null ? local : [baseUrl, ...local];
}

/** Whether the Host header names this page. */
export function isOwnHost(request: FastifyRequest, where: Where): boolean {
  const host = request.headers.host?.toLowerCase();
  return (
    host !== undefined &&
    ownOrigins(where, request.socket.localPort).some((origin) => new URL(origin).host === host || `${new URL(origin).hostname}:${defaultPort(origin)}` === host)
  );
}

const defaultPort = (origin: string): string => new URL(origin).port || (origin.startsWith('https:') ? '443' : '80');

/** Whether a form was sent from a page of ours. Browsers send `Origin` with every POST; without it there is no telling, so it is refused. */
export function isOwnOrigin(request: FastifyRequest, where: Where): boolean {
  const { origin } = request.headers;
  return origin !== undefined && ownOrigins(where, request.socket.localPort).includes(origin);
}
