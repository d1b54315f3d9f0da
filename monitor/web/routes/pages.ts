/** Pages to look at. Everything in an address is checked; what makes no sense falls back to the page's default. */
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { sendPage } from '../answer';
import { overviewDays, overviewPage } from '../pages/overview';
import { wallPage } from '../pages/wall';
import type { WebContext } from '../web-context';

const overviewQuery = z.object({ show: z.enum(['all', 'attention']).catch('all'), order: z.enum(['name', 'worst']).catch('name') });

export function registerPages(web: FastifyInstance, context: WebContext): void {
  const { store, now } = context;
  web.get('/', async (request, reply) => {
    const at = now();
    return sendPage(context, request, reply, overviewPage(await store.overview({ days: overviewDays, now: at }), overviewQuery.parse(request.query), at));
  });
  web.get('/wall', async (request, reply) => {
    const at = now();
    return sendPage(context, request, reply, wallPage(await store.overview({ days: 1, now: at }), at));
  });
}
