import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { createLog } from '../../system/log';
import { createRedactor } from '../../probes/redaction/redact';
import { readMonitorSettings } from '../settings/monitor-settings';
import { openStore } from '../store/open-store';
import { noPostgres, startPostgres, type TestPostgres } from '../testing/start-postgres';
import { sampleOutcome } from '../testing/sample-result';
import { startWatch } from '../watch';
import type { Runner } from '../slots/worker-pool';
import { createAgentToken, revokeAgentTokens } from './agent-tokens';
import { startAgent } from './start-agent';

const browser = { name: 'configured', executablePath: null, version: 'none' } as const;
const log = createLog({ level: 'error', quiet: true, redactor: createRedactor() });
const lease = { leaseMs: 3_000, renewEveryMs: 500 };

test.skip(noPostgres() !== null, noPostgres() ?? '');

let server: TestPostgres;
let folder = '';
test.beforeAll(async () => {
  server = await startPostgres();
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-fleet-lab-'));
});
test.afterAll(async () => {
  await server.stop();
  await rm(folder, { recursive: true, force: true });
});

test('two watches and four agents at two locations run every slot once, at its place; a revoked token gets nothing more', async () => {
  const journal = join(folder, 'journal');
  const names = ['FLEET_LAB_DATABASE', 'FLEET_LAB_TOKEN', 'FLEET_LAB_PASSWORD'] as const;
  process.env[names[0]] = server.url;
  process.env[names[2]] = 'not used';
  const config = join(folder, 'signin-probe.yaml');
  const targets = [1, 2, 3].map(
    (n) =>
      `  - { name: t${n}, ifd: { url: 'https://o${n}.contoso.test/', locations: [dmz] }, internal: { url: 'https://i${n}.contoso.test/', locations: ` +
      `[hq] }, sts: https://sts.contoso.test, account: { user: probe, password: env:${names[2]} } }\n`,
  );
  await writeFile(config, `monitor: { schedule: every 5s, location: hq, concurrency: 4, store: { database: env:${names[0]} } }\ntargets:\n${targets.join('')}`);
  await writeFile(journal, '');
  const settings = readMonitorSettings(config);
  const at =
    (place: string): Runner =>
    async ({ slotId, location }) => {
      await appendFile(journal, `${slotId} ${location} ${place}\n`);
      return [sampleOutcome('healthy')];
    };
  const store = await openStore({ url: server.url });
  const parts = () => Promise.resolve([]);
  const shared = { settings, browser, log, outFolder: folder, verbose: false, lease };
  const listen = { listen: { host: '127.0.0.1', port: 0 }, tls: null, behindProxy: false };
  const watches = await Promise.all([1, 2].map(() => startWatch({ ...shared, server: listen, parts, runner: at('hq') })));
  const { token } = await createAgentToken(store.db, 'agent-dmz', 'dmz');
  process.env[names[1]] = token;
  const agents = await Promise.all([
    ...watches.map(({ url }) => startAgent({ ...shared, runner: at('dmz'), location: 'dmz', server: url, token: `env:${names[1]}` })),
    ...[1, 2].map(() => startAgent({ ...shared, runner: at('dmz'), location: 'dmz', database: `env:${names[0]}` })),
  ]);
  try {
    await expect.poll(async () => (await store.slots({ states: ['healthy'], limit: 1000 })).length, { timeout: 40_000 }).toBeGreaterThan(16);
    const kept = await store.db.query<{ hash: string }>('SELECT hash FROM agent_tokens', []);
    expect(kept.map(({ hash }) => hash.includes(token))).toEqual([false]);
    expect((await store.runners()).map(({ kind, location }) => `${kind} ${location}`).toSorted()).toEqual(['agent dmz', 'agent dmz', 'agent dmz', 'watch hq']);
    await revokeAgentTokens(store.db, 'agent-dmz');
    await expect(agents[0]?.refused).rejects.toThrow('refuses the token');
  } finally {
    await Promise.all(agents.map((agent) => agent.stop(1_000)));
    await Promise.all(watches.map((watch) => watch.stop(1_000)));
  }
  const lines = (await readFile(journal, 'utf8'))
    .trim()
    .split('\n')
    .map((line) => line.split(' '));
  expect(lines.filter(([, location, place]) => location !== place)).toEqual([]);
  expect(new Set(lines.map(([slot]) => slot)).size).toBe(lines.length);
  // None is still under way: what could not end in time was handed back.
  expect(await store.slots({ states: ['running'] })).toEqual([]);
  await store.close();
  for (const name of names) delete process.env[name];
});
