import { defineCommand, browserOption } from '../shared/define-command';
import { dirname, resolve } from 'node:path';
import type { AgentToken } from '../../contracts/monitoring';
import { askControl, runningWatches } from '../../monitor/control/control';
import { newTokenSchema } from '../../monitor/control/control-routes';
import { createAgentToken, listAgentTokens, revokeAgentTokens } from '../../monitor/fleet/agent-tokens';
import { startAgent } from '../../monitor/fleet/start-agent';
import { readMonitorSettings } from '../../monitor/settings/monitor-settings';
import { openStore, type OpenStore } from '../../monitor/store/open-store';
import { storePlace } from '../../monitor/watch';
import { findBrowser } from '../../probes/browser';
import { ProbeFault } from '../../contracts/probe-fault';
import { browserOr } from '../shared/browser-or';
import { type CommonOptions, equipment } from '../shared/common';
import { unknownAction } from '../shared/unknown-action';
import { untilStopped } from '../shared/until-stopped';

/** `signin-probe agent`: runs the slots of a location until stopped; `agent token|list|revoke` keep the tokens agents identify themselves with. */
export const command = defineCommand({
  name: 'agent',
  group: 'Monitor',
  place: 2,
  args: '[action] [name]',
  description: 'run the slots of a location for a watch elsewhere; token NAME, list and revoke NAME keep the tokens of agents',
  example: 'signin-probe agent --location dmz --server https://signin-probe.contoso.com --token env:AGENT_TOKEN',
  options: (command) =>
    command
      .option('--location <name>', 'whose slots to run; with `token`, where the agent will be')
      .option('--server <url>', 'the watch to work for')
      .option('--token <reference>', 'where the agent’s token is kept: env:NAME, file:PATH, …')
      .option('--ca <file>', 'PEM of a private CA that signed the watch’s certificate')
      .option('--database <reference>', 'instead of --server: the fleet’s Postgres, e.g. env:DATABASE_URL')
      .addOption(browserOption()),
  run,
});

async function run([action, name]: string[], options: CommonOptions): Promise<number> {
  if (action === undefined) return work(options);
  if (action === 'token') return createToken(name, options);
  if (action === 'revoke') return revoke(name, options);
  if (action === 'list') return list(options);
  throw unknownAction('agent', action, ['token', 'list', 'revoke']);
}

async function work(options: CommonOptions): Promise<number> {
  const { log } = equipment(options);
  const settings = readMonitorSettings(options.config);
  const browser = browserOr(await findBrowser({ configured: options.browser ?? settings.browser }), log);
  const agent = await startAgent({
    settings,
    browser,
    log,
    outFolder: options.out,
    verbose: options.verbose ?? false,
    location: options.location,
    server: options.server,
    token: options.token,
    ca: options.ca,
    database: options.database,
  });
  process.stdout.write(`Working for the location ${options.location}.\nStop with Ctrl+C.\n`);
  const refused = agent.refused.catch(async (error: Error): Promise<never> => {
    log.error(error.message);
    await agent.stop();
    process.exit(3); // as after a signal: a sign-in that nobody wants any more may still be under way
  });
  await Promise.race([untilStopped(() => agent.stop()), refused]);
  return 0;
}

async function createToken(name: string | undefined, options: CommonOptions): Promise<number> {
  const asked = newTokenSchema.safeParse({ agent: name, location: options.location });
  if (!asked.success) throw new ProbeFault('expected: signin-probe agent token NAME --location LOCATION, both kebab-case such as probe-1 and dmz.');
  const { agent, location } = asked.data;
  const { token } = await viaWatch(
    options,
    (watch) => askControl(watch, 'POST', '/agents', { body: { agent, location } }) as Promise<{ token: string }>,
    (store) => createAgentToken(store.db, agent, location),
  );
  process.stdout.write(`${token}\n`);
  if (!options.quiet)
    process.stderr.write(
      `The token of agent ${agent} at ${location}. It is shown this once; keep it where the agent finds it, for example as env:AGENT_TOKEN.\n`,
    );
  return 0;
}

async function revoke(name: string | undefined, options: CommonOptions): Promise<number> {
  if (name === undefined) throw new ProbeFault('expected: signin-probe agent revoke NAME.');
  const revoked = await viaWatch(
    options,
    async (watch) => ((await askControl(watch, 'POST', '/agents/revoke', { body: { agent: name } })) as { revoked: number }).revoked,
    (store) => revokeAgentTokens(store.db, name),
  );
  if (revoked === 0) throw new ProbeFault(`There is no token of an agent "${name}" to revoke (signin-probe agent list).`);
  process.stdout.write(`${revoked} token${revoked === 1 ? '' : 's'} of ${name} revoked.\n`);
  return 0;
}

async function list(options: CommonOptions): Promise<number> {
  const tokens = await viaWatch(
    options,
    (watch) => askControl(watch, 'GET', '/agents') as Promise<AgentToken[]>,
    (store) => listAgentTokens(store.db),
  );
  for (const { agent, location, createdAt, lastUsedAt, revokedAt } of tokens)
    process.stdout.write(
      `${agent}  ${location}  made ${createdAt}  ${revokedAt ? `revoked ${revokedAt}` : lastUsedAt ? `last used ${lastUsedAt}` : 'never used'}\n`,
    );
  return 0;
}

/** The running watch has the store open; without one, the store is opened here. */
async function viaWatch<T>(
  options: CommonOptions,
  ask: (watch: Awaited<ReturnType<typeof runningWatches>>[number]) => Promise<T>,
  direct: (store: OpenStore) => Promise<T>,
): Promise<T> {
  const [watch] = await runningWatches(dirname(resolve(options.config)));
  if (watch) return ask(watch);
  const store = await openStore(await storePlace(readMonitorSettings(options.config)));
  try {
    return await direct(store);
  } finally {
    await store.close();
  }
}
