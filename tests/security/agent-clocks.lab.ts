/** Agents and their tokens while the clock of the agent, or of the server and its store, jumps: what was revoked or lost stays so, and a slot ends once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { mostRunnersOfAgent, registerAgents } from '../../monitor/fleet/agent-interface';
import { createAgentToken, revokeAgentTokens } from '../../monitor/fleet/agent-tokens';
import { startHttp } from '../../monitor/server/http';
import { recordPlans, recordSeries } from '../../monitor/store/lifecycle/plan';
import { sweep } from '../../monitor/store/lifecycle/sweep';
import { type OpenStore, openStore } from '../../monitor/store/open-store';
import { sampleOutcome } from '../../monitor/testing/sample-result';
import { withClock } from './testing/with-clock';

test.describe.configure({ mode: 'serial', timeout: 90_000 });
const [minute, hour, day] = [60_000, 3_600_000, 86_400_000] as const;
const note = (attempts: number, leaks: number): void =>
  void test.info().annotations.push({ type: 'attempts', description: String(attempts) }, { type: 'leaks', description: String(leaks) });

let folder: string;
let store: OpenStore;
let server: { readonly url: string; close(): Promise<void> };
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signin-probe-clocks-'));
  store = await openStore({ folder });
  const parts = [(app: Parameters<typeof registerAgents>[0]) => registerAgents(app, store)];
  const listen = { host: '127.0.0.1', port: 0 };
  server = await startHttp({ listen, tls: null, behindProxy: false, health: () => null, ready: async () => null, parts });
});
test.afterAll(async () => {
  await server?.close();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

type Ask = (path: string, body: object) => Promise<{ status: number; body: Record<string, unknown> }>;
async function agentAt(agent: string, location: string): Promise<Ask> {
  const { token } = await createAgentToken(store.db, agent, location);
  return async (path, body) => {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    const answer = await fetch(`${server.url}/agents/v1/${path}`, { method: 'POST', headers, body: JSON.stringify({ instance: 'one', ...body }) });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
}
const status = { tool: '1.0.0', capacity: 1, running: 0, claims: [] as object[] };

/** A slot due since a second, which may be begun for three days. */
async function plan(location: string): Promise<void> {
  const [series] = await recordSeries(store.db, store.queue, [{ target: 'contoso', route: 'ifd', location }]);
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 1_000);
  await recordPlans(store.db, store.queue, [{ series: series!, until: at, slots: [{ at, startBefore: new Date(Date.now() + 3 * day), missed: null }] }]);
}
async function claimed(ask: Ask): Promise<{ slotId: string; claim: string }> {
  const { body } = await ask('claim', { count: 1 });
  const [first] = body.claims as { slotId: string; claim: string }[];
  if (!first) throw new Error('no claim');
  return { slotId: first.slotId, claim: first.claim };
}

test('a revoked token is good at no time, whatever the clock was when it was made and revoked; one that is not revoked goes on', async () => {
  const offsets = [-30 * day, -hour, 0, hour, 30 * day];
  let taken = 0;
  let asked = 0;
  await withClock(async (set) => {
    for (const madeAt of offsets)
      for (const revokedAt of offsets) {
        const name = `agent ${madeAt} ${revokedAt}`;
        set(madeAt);
        const ask = await agentAt(name, 'tokens');
        set(revokedAt);
        expect((await ask('leave', {})).status, name).toBe(200);
        expect(await revokeAgentTokens(store.db, name)).toBe(1);
        for (const offset of offsets) {
          set(offset);
          asked += 1;
          if ((await ask('leave', {})).status !== 401) taken += 1;
        }
      }
  });
  note(asked, taken);
  expect(taken).toBe(0);
});

for (const [how, jumps] of [
  ['ahead, and stays there', [hour, hour]],
  ['ahead and back', [hour, 0]],
  ['back, and stays there', [-day, -day + 2 * minute]],
  ['back and ahead again', [-day, hour]],
] as const)
  test(`a slot that was lost while the clock jumped ${how} is taken from its next agent only, and once`, async () => {
    const location = how.replace(/\W+/g, '-');
    const [late, next] = [await agentAt(`late-${location}`, location), await agentAt(`next-${location}`, location)];
    await plan(location);
    const lost = await claimed(late);
    const answers: unknown[] = [];
    const handIn = async (ask: Ask, held: object): Promise<unknown> => (await ask('finish', { ...held, outcomes: [sampleOutcome('healthy')] })).body.verdict;
    await withClock(async (set) => {
      for (const jump of jumps) {
        set(jump);
        await sweep(store.db, store.queue);
      }
      // Where the clock came back before anybody looked again, the lease ends by its own time.
      set(jumps[1] + 5 * minute);
      await sweep(store.db, store.queue);
      const held = await claimed(next);
      expect(held.slotId).toBe(lost.slotId);
      answers.push(await handIn(late, lost), (await late('renew', { ...status, claims: [lost] })).body.lost);
      set(0);
      answers.push(await handIn(late, lost), await handIn(next, held), await handIn(next, held), await handIn(late, lost));
    });
    note(answers.length, answers.filter((answer) => answer === 'healthy').length - 1);
    expect(answers).toEqual([null, [lost.claim], null, 'healthy', null, null]);
  });

test('what an agent with a wrong clock hands in counts once, by the store’s time', async () => {
  const wrong = [-3650 * day, -day, day, 3650 * day];
  for (const [index, offset] of wrong.entries()) {
    const ask = await agentAt(`wrong-${index}`, `wrong-${index}`);
    await plan(`wrong-${index}`);
    const held = await claimed(ask);
    const at = new Date(Date.now() + offset).toISOString();
    const outcomes = [{ ...sampleOutcome('healthy'), startedAt: at, finishedAt: at, runId: `wrong-${index}` }];
    expect((await ask('finish', { ...held, outcomes })).body).toEqual({ verdict: 'healthy' });
    expect((await ask('finish', { ...held, outcomes })).body).toEqual({ verdict: null });
    expect((await ask('renew', { ...status, claims: [held] })).body).toEqual({ lost: [held.claim] });
  }
  note(wrong.length * 3, 0);
});

test('processes heard of by a clock that was set back do not keep an agent out until it has caught up', async () => {
  const ask = await agentAt('ahead', 'dmz');
  await withClock(async (set) => {
    set(day);
    for (let n = 0; n < mostRunnersOfAgent; n++) expect((await ask('renew', { ...status, instance: `gone-${n}` })).status).toBe(200);
    set(0);
    expect((await ask('renew', { ...status, instance: 'fresh' })).status).toBe(200);
  });
  note(mostRunnersOfAgent + 1, 0);
});
