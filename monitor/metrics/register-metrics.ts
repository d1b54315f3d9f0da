import { createHash, timingSafeEqual } from 'node:crypto';
import { isIP } from 'node:net';
import { hostname } from 'node:os';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { isLoopbackHost, withoutBrackets } from '../../probes/network';
import type { PrometheusText } from './prometheus';
import type { Snapshot } from './snapshot';

export interface MetricsAddress {
  readonly text: PrometheusText;
  readonly snapshot: () => Promise<Snapshot>;
  /** What a scraper must show, or null. Asked at each request, so that it can be changed. */
  readonly token: () => Promise<string | null>;
}

const digest = (value: string): Buffer => createHash('sha256').update(value).digest();

/** Whether the Host header is this machine's: a browser here may be led to it by a page of a foreign name (DNS rebinding). */
function isOwnName(host = ''): boolean {
  const name = URL.canParse(`http://${host}`) ? withoutBrackets(new URL(`http://${host}`).hostname) : '';
  return isIP(name) !== 0 || isLoopbackHost(name) || name === hostname().toLowerCase();
}

/** A request that began on this machine: a proxy here would say for whom it asks. */
const isLocal = ({ socket, headers }: FastifyRequest): boolean =>
  isOwnName(headers.host) &&
  isLoopbackHost((socket.remoteAddress ?? '').replace(/^::ffff:/, '')) &&
  headers['x-forwarded-for'] === undefined &&
  headers.forwarded === undefined;

/** `GET /metrics` for Prometheus: with the token, or without one from this machine only. 401 and 403 otherwise, 503 while the store does not answer. */
export function registerMetrics(app: FastifyInstance, { text, snapshot, token }: MetricsAddress): void {
  app.get('/metrics', async (request, reply) => {
    reply.header('cache-control', 'no-store');
    let wanted: string | null;
    try {
      wanted = await token();
    } catch {
      return reply.code(503).type('text/plain').send('The token of /metrics could not be had.\n');
    }
    const given = /^Bearer (.+)$/i.exec(request.headers.authorization ?? '')?.[1] ?? '';
    if (wanted === null && !isLocal(request))
      return reply.code(403).type('text/plain').send('Set `metrics: { token: … }` in the configuration to read metrics from another machine.\n');
    if (wanted !== null && !timingSafeEqual(digest(given), digest(wanted)))
      return reply.code(401).header('www-authenticate', 'Bearer realm="signin-probe metrics"').type('text/plain').send('A token is needed.\n');
    try {
      const body = await text.render(await snapshot());
      return reply.type(text.contentType).send(body);
    } catch {
      return reply.code(503).type('text/plain').send('The store does not answer.\n');
    }
  });
}
