import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { changeKinds } from '../contracts/comparison';
import { adfsGenerations } from '../lab/adfs/generation';
import { pageLanguages } from '../lab/adfs/pages/texts';
import { crmVersions } from '../lab/crm/versions';
import { ProbeFault } from '../probes/probe-fault';
import { toolVersion } from '../runs/tool-version';
import type { CommonOptions } from './common';
import { watchForCrashes, withoutSecrets } from './crash-output';

/** Each command's file is loaded only when it runs: `--help`, `inspect` and `diagnose` need no browser library. */
type Run = (args: string[], options: CommonOptions) => Promise<number>;
/* eslint-disable @typescript-eslint/no-require-imports */
const commands: Readonly<Record<string, () => { command: Run }>> = {
  init: () => require('./init') as typeof import('./init'),
  'after-rollover': () => require('./after-rollover') as typeof import('./after-rollover'),
  run: () => require('./run') as typeof import('./run'),
  check: () => require('./check') as typeof import('./check'),
  diagnose: () => require('./diagnose') as typeof import('./diagnose'),
  forecast: () => require('./forecast') as typeof import('./forecast'),
  inspect: () => require('./inspect') as typeof import('./inspect'),
  baseline: () => require('./baseline') as typeof import('./baseline'),
  compare: () => require('./compare') as typeof import('./compare'),
  change: () => require('./change') as typeof import('./change'),
  watch: () => require('./watch') as typeof import('./watch'),
  agent: () => require('./agent') as typeof import('./agent'),
  reload: () => require('./reload') as typeof import('./reload'),
  export: () => require('./export') as typeof import('./export'),
  lab: () => require('./lab') as typeof import('./lab'),
  account: () => require('./account') as typeof import('./account'),
  web: () => require('./web-user') as typeof import('./web-user'),
  alert: () => require('./alert') as typeof import('./alert'),
};
/* eslint-enable @typescript-eslint/no-require-imports */

const oneOf =
  (...allowed: string[]) =>
  (value: string): string => {
    if (!allowed.includes(value)) throw new InvalidArgumentError(`Expected ${allowed.join(' or ')}.`);
    return value;
  };

/** 1, 2, 3 … */
const wholeNumber = (value: string): number => {
  if (!/^[1-9]\d*$/.test(value)) throw new InvalidArgumentError('Expected a whole number from 1.');
  return Number(value);
};

function define(program: Command, name: string, args: string, description: string, example: string): Command {
  return program
    .command(`${name}${args ? ` ${args}` : ''}`)
    .description(description)
    .option('--config <file>', 'the configuration', './signin-probe.yaml')
    .option('--out <dir>', 'where run folders go', './output')
    .option('--quiet', 'print the result only')
    .option('--verbose', 'print more of what happens')
    .addHelpText('after', `\nExample:\n  ${example}\n`)
    .exitOverride()
    .showSuggestionAfterError()
    .action(async (...given: unknown[]) => {
      const command = given.at(-1) as Command;
      const load = commands[name];
      if (!load) throw new Error(`no such command: ${name}`);
      process.exitCode = await load().command(command.args, command.opts<CommonOptions>());
    });
}

export function buildProgram(): Command {
  const program = new Command('signin-probe')
    .description('Signs in to on-premises Dynamics CRM through AD FS with a real browser, and says why when it fails.')
    .version(toolVersion)
    .exitOverride()
    .showSuggestionAfterError()
    .addHelpText('after', '\nExit codes: 0 healthy, 1 at risk, 2 broken, 3 could not tell or the probe’s own fault.');

  define(program, 'init', '', 'ask for the CRM addresses and the account, find the STS, write signin-probe.yaml; gives no credential', 'signin-probe init')
    .option('--internal <url>', 'the internal CRM address')
    .option('--ifd <url>', 'the internet-facing CRM address')
    .option('--sts <url>', 'the STS, which the password may go to; without it, the one CRM redirects to, once you confirm it')
    .option('--user <account>', 'DOMAIN\\user or user@domain')
    .option('--password <reference>', 'where the password is kept: env:NAME, file:PATH, prompt:, keyring:…, vault:… or azurekv:…')
    .option('--windows-current', 'sign in as the logged-on Windows account instead')
    .option('--name <name>', 'the target’s name; otherwise the first part of the host name')
    .option('--ca <file>', 'PEM file of a private certification authority')
    .option('--resolve <host=address...>', 'pin a host to an address')
    .option('--force', 'replace a configuration that is there');
  define(
    program,
    'run',
    '[target...]',
    'sign in over every route, diagnose, write the report',
    'signin-probe run contoso --route ifd --label "after patch day"',
  )
    .option('--route <route>', 'only this route: internal or ifd', oneOf('internal', 'ifd'))
    .option('--format <format>', 'also print: nagios or prometheus', oneOf('nagios', 'prometheus'))
    .option('--each-node', 'ask every AD FS and CRM node by itself')
    .option('--label <text>', 'a note kept in the report')
    .option('--trace', "also write trace.zip, without secrets, for Playwright's trace viewer")
    .option('--json', 'print report.json on standard output, and nothing else there')
    .option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path')
    .option('--fail-on <verdict>', 'from which verdict on the exit code tells: broken or at-risk', oneOf('broken', 'at-risk'), 'at-risk');
  define(program, 'check', '[target...]', 'configuration, browser, names, TLS, clocks and metadata; submits no credential', 'signin-probe check contoso')
    .option('--route <route>', 'only this route: internal or ifd', oneOf('internal', 'ifd'))
    .option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path')
    .option('--each-node', 'ask every AD FS and CRM node by itself')
    .option('--json', 'print the findings as JSON');
  define(
    program,
    'diagnose',
    '<path>',
    'judge what was saved, offline: a run folder, its evidence.json, or a HAR from any browser’s developer tools',
    'signin-probe diagnose colleague.har --event-log crm-application.xml',
  )
    .option('--event-log <file>', 'an exported Windows event log of the AD FS or CRM server (XML or text)')
    .option('--json', 'print report.json on standard output, and nothing else there');
  define(
    program,
    'forecast',
    '[target...]',
    'the date on which sign-in will break, and the end of each certificate; no sign-in, no credential',
    'signin-probe forecast contoso --format ics > contoso.ics',
  )
    .option('--format <format>', 'print instead of text: ics (calendar), nagios, prometheus or json', oneOf('ics', 'nagios', 'prometheus', 'json'))
    .option('--json', 'the same as --format json')
    .option('--fail-on <verdict>', 'from which verdict on the exit code tells: broken or at-risk', oneOf('broken', 'at-risk'), 'at-risk');
  define(
    program,
    'after-rollover',
    '[target]',
    'lead through the repair of KB 2686840 after a rollover, with a record; runs nothing on the servers',
    'signin-probe after-rollover contoso\n  signin-probe after-rollover contoso --step 1   (without a terminal: round 1 is done)',
  )
    .option('--step <round>', 'without questions: round 1 to 4 is done; look, print the state and the next round', wholeNumber)
    .option('--anyway', 'lead although the cause found is another one')
    .option('--new', 'begin a new record although one is open')
    .option('--json', 'print repair.json on standard output, and nothing else there')
    .option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
  define(
    program,
    'inspect',
    '<file>',
    'decode a wresult, form body, assertion or federation metadata and judge its signature',
    'signin-probe inspect wresult.txt --metadata FederationMetadata.xml',
  ).option('--metadata <file>', 'federation metadata whose signing keys the signature is judged against');
  define(
    program,
    'web',
    '<action> [name]',
    'who may use the web page of watch: user NAME makes or changes a user and asks for the password, remove NAME, list',
    'signin-probe web user ivan --role operator',
  ).option('--role <role>', 'viewer looks, operator also acts', oneOf('viewer', 'operator'), 'viewer');
  define(
    program,
    'account',
    '<action> [user]',
    'list: the accounts that are parked because an STS refused their password; release USER: let one be submitted again',
    'signin-probe account release "CONTOSO\\probe"',
  ).option('--json', 'print the list as JSON');
  define(
    program,
    'alert',
    '<action> [channel...]',
    'test: send a test message through each alert channel, and say what happened',
    'signin-probe alert test on-call',
  ).option('--json', 'print the outcomes as JSON');
  define(
    program,
    'baseline',
    '<action> [name] [target...]',
    'save NAME: sign in and keep the good state under a name; list: the baselines that are kept',
    'signin-probe baseline save before-patch-day contoso --repeat 10',
  )
    .option('--repeat <n>', 'sign in so often, for times that can be compared (10 and more)', wholeNumber)
    .option('--force', 'replace a baseline of this name')
    .option('--even-if-broken', 'save although sign-in does not work')
    .option('--label <text>', 'a note kept in the reports')
    .option('--json', 'print the baseline, or the list, as JSON')
    .option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
  define(
    program,
    'compare',
    '<before> <after>',
    'what is different: each side a baseline’s name, a run folder, or the file of a report, evidence or baseline',
    'signin-probe compare before-patch-day output/20261123T095452Z-3928 --expect tls-certificate,dns',
  )
    .option('--expect <words>', `what is meant to change, separated by commas: ${changeKinds.join(', ')}`)
    .option('--format <format>', 'print instead of text: html, json, md or junit', oneOf('html', 'json', 'md', 'junit'))
    .option('--json', 'the same as --format json');
  define(
    program,
    'change',
    '<action> [name] [target...]',
    'start NAME: keep the state before a change; finish NAME: sign in again, compare, say go or roll back; status: the changes under way',
    'signin-probe change start rollover contoso --expect signing-certificate\n  signin-probe change finish rollover',
  )
    .option('--expect <words>', `what is meant to change, separated by commas: ${changeKinds.join(', ')}`)
    .option('--repeat <n>', 'sign in so often on each side, for times that can be compared (10 and more)', wholeNumber)
    .option('--force', 'start although a change or baseline of this name is kept')
    .option('--even-if-broken', 'start although sign-in does not work')
    .option('--format <format>', 'print instead of text: html, json, md or junit', oneOf('html', 'json', 'md', 'junit'))
    .option('--json', 'print the comparison, or the changes, as JSON')
    .option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
  define(
    program,
    'watch',
    '',
    'scheduled monitoring: scheduler, store, alerts, metrics and web page in one process, until stopped',
    'signin-probe watch',
  ).option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
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
    .option('--browser <browser>', 'edge, chrome, chromium, chromium-headless-shell, playwright, or a path');
  define(program, 'reload', '', 'make the running watch read its configuration again; no slot is lost', 'signin-probe reload');
  define(program, 'export', '', 'every slot that ended, on standard output', 'signin-probe export --format csv --from 2026-11-01 > november.csv')
    .option('--format <format>', 'jsonl or csv', oneOf('jsonl', 'csv'))
    .option('--from <instant>', 'from this day or instant on (UTC)')
    .option('--to <instant>', 'before this day or instant (UTC)');
  define(program, 'lab', '', 'the embedded AD FS and CRM on loopback, until stopped', 'signin-probe lab --fault clock-skew-crm-vs-adfs')
    .option('--fault <ids>', 'causes to put in from the start, separated by commas')
    .option(
      '--face <face>',
      'how CRM refuses a token: errorhandler, 401, 500, sts-loop or sts-prompt',
      oneOf('errorhandler', '401', '500', 'sts-loop', 'sts-prompt'),
    )
    .option('--generation <version>', `AD FS: ${adfsGenerations.join(', ')} (2016 unless given)`, oneOf(...adfsGenerations))
    .option('--crm <version>', `CRM: ${crmVersions.join(', ')} (9 unless given)`, oneOf(...crmVersions))
    .option('--paginated', 'AD FS asks for user name and password on one page each (3.0 and later)')
    .option('--customised', "the administrator's own script changes AD FS's pages (3.0 and later)")
    .option('--language <language>', `of AD FS's pages: ${pageLanguages.join(' or ')}`, oneOf(...pageLanguages))
    .option('--hrd', 'AD FS asks for the home realm; the configuration names it')
    .option('--totp', 'AD FS asks for a one-time code (3.0 and later); the configuration has its secret')
    .option('--json', 'print one line of JSON when ready');
  return program;
}

/** Runs the command line. Every failure ends in one clear message on standard error and exit code 3; never a stack trace. */
export async function main(argv: readonly string[]): Promise<void> {
  try {
    await buildProgram().parseAsync([...argv], { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) {
      process.exitCode = error.exitCode === 0 ? 0 : 3; // commander has printed its message
      return;
    }
    process.exitCode = 3;
    if (error instanceof ProbeFault) console.error(withoutSecrets(error.message));
    else
      console.error(
        withoutSecrets(
          `signin-probe failed: ${error instanceof Error ? error.message.split('\n')[0] : String(error)}. This is a fault of the probe; run again with --verbose and report it.`,
        ),
      );
    if (process.argv.includes('--verbose') && error instanceof Error) console.error(withoutSecrets(error.stack ?? ''));
  }
}

if (require.main === module || process.argv[1]?.endsWith('signin-probe.js') || process.argv[1]?.endsWith('signin-probe')) {
  watchForCrashes();
  void main(process.argv.slice(2));
}
