import type { Command } from 'commander';
import { browserOption, define, oneOf } from './define';

/** Signing in and looking: init, run, check, account. */
export function signInCommands(program: Command): void {
  program.commandsGroup('Sign in:');
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
    .addOption(browserOption())
    .option('--fail-on <verdict>', 'from which verdict on the exit code tells: broken or at-risk', oneOf('broken', 'at-risk'), 'at-risk');
  define(program, 'check', '[target...]', 'configuration, browser, names, TLS, clocks and metadata; submits no credential', 'signin-probe check contoso')
    .option('--route <route>', 'only this route: internal or ifd', oneOf('internal', 'ifd'))
    .addOption(browserOption())
    .option('--each-node', 'ask every AD FS and CRM node by itself')
    .option('--json', 'print the findings as JSON');
  define(
    program,
    'account',
    '<action> [user]',
    'list: the accounts that are parked because an STS refused their password; release USER: let one be submitted again',
    'signin-probe account release "CONTOSO\\probe"',
  ).option('--json', 'print the list as JSON');
}
