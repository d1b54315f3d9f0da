import type { FastifyInstance } from 'fastify';
import { ProbeFault } from '../../contracts/probe-fault';
import { createHttpApp, type HttpAppOptions } from './http-app';

/** Adds its own addresses to the server: the web page, metrics, the agents' interface. */
export type HttpPart = (app: FastifyInstance) => void | Promise<void>;

export interface HttpOptions extends HttpAppOptions {
  readonly listen: { readonly host: string; readonly port: number };
  readonly parts: readonly HttpPart[];
  /** Null = well; otherwise what is wrong. `/healthz`: is this process worth keeping. */
  readonly health: () => string | null;
  /** `/readyz`: can it do its work now. */
  readonly ready: () => Promise<string | null>;
}

export interface HttpServer {
  readonly url: string;
  close(): Promise<void>;
}

/** The server of `watch`. Throws ProbeFault when the address is taken. */
export async function startHttp({ listen, parts, health, ready, ...options }: HttpOptions): Promise<HttpServer> {
  const app = createHttpApp(options);
  app.get('/healthz', async (_, reply) => {
    const why = health();
    return reply
      .code(why === null ? 200 : 503)
      .type('text/plain')
      .send(why ?? 'well\n');
  });
  app.get('/readyz', async (_, reply) => {
    const why = await ready().catch(() => 'the store does not answer\n'); // its own words are for the log
    return reply
      .code(why === null ? 200 : 503)
      .type('text/plain')
      .send(why ?? 'ready\n');
  });
  // Each in a scope of its own, so that one part's hooks and parsers do not touch another's.
  for (const part of parts) await app.register(async (scope) => part(scope));
  try {
    await app.listen({ host: listen.host, port: listen.port });
  } catch (error) {
    await app.close();
    const { code } = error as NodeJS.ErrnoException;
    throw new ProbeFault(
      code === 'EADDRINUSE'
        ? `${listen.host}:${listen.port} is in use already, perhaps by another watch. Stop that one, or set another \`listen\` under \`web:\`.`
        : `The web server cannot listen on ${listen.host}:${listen.port} (${code ?? String(error)}). Correct \`listen\` under \`web:\`.`,
    );
  }
  const address = app.server.address();
  const port = typeof address === 'object' && address ? address.port : listen.port;
  const host = listen.host.includes(':') ? `[${listen.host}]` : listen.host;
  return { url: `${options.tls ? 'https' : 'http'}://${host}:${port}`, close: () => app.close() };
}
