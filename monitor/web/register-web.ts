/** The web page of `watch`, as a plugin: pages, forms, live updates and sign-in, behind one gate. */
import cookie from '@fastify/cookie';
import formbody from '@fastify/formbody';
import rateLimit from '@fastify/rate-limit';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { toolVersion } from '../../runs/tool-version';
import { isByItself, sendMessage } from './answer';
import { assets } from './assets/assets';
import { isOwnHost } from './guard/addresses';
import { Gate } from './guard/gate';
import { registerLive } from './live';
import { registerActions } from './routes/actions';
import { registerPages } from './routes/pages';
import { registerRuns } from './routes/runs';
import { registerSignIn } from './routes/sign-in';
import type { WebContext, WebStore } from './web-context';
import type { WebSettings } from './web-settings';

export interface WebOptions {
  readonly store: WebStore;
  readonly settings: WebSettings;
  readonly now?: (() => Date) | undefined;
  /** Told about what a person in front of the page is not told (an OpenID provider that fails, a store that does not answer). Gets no secret. */
  readonly onFault?: (text: string) => void;
}

export interface Web {
  /** Makes a visitor on loopback an operator: print it where `watch` was started. Null where people sign in. */
  readonly operatorKey: string | null;
}

/** Requests in a minute from one address; a page with its parts is about four, and updates itself at most every two seconds. */
const perMinute = 1200;
const year = 31_536_000;

/**
 * Adds the page to a server. Everything is inside one plugin: its hooks do not touch what else the server answers (metrics, health, agents).
 * `settings` come from `readWebSettings`, which refuses what would be open to others.
 */
export async function registerWeb(app: FastifyInstance, { store, settings, now = () => new Date(), onFault = () => undefined }: WebOptions): Promise<Web> {
  const gate = new Gate(settings, now);
  const context: WebContext = { store, settings, gate, now, tool: toolVersion };
  await app.register(async (web) => {
    await web.register(cookie);
    await web.register(formbody, { bodyLimit: 16_384 });
    await web.register(rateLimit, { max: perMinute, timeWindow: 60_000, keyGenerator: (request) => clientOf(request, settings.behindProxy) });

    web.addHook('onRequest', async (request, reply) => {
      if (!isOwnHost(request, settings))
        return sendMessage(
          context,
          request,
          reply,
          421,
          'Not this address',
          `This page answers only to its own address${settings.baseUrl === null ? '' : `, ${settings.baseUrl}`}.`,
        );
      const path = request.url.split('?')[0] ?? '/';
      if (path.startsWith('/assets/') || path === '/sign-in' || path.startsWith('/sign-in/')) return;
      if (gate.visitorOf(request, !isByItself(request)).role !== null) return;
      if (isByItself(request) || request.method !== 'GET') return sendMessage(context, request, reply, 401, 'Not signed in', 'Sign in, then repeat this.');
      return reply.redirect(`/sign-in?to=${encodeURIComponent(request.url)}`, 303);
    });
    web.setErrorHandler(async (error: { statusCode?: number; message?: string; code?: string; name?: string }, request, reply) => {
      const status = error.statusCode ?? 500;
      if (status === 429) return sendMessage(context, request, reply, 429, 'Too many requests', 'Wait a minute, then try again.');
      if (status < 500) return sendMessage(context, request, reply, status, 'This request cannot be answered', 'Go back, load the page again, and repeat it.');
      onFault(`web: ${request.method} ${request.routeOptions.url ?? 'unknown route'}: ${error.code ?? ''} ${(error.message ?? '').split('\n')[0]}`);
      const [code, title, text] = ownFaults.has(error.name ?? '') ? ownFault : storeFault;
      return sendMessage(context, request, reply, code, title, text);
    });

    for (const { address, type, body } of assets)
      web.get(address, (_request, reply) => reply.header('cache-control', `public, max-age=${year}, immutable`).type(type).send(body));
    registerPages(web, context);
    registerRuns(web, context);
    registerActions(web, context);
    registerSignIn(web, context, onFault);
    registerLive(web, context);
    web.get('/*', (request, reply) =>
      sendMessage(context, request, reply, 404, 'There is no such page', 'The address is wrong, or what it showed is past its retention.'),
    );
  });
  return { operatorKey: gate.operatorKey };
}

/** Errors of a program, never of a database: what the store gave cannot be shown, or the page has a fault. */
const ownFaults: ReadonlySet<string> = new Set(['ZodError', '$ZodError', 'TypeError', 'RangeError', 'ReferenceError', 'SyntaxError']);
const ownFault = [
  500,
  'This page cannot be shown',
  'What the store holds for it does not fit this version, or it is a fault of signin-probe. The log of watch names it.',
] as const;
const storeFault = [
  503,
  'The store does not answer',
  'The results cannot be read now. See the log of watch; this page tries again when it is loaded again.',
] as const;

/** Who asks. A proxy appends the address it was asked from, so the last entry is its word; those before it are the client's. */
function clientOf(request: FastifyRequest, behindProxy: boolean): string {
  const forwarded = request.headers['x-forwarded-for'];
  const last = behindProxy
    ? String(forwarded ?? '')
        .split(',')
        .at(-1)
        ?.trim()
    : undefined;
  return last === undefined || last === '' ? request.ip : last;
}
