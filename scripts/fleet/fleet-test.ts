import { once } from 'node:events';
import { type ChildProcess, spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { createAgentToken } from '../../monitor/fleet/agent-tokens';
import { openStore } from '../../monitor/store/open-store';
import { noPostgres, startPostgres } from '../../monitor/testing/start-postgres';
import { compileProject } from './compile';
import { judgeFleet } from './judge-fleet';
import type { FleetProcess } from './process';

/**
 * `npm run fleet [slots]`: three watches and six agents at three locations, each a process of its own, on one Postgres. Processes are killed at random and
 * started again, the database is restarted twice. Then every slot is looked at. The sign-ins are stand-ins (fleet/light-runner.ts): this is about slots.
 */
const wanted = Number(process.argv[2] ?? 2_000);
const locations = ['hq', 'dmz', 'branch'];
const everySeconds = 20;
const rounds = 10;
const targets = Math.ceil(wanted / locations.length / rounds);
const killEveryMs = 7_000;
const project = join(__dirname, '..', '..');
const compiled = join(project, 'output', `.fleet-${process.pid}`);

async function fleetTest(): Promise<void> {
  const why = noPostgres();
  if (why) return console.log(`Skipped: ${why}.`);
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-fleet-'));
  compileProject(project, compiled);
  const postgres = await startPostgres();
  const database = await openStore({ url: postgres.url });
  const tokens = new Map<string, string>();
  for (const location of locations) tokens.set(location, (await createAgentToken(database.db, `agent-${location}`, location)).token);
  const config = join(folder, 'signin-probe.yaml');
  await writeFile(config, configuration());
  await mkdir(join(folder, 'out'));
  const journal = join(folder, 'journal.jsonl');
  await writeFile(journal, '');
  const shared = { config, out: join(folder, 'out'), journal, durationMs: { from: 100, to: 600 } };
  const ports = [0, 1, 2].map((n) => 20_000 + (process.pid % 10_000) * 3 + n);
  const members: FleetProcess[] = [
    ...ports.map((port, n): FleetProcess => ({ ...shared, role: 'watch', port, location: locations[n] ?? 'hq' })),
    // Of the two agents of a location one works over HTTP, the other beside the database.
    ...locations.flatMap((location, n): FleetProcess[] => [
      { ...shared, role: 'agent', port: 0, location, server: `http://127.0.0.1:${ports[n]}` },
      { ...shared, role: 'agent', port: 0, location },
    ]),
  ];
  const errors = createWriteStream(join(folder, 'errors.txt'));
  const begin = async (n: number): Promise<ChildProcess> => {
    const member = members[n];
    const file = join(folder, `${n}.json`);
    await writeFile(file, JSON.stringify(member));
    const child = spawn(process.execPath, [join(compiled, 'scripts', 'fleet', 'process.js'), file], {
      env: {
        ...process.env,
        FLEET_DATABASE: postgres.url,
        FLEET_TOKEN: tokens.get(member?.location ?? '') ?? '',
        FLEET_PASSWORD: 'not used',
        NODE_NO_WARNINGS: '1',
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.pipe(errors, { end: false });
    return child;
  };
  const fleet = await Promise.all(members.map((_, n) => begin(n)));
  await allAnswer(ports);
  const startedAt = Date.now();
  const endsAt = startedAt + (rounds * everySeconds + 15) * 1000;
  const restarts = [0.35, 0.7].map((part) => startedAt + part * rounds * everySeconds * 1000);
  let kills = 0;
  while (Date.now() < endsAt) {
    await pause(killEveryMs);
    if (restarts[0] !== undefined && Date.now() > restarts[0]) {
      restarts.shift();
      await postgres.restart();
    } else if (Date.now() < endsAt - 20_000) {
      const victim = Math.floor(Math.random() * fleet.length);
      fleet[victim]?.kill('SIGKILL');
      kills += 1;
      await pause(1_000);
      fleet[victim] = await begin(victim);
    }
  }
  // Those recorded ahead and not due are of no interest.
  const until = new Date();
  await pause(everySeconds * 1000 + 5_000);
  for (const child of fleet) child.kill('SIGTERM');
  await Promise.all(
    fleet.map(async (child) => {
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }),
  );
  const verdict = await judgeFleet(database.db, journal, until);
  console.log(
    `${members.length} processes (3 watches, 6 agents), ${locations.length} locations, ${kills} kills, 2 restarts of the database, ` +
      `${Math.round((Date.now() - startedAt) / 1000)} s`,
  );
  console.log(verdict.lines.join('\n'));
  if (!verdict.ok) console.log(`what the processes said:\n${(await readFile(join(folder, 'errors.txt'), 'utf8')).split('\n').slice(-40).join('\n')}`);
  await database.close();
  await postgres.stop();
  await rm(folder, { recursive: true, force: true });
  await rm(compiled, { recursive: true, force: true });
  process.exitCode = verdict.ok ? 0 : 2;
}

async function allAnswer(ports: readonly number[]): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (const port of ports)
    while (
      !(await fetch(`http://127.0.0.1:${port}/readyz`).then(
        ({ ok }) => ok,
        () => false,
      ))
    ) {
      if (Date.now() > deadline) throw new Error(`the watch on port ${port} did not get ready`);
      await pause(200);
    }
}

function configuration(): string {
  const target = (n: number): string =>
    `  - name: target-${n}\n    ifd: { url: 'https://org${n}.contoso.test/main.aspx' }\n    sts: https://sts.contoso.test\n    account: { user: ` +
    `'CONTOSO\\probe', password: env:FLEET_PASSWORD }\n`;
  return (
    `monitor:\n  schedule: every ${everySeconds}s\n  concurrency: 8\n  store: { database: env:FLEET_DATABASE }\ntargets:\n` +
    Array.from({ length: targets }, (_, n) => `${target(n)}    locations: [${locations.join(', ')}]\n`).join('')
  );
}

void fleetTest().catch((error: unknown) => {
  console.error(error);
  process.exit(3);
});
