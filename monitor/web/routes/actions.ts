/** What an operator does: run now, silence, acknowledge. Every form passes the gate first, and ends in a page that can be loaded again. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { causeIds } from '../../../contracts/causes';
import { routeSchema } from '../../../contracts/words';
import { sendMessage } from '../answer';
import { silenceHours } from '../pages/silences';
import type { WebContext } from '../web-context';

const nothing = z.literal('').transform(() => null);
const runForm = z.object({ target: z.string().min(1), route: routeSchema, location: z.string().min(1) });
const silenceForm = z.object({
  target: z.union([nothing, z.string().max(200)]),
  route: z.union([nothing, routeSchema]),
  location: z.union([nothing, z.string().max(200)]),
  cause: z.union([nothing, z.enum(causeIds)]),
  hours: z.enum(Object.keys(silenceHours) as [keyof typeof silenceHours, ...(keyof typeof silenceHours)[]]),
  reason: z.string().trim().min(1).max(200),
});
const idParams = z.object({ id: z.uuid() });
/** Forms in a minute from one address. */
const perMinute = 60;

export function registerActions(web: FastifyInstance, context: WebContext): void {
  const { store, now, gate } = context;
  const operatorsOnly = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
    const refusal = gate.refusalOf(request);
    if (refusal !== null) return sendMessage(context, request, reply, 403, 'This form is refused', refusal);
    if (gate.visitorOf(request, true).role !== 'operator')
      return sendMessage(context, request, reply, 403, 'Operators only', 'You may look, but not act. Sign in as an operator.');
  };
  const options = { preHandler: operatorsOnly, config: { rateLimit: { max: perMinute, timeWindow: 60_000, groupId: 'actions' } } };
  const by = (request: FastifyRequest): string => gate.visitorOf(request, true).name ?? 'operator on the machine of watch';
  const invalid = (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> =>
    sendMessage(context, request, reply, 400, 'Something is missing', 'Go back and fill in the whole form.');

  web.post('/run', options, async (request, reply) => {
    const form = runForm.safeParse(request.body);
    if (!form.success) return invalid(request, reply);
    const slotId = await store.runNow(form.data, now());
    if (slotId === null)
      return sendMessage(context, request, reply, 404, 'Nothing to run', 'This target, route and location is not in the configuration (any more).');
    return reply.redirect(`/slots/${slotId}`, 303);
  });
  web.post('/silences', options, async (request, reply) => {
    const form = silenceForm.safeParse(request.body);
    if (!form.success) return invalid(request, reply);
    const { hours, ...silence } = form.data;
    const from = now();
    await store.saveSilence({ ...silence, from: from.toISOString(), to: new Date(from.getTime() + Number(hours) * 3_600_000).toISOString(), by: by(request) });
    return reply.redirect('/silences', 303);
  });
  web.post('/silences/:id/end', options, async (request, reply) => {
    const params = idParams.safeParse(request.params);
    if (!params.success || !(await store.endSilence(params.data.id, now())))
      return sendMessage(context, request, reply, 404, 'There is no such silence', 'It is over already.');
    return reply.redirect('/silences', 303);
  });
  web.post('/alerts/:id/acknowledge', options, async (request, reply) => {
    const params = idParams.safeParse(request.params);
    if (!params.success || !(await store.acknowledge(params.data.id, by(request), now())))
      return sendMessage(context, request, reply, 404, 'There is no such alert', 'It has recovered, or was acknowledged already.');
    return reply.redirect(`/alerts/${params.data.id}`, 303);
  });
}
