/** A realm, an STS with Windows sign-in and a relying party, and the probe's sign-in at them as the current account. */
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tmpdir } from 'node:os';
import { stringify } from 'yaml';
import type { RouteEvidence } from '../../../contracts/evidence';
import type { Result } from '../../../contracts/report';
import type { Target, TargetFile } from '../../../contracts/target';
import { diagnose } from '../../../diagnosis/diagnose';
import type { BrowserChoice } from '../../browser/browser';
import { createLog } from '../../../system/log';
import { createRedactor } from '../../redaction/redact';
import { runProbe } from '../../run-probe';
import { Secret } from '../../secrets/secret';
import { SubmitOnce } from '../../account-state/submit-once';
import { loadTargets } from '../../../config/targets';
import { relyingParty, type RelyingParty, welcomeSelector } from '../foreign/relying-party';
import { signingKey } from '../foreign/saml-token';
import { type Answer, redirect, startVirtualHosts, type VirtualHosts } from '../foreign/virtual-hosts';
import { testAuthority, testServerCertificate } from '../test-certificates';
import { type Apache, startApache } from './apache';
import { type Kdc, type KdcWishes, type Realm, startKdc, stsHost } from './kdc';
import { signInPath, startStsBehind, type StsBehind, wiaPath } from './sts-behind';

export const partyHost = 'app.example.test';

export interface KerberosWorld<R extends Realm = Kdc> {
  readonly kdc: R;
  readonly apache: Apache;
  readonly sts: StsBehind;
  readonly party: RelyingParty;
  readonly hosts: VirtualHosts;
  /** Signs in as the current account, whose ticket cache this is. */
  signIn(options: SignInOptions): Promise<SignIn>;
  close(): Promise<void>;
}

export interface SignInOptions {
  readonly browser: BrowserChoice;
  /** KRB5CCNAME. */
  readonly cache: string;
  /** null: the names are pinned with `resolve:`. */
  readonly dns?: string | null;
  /** Signs in with a password instead of as the current account. */
  readonly account?: { readonly user: string; readonly password: string };
}

export interface SignIn {
  readonly evidence: RouteEvidence;
  readonly result: Result;
  /** What browser and probe left behind. */
  readonly leftInTemporaryFolder: readonly string[];
}

interface WorldWishes {
  /** As AD FS does. */
  readonly alsoOffersNtlm?: boolean;
  /** The relying party asks for Windows credentials itself. */
  readonly partyAsks?: boolean;
}
export interface KerberosWishes extends KdcWishes, WorldWishes {}

/** With a realm of its own. */
export const startKerberosWorld = ({ clockSkewSeconds, aesOnly, ...wishes }: KerberosWishes = {}): Promise<KerberosWorld> =>
  startKerberosWorldIn((folder) => startKdc(folder, { clockSkewSeconds, aesOnly }), wishes);

/** Everything in a new folder, on free ports of loopback. Fails as a whole or not at all. */
export async function startKerberosWorldIn<R extends Realm>(
  startRealm: (folder: string) => Promise<R>,
  { alsoOffersNtlm = false, partyAsks = false }: WorldWishes = {},
): Promise<KerberosWorld<R>> {
  const folder = await mkdtemp(join(tmpdir(), 'signin-probe-kerberos-'));
  await chmod(folder, 0o711); // Apache's account must get at its own folder in it
  const undo: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const close = async (): Promise<void> => {
    for (const step of undo.splice(0).reverse()) await step();
  };
  const keep = <T>(thing: T, end: (thing: T) => Promise<void>): T => {
    undo.push(() => end(thing));
    return thing;
  };
  try {
    const authority = await testAuthority('Contoso test root');
    const identity = await testServerCertificate([stsHost, partyHost], { signedBy: authority });
    const key = await signingKey('sts signing');
    const kdc = keep(await startRealm(folder), (it) => it.stop());
    const sts = keep(await startStsBehind(key), (it) => it.close());
    const keytab = await kdc.serviceKeytab('http.keytab');
    const apache = keep(
      await startApache({ folder, host: stsHost, identity, behindPort: sts.port, protectedPath: wiaPath, keytab, krb5Config: kdc.configFile, alsoOffersNtlm }),
      (it) => it.stop(),
    );
    const hosts = keep(await startVirtualHosts({ caPem: authority.cert, server: identity }), (it) => it.close());
    const send = (address: string): Exclude<Answer, string> => (partyAsks ? { status: 401, headers: { 'WWW-Authenticate': 'Negotiate' } } : redirect(address));
    const party = relyingParty(hosts.origin(partyHost), { signInUrl: apache.origin + signInPath, trusted: key.certificate, send });
    hosts.put(partyHost, party.site);
    const signIn = (options: SignInOptions): Promise<SignIn> => signInOnce({ folder, kdc, apache, party, hosts }, options);
    return { kdc, apache, sts, party, hosts, signIn, close };
  } catch (error) {
    await close();
    throw error;
  }
}

type Parts = Pick<KerberosWorld<Realm>, 'kdc' | 'apache' | 'party' | 'hosts'> & { readonly folder: string };

async function signInOnce({ folder, kdc, apache, party, hosts }: Parts, { browser, cache, dns = null, account }: SignInOptions): Promise<SignIn> {
  const target = await targetOf(await mkdtemp(join(folder, 'config-')), {
    name: 'kerberos',
    internal: { url: party.url },
    sts: apache.origin,
    account: account ? { user: account.user, password: 'env:KERBEROS_TEST_PASSWORD' } : { windows: 'current' },
    signedIn: { selector: welcomeSelector, api: false },
    tls: { ca: hosts.caFile },
    ...(dns === null ? { resolve: { [stsHost]: '127.0.0.1', [partyHost]: '127.0.0.1' } } : { dns }),
    deadlineSeconds: 20,
  });
  const run = await mkdtemp(join(folder, 'run-'));
  await mkdir(join(run, 'screens'));
  const temporary = await mkdtemp(join(folder, 'temporary-'));
  const redactor = createRedactor();
  const log = createLog({ level: 'error', quiet: true, redactor });
  // The current account is whoever the environment says, as under a scheduler that keeps the ticket fresh.
  const evidence = await withEnvironment({ KRB5_CONFIG: kdc.configFile, KRB5CCNAME: cache, TMPDIR: temporary }, () =>
    runProbe(target, {
      browser,
      redactor,
      log,
      submitOnce: new SubmitOnce(),
      password: account ? new Secret(account.password) : null,
      folder: run,
      runId: 'kerberos',
    }),
  );
  const meta = { id: 'kerberos', startedAt: evidence.startedAt, finishedAt: evidence.finishedAt, label: null, location: null, tool: 'test', browser: 'test' };
  const result = diagnose({ schema: 1, run: meta, results: [evidence] }).results[0];
  if (!result) throw new Error('diagnose gave no result');
  return { evidence, result, leftInTemporaryFolder: await readdir(temporary) };
}

/** By way of a configuration file, as everybody's targets come. */
async function targetOf(folder: string, target: TargetFile): Promise<Target> {
  const file = join(folder, 'signin-probe.yaml');
  await writeFile(file, stringify({ targets: [target] }));
  const loaded = loadTargets(file);
  const [only] = loaded.ok ? loaded.targets : [];
  if (!only) throw new Error(loaded.ok ? 'no target' : loaded.problems.map(({ text }) => text).join('\n'));
  return only;
}

async function withEnvironment<T>(wanted: Readonly<Record<string, string>>, work: () => Promise<T>): Promise<T> {
  const before = Object.keys(wanted).map((name) => [name, process.env[name]] as const);
  Object.assign(process.env, wanted);
  try {
    return await work();
  } finally {
    for (const [name, value] of before)
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
  }
}
