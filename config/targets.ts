/** `signin-probe.yaml` → the targets of a run, one per target × route, every default filled in. */
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { dirname, resolve } from 'node:path';
import { browserNames, type ConfigFile, defaultVisitLimit, type Target, type TargetFile, type VisitLimit } from '../contracts/target';
import type { Route } from '../contracts/words';
import { nearestMatch } from './nearest-match';
import { pemCertificates } from '../system/pem-certificates';
import { type ConfigProblem, type ReadConfig, readConfig } from './read-config';

export type LoadResult =
  | { readonly ok: true; readonly targets: readonly Target[]; readonly browser: string | null; readonly change?: ConfigFile['change'] }
  | { readonly ok: false; readonly problems: readonly ConfigProblem[] };

const metadataPath = '/FederationMetadata/2007-06/FederationMetadata.xml';
const routes: readonly Route[] = ['internal', 'ifd'];

/**
 * Reads the configuration. Either all of it is good, or every problem comes back at once, each as `file:line: where: expected, found, what to do`.
 * Reads the CA files it names (they must hold certificates); opens no connection and no secret.
 */
export function loadTargets(configPath: string): LoadResult {
  const folder = dirname(resolve(configPath));
  const read = readConfig(configPath, (data, problemAt) => {
    const targets = listOf(record(data).targets).map(record);
    return [
      ...duplicateNames(targets, problemAt),
      ...targets.flatMap((target, index) => [...caProblems(target, index, folder, problemAt), ...addressProblems(target, index, problemAt)]),
      ...browserProblems(record(data).browser, problemAt),
    ];
  });
  if (!read.ok) return read;
  return { ok: true, targets: targetsOf(read.config, folder), browser: read.config.browser ?? null, change: read.config.change };
}

type ProblemAt = ReadConfig['problemAt'];
type Unchecked = Readonly<Record<string, unknown>>;

/** The file may be wrong in other places: what is no mapping, no list or no text is told there. */
const record = (value: unknown): Unchecked => (typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Unchecked) : {});
const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as readonly unknown[]) : []);

function duplicateNames(targets: readonly Unchecked[], problemAt: ProblemAt): ConfigProblem[] {
  return targets.flatMap(({ name }, index) =>
    typeof name !== 'string' || targets.findIndex((other) => other.name === name) === index
      ? []
      : [problemAt(['targets', index, 'name'], `expected a name of its own for each target, found "${name}" again; rename one of them.`)],
  );
}

function caProblems(target: Unchecked, index: number, folder: string, problemAt: ProblemAt): ConfigProblem[] {
  const { ca } = record(target.tls);
  const why = typeof ca === 'string' ? caFileProblem(resolve(folder, ca)) : null;
  return why === null
    ? []
    : [
        problemAt(
          ['targets', index, 'tls', 'ca'],
          `expected a PEM file with CA certificates (relative to the configuration file), found "${String(ca)}": ${why}`,
        ),
      ];
}

function addressProblems(target: Unchecked, index: number, problemAt: ProblemAt): ConfigProblem[] {
  return Object.entries(record(target.resolve)).flatMap(([host, address]) =>
    typeof address !== 'string' || isIP(address) !== 0
      ? []
      : [problemAt(['targets', index, 'resolve', host], `expected an IP address such as 10.0.0.5, found "${address}"; write the address of the node.`)],
  );
}

/** A name among those the program looks for, or a path. */
function browserProblems(browser: unknown, problemAt: ProblemAt): ConfigProblem[] {
  if (typeof browser !== 'string' || browserNames.some((name) => name === browser.toLowerCase()) || /[\\/.]/.test(browser)) return [];
  const near = nearestMatch(browser, browserNames);
  const advice = near ? `did you mean ${near}?` : 'correct it, or leave it out.';
  return [problemAt(['browser'], `expected one of ${browserNames.join(', ')}, or the path of a browser; found "${browser}"; ${advice}`)];
}

function caFileProblem(path: string): string | null {
  let pem: string;
  try {
    pem = readFileSync(path, 'utf8');
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'there is no such file; correct the path.' : 'the file cannot be read; check its rights.';
  }
  const blocks = pemCertificates(pem);
  if (blocks.length === 0) return 'there is no certificate in it; export the CA as Base-64 encoded X.509 (PEM).';
  try {
    blocks.forEach((block) => new X509Certificate(block));
    return null;
  } catch {
    return 'a certificate in it cannot be read; export the CA again as Base-64 encoded X.509 (PEM).';
  }
}

function targetsOf(config: ConfigFile, folder: string): Target[] {
  return config.targets.flatMap((target) =>
    routes.flatMap((route): Target[] => {
      const url = target[route]?.url;
      return url === undefined ? [] : [targetOf(target, route, url, folder)];
    }),
  );
}

const visitLimitOf = ({ visits, perSeconds }: NonNullable<TargetFile['limits']>): VisitLimit => ({
  visits: visits ?? defaultVisitLimit.visits,
  perSeconds: perSeconds ?? defaultVisitLimit.perSeconds,
});

function targetOf(file: TargetFile, route: Route, url: string, folder: string): Target {
  const stsOrigin = new URL(file.sts).origin;
  return {
    name: file.name,
    route,
    url: new URL(url).href,
    stsOrigin,
    ...accountOf(file, folder),
    ...proofOf(file),
    ...metadataOf(file, { stsOrigin, crmOrigin: new URL(url).origin }),
    ...tokenKeyOf(file, folder),
    ...networkOf(file, folder),
    rollover: rolloverOf(file),
    warnDays: file.warnDays ?? 30,
    deadlineMs: (file.deadlineSeconds ?? 60) * 1000,
    ...(file.allowHosts ? { allowHosts: file.allowHosts.map((host) => host.toLowerCase()) } : {}),
    ...(file.limits ? { limits: visitLimitOf(file.limits) } : {}),
    configFolder: folder,
  };
}

function accountOf({ account }: TargetFile, folder: string): Pick<Target, 'account' | 'totp' | 'realm' | 'lockoutWindowMinutes'> {
  const { user, password, totp, realm, lockoutWindowMinutes } = account;
  return {
    account: user !== undefined && password !== undefined ? { kind: 'password', user, secret: absoluteSecret(password, folder) } : { kind: 'windows-current' },
    totp: totp === undefined ? null : absoluteSecret(totp, folder),
    realm: realm ?? null,
    ...(lockoutWindowMinutes === undefined ? {} : { lockoutWindowMinutes }),
  };
}

/** By what a sign-in is known to have worked. */
function proofOf({ expect, signedIn }: TargetFile): Pick<Target, 'expect' | 'signedInSelector' | 'api'> {
  return {
    expect: { user: expect?.user ?? null, organization: expect?.organization?.replace(/[{}]/g, '').toLowerCase() ?? null },
    signedInSelector: signedIn?.selector ?? null,
    // A page of one’s own as proof is the mark of another relying party: CRM’s API is then asked only when said so.
    api: signedIn?.api ?? signedIn?.selector === undefined,
  };
}

function metadataOf(
  { metadata }: TargetFile,
  { stsOrigin, crmOrigin }: { readonly stsOrigin: string; readonly crmOrigin: string },
): Pick<Target, 'metadata' | 'metadataCrmConfigured'> {
  return {
    metadata: { sts: metadata?.sts ?? stsOrigin + metadataPath, crm: metadata?.crm ?? crmOrigin + metadataPath },
    metadataCrmConfigured: metadata?.crm !== undefined,
  };
}

/** What is needed to read a token that is encrypted for somebody. */
function tokenKeyOf({ diagnosticTrust, decryption }: TargetFile, folder: string): Pick<Target, 'diagnosticTrust' | 'decryption'> {
  const secret = decryption?.password === undefined ? null : absoluteSecret(decryption.password, folder);
  return { diagnosticTrust: diagnosticTrust ?? null, decryption: decryption ? { keyFile: resolve(folder, decryption.key), secret } : null };
}

/** Names, addresses and authorities that differ from this machine's. */
function networkOf({ tls, resolve: addresses = {}, dns, nodes }: TargetFile, folder: string): Pick<Target, 'caFile' | 'resolve' | 'dns' | 'nodes'> {
  return {
    caFile: tls?.ca === undefined ? null : resolve(folder, tls.ca),
    resolve: Object.fromEntries(Object.entries(addresses).map(([host, address]) => [host.toLowerCase(), address])),
    dns: dns ?? null,
    nodes: nodes ?? {},
  };
}

/** AD FS's own thresholds unless the configuration has others. */
function rolloverOf({ rollover = {} }: TargetFile): Target['rollover'] {
  const { generationDays = 20, promotionDays = 5, criticalDays = 2, automatic } = rollover;
  return { generationDays, promotionDays, criticalDays, ...(automatic === undefined ? {} : { automatic }) };
}

/** A secret's file is meant relative to the configuration, wherever the command was started. */
function absoluteSecret(reference: string, folder: string): string {
  const [, kind, path] = /^(file|dpapi):(.*)$/s.exec(reference) ?? [];
  return kind !== undefined && path !== undefined ? `${kind}:${resolve(folder, path)}` : reference;
}

export type SelectResult = { readonly ok: true; readonly targets: readonly Target[] } | { readonly ok: false; readonly problems: readonly string[] };

/** The targets of the given names (none = all) on the given route (none = both). Unknown names come back with the nearest match, all of them at once. */
export function selectTargets(targets: readonly Target[], names: readonly string[], route?: Route): SelectResult {
  const known = [...new Set(targets.map(({ name }) => name))];
  const problems = names
    .filter((name) => !known.includes(name))
    .map((name) => {
      const near = nearestMatch(name, known);
      return `unknown target "${name}": ${near ? `did you mean "${near}"? ` : ''}The configuration has ${known.join(', ')}.`;
    });
  if (problems.length > 0) return { ok: false, problems };
  const named = targets.filter(({ name }) => names.length === 0 || names.includes(name));
  const selected = named.filter((target) => route === undefined || target.route === route);
  if (selected.length > 0) return { ok: true, targets: selected };
  return {
    ok: false,
    problems: [
      `no target with the route "${route}": ${[...new Set(named.map(({ name }) => name))].join(', ')} has only "${named[0]?.route}"; ` +
        `leave --route out or configure it.`,
    ],
  };
}
