import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { startHttp } from '../server/http';
import type { OpenStore } from '../store/open-store';
import { registerAgents } from './agent-interface';

const token = `spa_${'a'.repeat(43)}`;

/** A store that knows one token and has no work; counts how often it is asked for some. */
function idleStore(): { store: OpenStore; asked: () => number } {
  let asked = 0;
  const known = { id: '00000000-0000-4000-8000-000000000000', agent: 'probe-1', location: 'dmz', created_at: new Date(), last_used_at: null, revoked_at: null };
  const db = {
    query: async (text: string) => (text.startsWith('SELECT * FROM agent_tokens') ? [known] : []),
    transaction: async <T>(work: (tx: unknown) => Promise<T>) => work(db),
  };
  const queue = { prepare: async () => undefined, take: async () => ((asked += 1), []) };
  return { store: { db, queue, changed: () => undefined } as unknown as OpenStore, asked: () => asked };
}

test('an agent that asks for work waits for it at the watch instead of asking again and again; whoever hangs up is not waited for', async () => {
  const { store, asked } = idleStore();
  const server = await startHttp({
    listen: { host: '127.0.0.1', port: 0 },
    tls: null,
    behindProxy: false,
    health: () => null,
    ready: async () => null,
    parts: [(app) => registerAgents(app, store)],
  });
  const hangUp = new AbortController();
  let answered = false;
  const request = fetch(`${server.url}/agents/v1/claim`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ instance: 'here', count: 1 }),
    signal: hangUp.signal,
  }).then(
    () => (answered = true),
    () => undefined,
  );
  try {
    await expect.poll(asked).toBeGreaterThan(3);
    expect(answered).toBe(false);
    hangUp.abort();
    await request;
    let before = -1;
    await expect
      .poll(async () => {
        const same = asked() === before;
        before = asked();
        await pause(700); // longer than the watch takes to look again
        return same;
      })
      .toBe(true);
  } finally {
    await server.close();
  }
});
