import { defineCommand } from '../shared/define-command';
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { dnsPattern, secretReferencePattern } from '../../contracts/target';
import { findSts } from '../../probes/captures';
import { createLookup } from '../../probes/network';
import { newConfig } from '../../config/new-config';
import { ProbeFault } from '../../contracts/probe-fault';
import { replaceFile } from '../../system/replace-file';
import { loadTargets } from '../../config/targets';
import type { CommonOptions } from '../shared/common';

export interface InitOptions extends CommonOptions {
  readonly name?: string;
  readonly internal?: string;
  readonly ifd?: string;
  readonly sts?: string;
  readonly user?: string;
  readonly password?: string;
  readonly windowsCurrent?: boolean;
  readonly ca?: string;
  readonly resolve?: readonly string[];
  readonly dns?: string;
  readonly force?: boolean;
}

/** One thing `init` must know. */
interface Question<T> {
  readonly text: string;
  /** What the command line gave; undefined = ask. */
  readonly given: string | undefined;
  /** Where it is given on the command line. */
  readonly option: string;
  /** What to give instead of asking, where there is no terminal. */
  readonly needed: string;
  /** Throws ProbeFault with what was expected and found: at a terminal the question is asked again then. */
  readonly read: (answer: string) => T;
}
type Ask = <T>(question: Question<T>) => Promise<T>;

/** `signin-probe init`: asks for the CRM addresses and the account, finds the STS, and writes the configuration. Gives no credential. */
export const command = defineCommand({
  name: 'init',
  group: 'Sign in',
  place: 1,
  args: '',
  description: 'ask for the CRM addresses and the account, find the STS, write signin-probe.yaml; gives no credential',
  example: 'signin-probe init',
  options: (command) =>
    command
      .option('--internal <url>', 'the internal CRM address')
      .option('--ifd <url>', 'the internet-facing CRM address')
      .option('--sts <url>', 'the STS, which the password may go to; without it, the one CRM redirects to, once you confirm it')
      .option('--user <account>', 'DOMAIN\\user or user@domain')
      .option('--password <reference>', 'where the password is kept: env:NAME, file:PATH, prompt:, keyring:…, vault:… or azurekv:…')
      .option('--windows-current', 'sign in as the logged-on Windows account instead')
      .option('--name <name>', 'the target’s name; otherwise the first part of the host name')
      .option('--ca <file>', 'PEM file of a private certification authority')
      .option('--resolve <host=address...>', 'pin a host to an address')
      .option('--dns <address>', 'ask this DNS server instead of the system’s')
      .option('--force', 'replace a configuration that is there'),
  run,
});

async function run(_: string[], options: InitOptions): Promise<number> {
  if (existsSync(options.config) && !options.force)
    throw new ProbeFault(`${options.config} is there already, and init replaces nothing. Give another --config, or --force to replace it.`);
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  const lines = interactive ? createInterface({ input: process.stdin, output: process.stderr }) : null;
  const ask: Ask = async ({ text, given, option, needed, read }) => {
    if (given !== undefined) return readOption(option, given, read);
    if (!lines) throw new ProbeFault(`There is no terminal to ask on: give ${needed}.`);
    for (;;)
      try {
        return read((await lines.question(`${text}: `)).trim());
      } catch (error) {
        if (!(error instanceof ProbeFault)) throw error;
        process.stderr.write(`  ${error.message}\n`);
      }
  };
  try {
    const text = await configFrom(options, ask);
    await writeWhole(options.config, text);
  } finally {
    lines?.close();
  }
  const loaded = loadTargets(options.config);
  if (!loaded.ok) throw new ProbeFault(`${loaded.problems.map(({ text }) => text).join('\n')}\nThe file was written; correct these lines.`);
  process.stdout.write(`${options.config} was written. Next: signin-probe check, which submits no credential, then signin-probe run.\n`);
  return 0;
}

function readOption<T>(option: string, given: string, read: (answer: string) => T): T {
  try {
    return read(given);
  } catch (error) {
    throw error instanceof ProbeFault ? new ProbeFault(`${option}: ${error.message}`) : error;
  }
}

async function configFrom(options: InitOptions, ask: Ask): Promise<string> {
  const routesGiven = options.internal !== undefined || options.ifd !== undefined;
  const internal = await ask({
    text: 'Internal CRM address, for people inside (empty: none)',
    given: options.internal ?? (routesGiven ? '' : undefined),
    option: '--internal',
    needed: '--internal URL or --ifd URL',
    read: addressOrNull,
  });
  const ifd = await ask({
    text: `Internet-facing CRM address${internal === null ? '' : ' (empty: none)'}`,
    given: options.ifd ?? (routesGiven ? '' : undefined),
    option: '--ifd',
    needed: '--ifd URL',
    read: internal === null && !routesGiven ? addressOf : addressOrNull,
  });
  const start = internal ?? ifd;
  if (start === null) throw new ProbeFault('Expected at least one CRM address (--internal or --ifd), found none.');
  const network = networkFrom(options);
  const sts = await confirmedSts(start, options, ask, network);
  const account = options.windowsCurrent ? null : await accountFrom(options, ask);
  const name = options.name ?? nameFrom(ifd ?? start);
  return newConfig({ ...network, name, internal, ifd, sts, account, caFile: options.ca ? caPath(options.ca, options.config) : null });
}

const accountFrom = async (options: InitOptions, ask: Ask): Promise<{ user: string; password: string }> => ({
  user: await ask({
    text: 'Account that signs in (DOMAIN\\user or user@domain)',
    given: options.user,
    option: '--user',
    needed: '--user and --password, or --windows-current',
    read: accountName,
  }),
  password: await ask({
    text: 'Where its password is kept (env:NAME, file:PATH, prompt:, keyring:…, vault:…, azurekv:…)',
    given: options.password,
    option: '--password',
    needed: '--password REFERENCE',
    read: secretReference,
  }),
});

interface Network {
  readonly resolve: Readonly<Record<string, string>>;
  readonly dns: string | null;
  readonly caFile: string | null;
}

const networkFrom = (options: InitOptions): Network => ({
  resolve: Object.fromEntries((options.resolve ?? []).map((pair) => readOption('--resolve', pair, pinnedHost))),
  dns: options.dns === undefined ? null : readOption('--dns', options.dns, dnsServer),
  caFile: options.ca ? resolve(options.ca) : null,
});

/** An absolute path stays one; any other is meant from where the command runs, and written relative to the configuration. */
function caPath(given: string, config: string): string {
  if (isAbsolute(given)) return given;
  return `./${relative(dirname(resolve(config)), resolve(given)).replaceAll('\\', '/')}`;
}

/** The STS the operator named, or the one CRM redirects to once the operator has said that it is the right one. */
async function confirmedSts(start: string, options: InitOptions, ask: Ask, { resolve: pinned, dns, caFile }: Network): Promise<string> {
  const found = await findSts(start, { lookup: createLookup({ resolve: pinned, dns }), caFile });
  if (options.sts !== undefined) {
    const { origin } = new URL(readOption('--sts', options.sts, addressOf));
    if (found.ok && found.origin !== origin)
      process.stderr.write(`Mind: ${new URL(start).host} redirects to ${found.origin}, not to ${origin}. The password will go to ${origin} only.\n`);
    return origin;
  }
  if (!found.ok) {
    process.stderr.write(`The STS could not be found by looking at CRM: ${found.why}\n`);
    const named = await ask({ text: 'Address of the STS (AD FS)', given: undefined, option: '--sts', needed: '--sts URL', read: addressOf });
    return new URL(named).origin;
  }
  const confirmed = await ask({
    text: `${new URL(start).host} redirects to ${found.origin}. Is that your STS, and may it be given the password? (yes/no)`,
    given: undefined,
    option: '--sts',
    needed: `--sts ${found.origin} if that is your STS (${new URL(start).host} redirects there)`,
    read: yesOrNo,
  });
  if (!confirmed) throw new ProbeFault('Not confirmed: nothing was written. Name the right STS with --sts URL.');
  return found.origin;
}

function yesOrNo(answer: string): boolean {
  if (/^(y(es)?|no?)$/i.test(answer)) return /^y/i.test(answer);
  throw new ProbeFault(`Expected yes or no, found "${answer}".`);
}

const addressOrNull = (value: string): string | null => (value === '' ? null : addressOf(value));

function addressOf(value: string): string {
  const address = /^[a-z]+:\/\//i.test(value) ? value : `https://${value}`;
  if (value === '' || !URL.canParse(address)) throw new ProbeFault(`Expected an address such as https://crm.contoso.com/, found "${value}".`);
  return address;
}

function accountName(value: string): string {
  if (value !== '') return value;
  throw new ProbeFault('Expected a name such as CONTOSO\\probe or probe@contoso.com, found nothing.');
}

function secretReference(value: string): string {
  if (secretReferencePattern.test(value)) return value;
  throw new ProbeFault(
    'Expected a reference (env:NAME, file:PATH, prompt:, keyring:SERVICE/NAME, vault:PATH#KEY, azurekv:VAULT/NAME), ' +
      'found something else. The password itself is never kept.',
  );
}

function pinnedHost(pair: string): [string, string] {
  const [host = '', address = ''] = pair.split('=');
  if (host === '' || isIP(address) === 0) throw new ProbeFault(`Expected HOST=ADDRESS such as sts.contoso.com=10.0.0.5, found "${pair}".`);
  return [host, address];
}

function dnsServer(value: string): string {
  if (dnsPattern.test(value)) return value;
  throw new ProbeFault(`Expected an IP address, optionally with a port, such as 10.0.0.53 or 127.0.0.1:5353, found "${value}".`);
}

/** `contoso` for https://contoso.crm.example.com/ */
const nameFrom = (address: string): string => (/^[a-z0-9-]+/i.exec(new URL(address).hostname)?.[0] ?? 'crm').toLowerCase();

async function writeWhole(file: string, text: string): Promise<void> {
  try {
    replaceFile(file, text);
  } catch (error) {
    throw new ProbeFault(`${file} could not be written (${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}). Give another --config.`);
  }
  const schema = ['../..', '../../..'].map((up) => join(__dirname, up, 'signin-probe.schema.json')).find(existsSync);
  if (schema && resolve(schema) !== resolve(dirname(file), 'signin-probe.schema.json')) await copyFile(schema, join(dirname(file), 'signin-probe.schema.json'));
}
