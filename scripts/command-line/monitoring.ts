import type { Command } from 'commander';
import { browserOption, define, oneOf } from './define';

/** Scheduled monitoring: watch, agent, reload, export, alert, web. */
export function monitoringCommands(program: Command): void {
  program.commandsGroup('Monitor:');
  define(
    program,
    'watch',
    '',
    'scheduled monitoring: scheduler, store, alerts, metrics and web page in one process, until stopped',
    'signin-probe watch',
  ).addOption(browserOption());
  define(
    program,
    'agent',
    '[action] [name]',
    'run the slots of a location for a watch elsewhere; token NAME, list and revoke NAME keep the tokens of agents',
    'signin-probe agent --location dmz --server https://signin-probe.contoso.com --token env:AGENT_TOKEN',
  )
    .option('--location <name>', 'whose slots to run; with `token`, where the agent will be')
    .option('--server <url>', 'the watch to work for')
    .option('--token <reference>', 'where the agent’s token is kept: env:NAME, file:PATH, …')
    .option('--ca <file>', 'PEM of a private CA that signed the watch’s certificate')
    .option('--database <reference>', 'instead of --server: the fleet’s Postgres, e.g. env:DATABASE_URL')
    .addOption(browserOption());
  define(program, 'reload', '', 'make the running watch read its configuration again; no slot is lost', 'signin-probe reload');
  define(program, 'export', '', 'every slot that ended, on standard output', 'signin-probe export --format csv --from 2026-11-01 > november.csv')
    .option('--format <format>', 'jsonl or csv', oneOf('jsonl', 'csv'))
    .option('--from <instant>', 'from this day or instant on (UTC)')
    .option('--to <instant>', 'before this day or instant (UTC)');
  define(
    program,
    'alert',
    '<action> [channel...]',
    'test: send a test message through each alert channel, and say what happened',
    'signin-probe alert test on-call',
  ).option('--json', 'print the outcomes as JSON');
  define(
    program,
    'web',
    '<action> [name]',
    'who may use the web page of watch: user NAME makes or changes a user and asks for the password, remove NAME, list',
    'signin-probe web user ivan --role operator',
  ).option('--role <role>', 'viewer looks, operator also acts', oneOf('viewer', 'operator'), 'viewer');
}
