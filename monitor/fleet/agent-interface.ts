import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { AgentToken } from '../../contracts/monitoring';
import { usualLease } from '../slots/store-source';
import { type Claim, claimSlots, handBack, openClaim, renewClaims } from '../store/lifecycle/claim';
import { attemptOutcomeSchema, finishSlot } from '../store/lifecycle/finish';
import { forgetRunner } from '../store/lifecycle/heartbeat';
import { hasRoom, noteBounded } from '../store/lifecycle/runner-bound';
import type { OpenStore } from '../store/open-store';
import { whoHasToken } from './agent-tokens';

/** A request for work is answered at the latest after so long, with nothing. */
const patienceMs = 10_000;
const lookEveryMs = 300;
/** A report with its pictures, packed. */
const largestBody = 32 * 1024 * 1024;
/** Processes one agent (its name, whatever tokens it has) may be at a time; one that was not heard of for a minute makes room. */
export const mostRunnersOfAgent = 16;

const instance = z.string().regex(/^[\w.@:-]{1,100}$/);
const held = z.object({ slotId: z.uuid(), claim: z.uuid() });
const claimRequestSchema = z.object({ instance, count: z.number().int().min(1).max(64) });
const renewRequestSchema = z.object({
  instance,
  tool: z.string().max(50),
  capacity: z.number().int().min(0).max(1000),
  running: z.number().int().min(0).max(1000),
  claims: z.array(held).max(1000),
});
const finishRequestSchema = held.extend({ instance, outcomes: z.array(attemptOutcomeSchema).min(1).max(2) });
const handBackRequestSchema = held.extend({ instance, why: z.string().max(500) });
const leaveRequestSchema = z.object({ instance });

/**
 * What agents ask `watch`, with the token of theirs: only POST, only JSON, only what belongs to the token's location. The agent never gets an address,
 * an account or a secret from here: it signs in to the targets of its own configuration, so that whoever has the server has not the passwords.
 */
export function registerAgents(app: FastifyInstance, store: OpenStore, { leaseMs } = usualLease): void {
  const { db, queue } = store;
  const answer = <Body>(
    path: string,
    schema: z.ZodType<Body>,
    work: (body: Body, agent: AgentToken, gone: () => boolean) => Promise<object | 'no room'>,
  ): void => {
    const known = new WeakMap<FastifyRequest, AgentToken>();
    // Before the body is read: from a stranger it is not taken.
    const onRequest = async (request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | void> => {
      const agent = await agentOf(request, store);
      if (!agent) return refuse(reply.header('connection', 'close'), 401, 'This token is not known, or was revoked.');
      known.set(request, agent);
    };
    app.post(`/agents/v1/${path}`, { bodyLimit: largestBody, onRequest }, async (request, reply) => {
      const agent = known.get(request);
      if (!agent) return refuse(reply, 401, 'This token is not known, or was revoked.');
      const body = schema.safeParse(request.body);
      if (!body.success) return refuse(reply, 400, 'The request does not fit; agent and watch should have the same version.');
      // Not the request's own `destroyed`: that is true as soon as its body was read.
      const given = await work(body.data, agent, () => reply.raw.destroyed);
      return given === 'no room' ? refuse(reply, 429, `This agent has ${mostRunnersOfAgent} processes already, the most one agent may have.`) : given;
    });
  };
  const returned = async (claim: Claim, why: string): Promise<void> => {
    if (await handBack(db, queue, claim, why)) store.changed(claim.slotId, 'planned');
  };
  const runnerOf = (agent: AgentToken, id: string): string => `${agent.agent}@${id}`;
  const boundOf = (agent: AgentToken) => ({ prefix: runnerOf(agent, ''), most: mostRunnersOfAgent });

  answer('claim', claimRequestSchema, async (body, agent, gone) => {
    const until = performance.now() + patienceMs;
    const claimant = { location: agent.location, runner: runnerOf(agent, body.instance), leaseMs };
    if (!(await hasRoom(db, claimant.runner, boundOf(agent)))) return 'no room';
    await queue.prepare(agent.location);
    for (;;) {
      const claims = await claimSlots(db, queue, claimant, body.count);
      for (const { slotId } of claims) store.changed(slotId, 'running');
      // Nobody is there to run them: another should not have to wait until their lease ends.
      if (gone()) for (const claim of claims) await returned(claim, 'Handed back: the agent hung up.');
      if (claims.length > 0 || performance.now() > until || gone()) return { location: agent.location, claims };
      await pause(lookEveryMs);
    }
  });
  answer('renew', renewRequestSchema, async ({ instance: id, claims, ...status }, agent) => {
    const { location } = agent;
    const noted = await noteBounded(db, { name: runnerOf(agent, id), kind: 'agent', location, ...status }, boundOf(agent));
    if (!noted) return 'no room';
    return { lost: await renewClaims(db, claims, { location, leaseMs }) };
  });
  answer('finish', finishRequestSchema, async ({ slotId, claim: id, outcomes }, agent) => {
    const claim = await openClaim(db, slotId, id);
    if (claim?.location !== agent.location) return { verdict: null };
    const verdict = await finishSlot(db, queue, claim, outcomes);
    if (verdict !== null) store.changed(slotId, verdict);
    return { verdict };
  });
  answer('hand-back', handBackRequestSchema, async ({ slotId, claim: id, why }, agent) => {
    const claim = await openClaim(db, slotId, id);
    if (claim?.location === agent.location) await returned(claim, why);
    return {};
  });
  answer('leave', leaveRequestSchema, async ({ instance: id }, agent) => {
    await forgetRunner(db, runnerOf(agent, id));
    return {};
  });
}

async function agentOf(request: FastifyRequest, store: OpenStore): Promise<AgentToken | null> {
  const token = /^Bearer (spa_[\w-]{43})$/.exec(request.headers.authorization ?? '')?.[1];
  return token === undefined ? null : whoHasToken(store.db, token);
}

const refuse = (reply: FastifyReply, status: number, error: string): FastifyReply => reply.code(status).send({ error });
