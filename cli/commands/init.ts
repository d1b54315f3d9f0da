import { defineCommand } from '../shared/define-command';
import { copyFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, join, relative, resolve } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { secretReferencePattern } from '../../contracts/target';
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
  readonly force?: boolean;
}

type Ask = (question: string, preset: string | undefined, needed: string) => Promise<string>;

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
      .option('--force', 'replace a configuration that is there'),
  run,
});

async function run(_: string[], options: InitOptions): Promise<number> {
  if (existsSync(options.config) && !options.force)
    throw new ProbeFault(`${options.config} is there already, and init replaces nothing. Give another --config, or --force to replace it.`);
  const interactive = process.stdin.isTTY && process.stderr.isTTY;
  const lines = interactive ? createInterface({ input: process.stdin, output: process.stderr }) : null;
  const ask: Ask = async (question, preset, needed) => {
    if (preset !== undefined) return preset;
    if (!lines) throw new ProbeFault(`There is no terminal to ask on: give ${needed}.`);
    return (await lines.question(`${question}: `)).trim();
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

async function configFrom(options: InitOptions, ask: Ask): Promise<string> {
  const routesGiven = options.internal !== undefined || options.ifd !== undefined;
  const route = async (question: string, given: string | undefined, needed: string): Promise<string | null> =>
    addressOrNull(await ask(question, given ?? (routesGiven ? '' : undefined), needed), needed);
  const internal = await route('Internal CRM address, for people inside (empty: none)', options.internal, '--internal URL or --ifd URL');
  const ifd = await route('Internet-facing CRM address (empty: none)', options.ifd, '--ifd URL');
  const start = internal ?? ifd;
  if (start === null) throw new ProbeFault('Expected at least one CRM address (--internal or --ifd), found none.');
  const pinned = Object.fromEntries((options.resolve ?? []).map(pinnedHost));
  const caFile = options.ca ? resolve(options.ca) : null;
  const sts = await confirmedSts(start, options, ask, { caFile, resolve: pinned });
  const account = options.windowsCurrent
    ? null
    : {
        user: await ask('Account that signs in (DOMAIN\\user or user@domain)', options.user, '--user and --password, or --windows-current'),
        password: secretReference(
          await ask('Where its password is kept (env:NAME, file:PATH, prompt:, keyring:…, vault:…, azurekv:…)', options.password, '--password REFERENCE'),
        ),
      };
  const name = options.name ?? nameFrom(ifd ?? start);
  const beside = dirname(resolve(options.config));
  return newConfig({ name, internal, ifd, sts, account, caFile: caFile && `./${relative(beside, caFile).replaceAll('\\', '/')}`, resolve: pinned });
}

/** The STS the operator named, or the one CRM redirects to once the operator has said that it is the right one. */
async function confirmedSts(
  start: string,
  options: InitOptions,
  ask: Ask,
  network: { caFile: string | null; resolve: Readonly<Record<string, string>> },
): Promise<string> {
  const found = await findSts(start, { lookup: createLookup({ resolve: network.resolve, dns: null }), caFile: network.caFile });
  if (options.sts !== undefined) {
    const origin = new URL(addressOrNull(options.sts, '--sts URL') ?? '').origin;
    if (found.ok && found.origin !== origin)
      process.stderr.write(`Mind: ${new URL(start).host} redirects to ${found.origin}, not to ${origin}. The password will go to ${origin} only.\n`);
    return origin;
  }
  if (!found.ok) {
    process.stderr.write(`The STS could not be found by looking at CRM: ${found.why}\n`);
    return new URL(addressOrNull(await ask('Address of the STS (AD FS)', undefined, '--sts URL'), '--sts URL') ?? '').origin;
  }
  const answer = await ask(
    `${new URL(start).host} redirects to ${found.origin}. Is that your STS, and may it be given the password? (yes/no)`,
    undefined,
    `--sts ${found.origin} if that is your STS (${new URL(start).host} redirects there)`,
  );
  if (!/^y(es)?$/i.test(answer)) throw new ProbeFault('Not confirmed: nothing was written. Name the right STS with --sts URL.');
  return found.origin;
}

function addressOrNull(value: string, option: string): string | null {
  if (value === '') return null;
  const address = /^[a-z]+:\/\//i.test(value) ? value : `https://${value}`;
  if (!URL.canParse(address)) throw new ProbeFault(`${option}: expected an address such as https://crm.contoso.com/, found "${value}".`);
  return address;
}

function secretReference(value: string): string {
  if (secretReferencePattern.test(value)) return value;
  throw new ProbeFault(
    '--password: expected a reference (env:NAME, file:PATH, prompt:, keyring:SERVICE/NAME, vault:PATH#KEY, azurekv:VAULT/NAME), ' +
      'found something else. The password itself is never kept.',
  );
}

function pinnedHost(pair: string): [string, string] {
  const [host = '', address = ''] = pair.split('=');
  if (host === '' || isIP(address) === 0) throw new ProbeFault(`--resolve: expected HOST=ADDRESS such as sts.contoso.com=10.0.0.5, found "${pair}".`);
  return [host, address];
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
