/** Live updates: server-sent events that say "something changed", never what. The page then asks for itself again, through the same gate as ever. */
import type { FastifyInstance, FastifyReply } from 'fastify';
import { sendMessage } from './answer';
import type { WebContext } from './web-context';

/** Slots end many at a time; a page is told at most this often. */
const quietMs = 2000;
const heartbeatMs = 20_000;
/** Open pages at once, all together. */
const maxOpen = 200;

export function registerLive(web: FastifyInstance, context: WebContext): void {
  const open = new Map<FastifyReply, () => boolean>();
  let told = 0;
  let waiting: NodeJS.Timeout | null = null;

  const close = (reply: FastifyReply): void => {
    open.delete(reply);
    reply.raw.end();
  };
  const write = (text: string): void => {
    for (const [reply, mayStay] of open)
      if (!mayStay() || reply.raw.destroyed) close(reply);
      else reply.raw.write(text);
  };
  const tell = (): void => {
    waiting = null;
    told = Date.now();
    write('event: change\ndata: \n\n');
  };
  const stopListening = context.store.onChange(() => {
    waiting ??= setTimeout(tell, Math.max(0, told + quietMs - Date.now()));
    waiting.unref();
  });
  const heartbeat = setInterval(() => write(': still here\n\n'), heartbeatMs);
  heartbeat.unref();

  web.get('/live', async (request, reply) => {
    if (open.size >= maxOpen) return sendMessage(context, request, reply, 503, 'Too many open pages', 'Close some of them.');
    const headers = reply.getHeaders();
    reply.hijack();
    reply.raw.writeHead(200, {
      ...(headers as Record<string, string>),
      'content-type': 'text/event-stream',
      'x-accel-buffering': 'no',
      connection: 'keep-alive',
    });
    reply.raw.write('retry: 5000\n\n');
    open.set(reply, () => context.gate.visitorOf(request, false).role !== null);
    reply.raw.on('close', () => open.delete(reply));
    reply.raw.on('error', () => open.delete(reply));
  });
  web.addHook('preClose', async () => {
    stopListening();
    clearInterval(heartbeat);
    if (waiting) clearTimeout(waiting);
    for (const reply of [...open.keys()]) close(reply);
  });
}
