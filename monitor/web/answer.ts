/** Pages and refusals as answers, each in the frame that fits the visitor. */
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Page } from './pages/layout';
import { renderPage } from './pages/layout';
import { messagePage } from './pages/message';
import type { WebContext } from './web-context';

/** True for what the page's script asks for by itself: no person did anything. */
export const isByItself = (request: FastifyRequest): boolean => request.headers['x-live-update'] === '1' || request.url.split('?')[0] === '/live';

export async function sendPage(
  { gate, settings, now, tool }: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  page: Page,
  status = 200,
): Promise<FastifyReply> {
  const visitor = gate.visitorOf(request, !isByItself(request));
  const html = renderPage(page, {
    visitor,
    token: visitor.signedIn ? gate.formToken(request, reply) : '',
    now: now(),
    tool,
    canSignIn: settings.access.kind === 'sign-in' || gate.operatorKey !== null,
    path: request.url,
    still: new URL(request.url, 'http://page').searchParams.get('still') === '1',
  });
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

/** A refusal or a failure: what happened, and what to do. */
export const sendMessage = (
  context: WebContext,
  request: FastifyRequest,
  reply: FastifyReply,
  status: number,
  title: string,
  text: string,
): Promise<FastifyReply> => sendPage(context, request, reply, messagePage(title, text), status);
