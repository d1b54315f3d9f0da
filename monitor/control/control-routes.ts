import { Readable } from 'node:stream';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';
import { locationSchema } from '../../contracts/monitoring';
import { instantSchema } from '../../contracts/words';
import { exportFormats, exportSlots } from '../slots/export-slots';
import { createAgentToken, listAgentTokens, revokeAgentTokens } from '../fleet/agent-tokens';
import type { OpenStore } from '../store/open-store';

export const newTokenSchema = z.object({ agent: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), location: locationSchema });
const exportQuerySchema = z.object({ format: z.enum(exportFormats), from: instantSchema.optional(), to: instantSchema.optional() });

/** What commands on this machine may ask a running watch: they cannot open its store themselves. */
export function controlRoutes(app: FastifyInstance, store: OpenStore, reload: () => Promise<string>): void {
  app.post('/reload', async (_, reply) => {
    try {
      return { text: await reload() };
    } catch (error) {
      return reply.code(422).send({ error: error instanceof Error ? error.message : String(error) });
    }
  });
  app.get('/agents', () => listAgentTokens(store.db));
  app.post('/agents', (request) => {
    const { agent, location } = newTokenSchema.parse(request.body);
    return createAgentToken(store.db, agent, location);
  });
  app.post('/agents/revoke', async (request) => ({ revoked: await revokeAgentTokens(store.db, z.object({ agent: z.string() }).parse(request.body).agent) }));
  app.get('/export', (request, reply) => {
    const { format, from = null, to = null } = exportQuerySchema.parse(request.query);
    return reply.type('text/plain').send(Readable.from(exportSlots(store.db, format, { from, to })));
  });
}
