/** For tests and for looking at the pages: the web page on a free port of loopback, on a sample store. */
import type { FastifyInstance } from 'fastify';
import { createHttpApp } from '../../server/http-app';
import { registerWeb } from '../register-web';
import type { WebStore } from '../web-context';
import type { WebSettings } from '../web-settings';
import { SampleStore } from './sample-store';

export interface SampleServer {
  readonly origin: string;
  readonly app: FastifyInstance;
  readonly operatorKey: string | null;
  readonly faults: string[];
  close(): Promise<void>;
}

export const localSettings: WebSettings = {
  listen: { host: '127.0.0.1', port: 0 },
  tls: null,
  behindProxy: false,
  baseUrl: null,
  loopback: true,
  access: { kind: 'local', role: 'viewer' },
};

export async function serveSample(settings: Partial<WebSettings> = {}, store: WebStore = new SampleStore(), now?: () => Date): Promise<SampleServer> {
  const all = { ...localSettings, ...settings };
  const app = createHttpApp(all);
  const faults: string[] = [];
  const { operatorKey } = await registerWeb(app, { store, settings: all, now, onFault: (text) => faults.push(text) });
  const origin = await app.listen({ host: all.listen.host, port: all.listen.port });
  return { origin, app, operatorKey, faults, close: () => app.close() };
}

if (require.main === module)
  void serveSample({ listen: { host: '127.0.0.1', port: Number(process.argv[2] ?? 0) } }).then(({ origin, operatorKey }) =>
    console.log(`${origin} operator key ${operatorKey}`),
  );
