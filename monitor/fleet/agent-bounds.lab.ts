/** What an agent with a good token may not do all the same: touch another location's work, fill the list of runners, take the store's words for an answer. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import { sampleReports } from '../../reports/testing/sample-reports';
import { startHttp } from '../server/http';
import { claimSlots } from '../store/lifecycle/claim';
import { recordPlans, recordSeries } from '../store/lifecycle/plan';
import { type OpenStore, openStore } from '../store/open-store';
import { sampleOutcome } from '../testing/sample-result';
import { serveSample } from '../web/testing/serve-sample';
import { mostRunnersOfAgent, registerAgents } from './agent-interface';
import { createAgentToken } from './agent-tokens';

const note = (attempts: number, leaks = 0): void =>
  void test.info().annotations.push({ type: 'attempts', description: String(attempts) }, { type: 'leaks', description: String(leaks) });

let folder: string;
let store: OpenStore;
let server: { readonly url: string; close(): Promise<void> };
test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signin-probe-agents-'));
  store = await openStore({ folder });
  server = await startHttp({
    listen: { host: '127.0.0.1', port: 0 },
    tls: null,
    behindProxy: false,
    health: () => null,
    ready: async () => null,
    parts: [(app) => registerAgents(app, store)],
  });
});
test.afterAll(async () => {
  await server?.close();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function agentAt(agent: string, location: string): Promise<(path: string, body: object) => Promise<{ status: number; body: Record<string, unknown> }>> {
  const { token } = await createAgentToken(store.db, agent, location);
  return async (path, body) => {
    const answer = await fetch(`${server.url}/agents/v1/${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
  };
}

let planned = 0;
async function claimAt(location: string): Promise<{ slotId: string; claim: string }> {
  const [series] = await recordSeries(store.db, store.queue, [{ target: 'contoso', route: 'ifd', location }]);
  if (!series) throw new Error('no series');
  const at = new Date(Math.floor(Date.now() / 1000) * 1000 - 20_000 + (planned += 1) * 1000);
  await recordPlans(store.db, store.queue, [{ series, until: at, slots: [{ at, startBefore: new Date(Date.now() + 60_000), missed: null }] }]);
  const [claim] = await claimSlots(store.db, store.queue, { location, runner: `test@${location}`, leaseMs: 30_000 }, 1);
  if (!claim) throw new Error('no claim');
  return { slotId: claim.slotId, claim: claim.claim };
}

const status = { tool: '1.0.0', capacity: 1, running: 0 };
const leaseOf = async (slotId: string): Promise<string> =>
  String((await store.db.query<{ lease: Date }>('SELECT lease_until AS lease FROM slots WHERE id = $1', [slotId]))[0]?.lease.toISOString());

test('an agent of another location, or with another slot’s claim, prolongs, ends and hands back nothing', async () => {
  const held = await claimAt('hq');
  const other = await claimAt('branch');
  const ask = await agentAt('stranger', 'dmz');
  const before = [await leaseOf(held.slotId), await leaseOf(other.slotId)];
  for (const claims of [[held], [held, other], [{ slotId: other.slotId, claim: held.claim }]])
    expect((await ask('renew', { instance: 'one', ...status, claims })).body).toEqual({ lost: claims.map(({ claim }) => claim) });
  expect((await ask('finish', { instance: 'one', ...held, outcomes: [sampleOutcome('healthy')] })).body).toEqual({ verdict: null });
  await ask('hand-back', { instance: 'one', ...held, why: 'because' });
  expect([await leaseOf(held.slotId), await leaseOf(other.slotId)]).toEqual(before);
  const own = await agentAt('own', 'hq');
  expect((await own('renew', { instance: 'one', ...status, claims: [held] })).body).toEqual({ lost: [] });
  expect((await own('renew', { instance: 'one', ...status, claims: [{ slotId: other.slotId, claim: held.claim }] })).body).toEqual({ lost: [held.claim] });
  note(6);
});

test('one agent’s token stands for a bounded number of processes; one that stopped makes room', async () => {
  const ask = await agentAt('many', 'dmz');
  const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => ask('renew', { instance: `i${n}`, ...status, claims: [] })));
  const mine = async (): Promise<number> => (await store.runners()).filter(({ name }) => name.startsWith('many@')).length;
  expect(await mine()).toBe(mostRunnersOfAgent);
  expect(answers.filter(({ status: code }) => code === 200)).toHaveLength(mostRunnersOfAgent);
  const refused = answers.find(({ status: code }) => code !== 200);
  expect(refused?.status).toBe(429);
  expect(String(refused?.body.error)).toContain(`${mostRunnersOfAgent} processes`);
  // Who is known goes on; of the others, one that was not heard of for a minute makes room for another.
  const [first] = answers.flatMap(({ status: code }, n) => (code === 200 ? [`i${n}`] : []));
  expect((await ask('renew', { instance: first, ...status, claims: [] })).status).toBe(200);
  await store.db.query(`UPDATE runners SET last_seen_at = now() - interval '2 minutes' WHERE name = $1`, [`many@${first}`]);
  expect((await ask('renew', { instance: 'fresh', ...status, claims: [] })).status).toBe(200);
  expect(await mine()).toBe(mostRunnersOfAgent);
  expect((await (await agentAt('another', 'dmz'))('renew', { instance: 'i0', ...status, claims: [] })).status).toBe(200);
  note(200);
});

test('an agent’s report that cannot be read is told as that, not as a store that does not answer', async () => {
  const page = await serveSample({ access: { kind: 'local', role: 'operator' } }, store);
  const ask = await agentAt('reporter', 'lab');
  const good = JSON.stringify(sampleReports.broken!());
  const bad = {
    'no-gzip': 'this is no gzip',
    'no-json': gzipSync('{ this is no JSON'),
    'no-report': gzipSync('{"schema":1}'),
    bomb: gzipSync(Buffer.alloc(80 * 1024 * 1024)),
    'bad-html': null,
  };
  try {
    for (const [runId, json] of Object.entries(bad)) {
      const held = await claimAt('lab');
      const report =
        json === null
          ? { json: gzipSync(good).toString('base64'), html: Buffer.from('no gzip').toString('base64') }
          : { json: Buffer.from(json).toString('base64'), html: null };
      expect((await ask('finish', { instance: 'one', ...held, outcomes: [{ ...sampleOutcome('broken'), runId, report }] })).body).toEqual({
        verdict: 'broken',
      });
      for (const path of [`/runs/${runId}/report.html`, `/runs/${runId}/report.json`, `/compare?before=${runId}&after=${runId}`]) {
        const answer = await fetch(page.origin + path);
        const text = await answer.text();
        expect(answer.status, path).toBe(422);
        expect(text, path).toContain('cannot be read');
        expect(text, path).not.toContain('store does not answer');
      }
    }
    expect(page.faults.filter((text) => /does not answer/.test(text))).toEqual([]);
  } finally {
    await page.close();
  }
  note(Object.keys(bad).length * 3);
});
