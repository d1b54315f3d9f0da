/** A whole run of the probe at servers that tell every secret they learn, in one of the ways a run can end. */
import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Result } from '../../../contracts/report';
import { createLog } from '../../../system/log';
import { ProbeFault } from '../../../contracts/probe-fault';
import { createRedactor } from '../../../probes/redaction/redact';
import { loadTargets } from '../../../config/targets';
import { killBrowser } from '../../../probes/testing/foreign/browser-processes';
import { equipment } from '../../../probes/testing/foreign/foreign-world';
import { identityProvider } from '../../../probes/testing/foreign/identity-provider';
import { relyingParty } from '../../../probes/testing/foreign/relying-party';
import { type Answer, redirect, startVirtualHosts, type VirtualHosts } from '../../../probes/testing/foreign/virtual-hosts';
import type { Planted } from '../../../runs/testing/independent-scanner';
import { runTargets } from '../../../runs/run-targets';
import { tellingAddress, tellingPage } from './telltale';

export const situations = ['healthy', 'wrong password', 'refused token', 'browser killed'] as const;
export type Situation = (typeof situations)[number] | 'probe killed';

export interface TellingWorld {
  readonly hosts: VirtualHosts;
  readonly configFile: string;
  /** The variable the configuration takes the password from. */
  readonly variable: string;
  /** Everything that must be nowhere, as far as it came to be. */
  readonly planted: () => Planted[];
  /** Called when a token arrives, with `probe killed`. */
  onToken: () => void;
  close(): Promise<void>;
}

const user = 'probe@example.test';
const variable = 'SIGNIN_PROBE_CANARY_PASSWORD';

/** Servers and configuration for one run. `turn` chooses where which writing is used. */
export async function tellingWorld(situation: Situation, password: Planted, turn: number): Promise<TellingWorld> {
  const { pki, key, strangersKey } = await equipment();
  const hosts = await startVirtualHosts(pki);
  const session = randomBytes(48).toString('base64url');
  const viewState = `/wEPDwUK${randomBytes(60).toString('base64')}`;
  const code = randomBytes(24).toString('base64url');
  const kerberos = `YIIG${randomBytes(90).toString('base64').replace(/=/g, '')}`;
  const person = `someone.else${turn}@partner-company.example`;
  const own: Planted[] = [
    { kind: 'cookie', value: session },
    { kind: 'view state', value: viewState },
    { kind: 'authorization code', value: code },
    { kind: 'Kerberos blob', value: kerberos },
    { kind: 'UPN', value: person },
  ];
  const tokens = (): Planted[] =>
    hosts.arrivals.flatMap(({ form }) => {
      const wresult = form.get('wresult') ?? '';
      const signature = /SignatureValue>([^<]+)</.exec(wresult)?.[1]?.replace(/\s/g, '');
      return signature
        ? [
            { kind: 'token', value: wresult },
            { kind: 'signature', value: signature },
          ]
        : [];
    });
  const known = (): Planted[] => [password, ...own, ...tokens().filter(({ kind }) => kind === 'signature')];
  const idp = hosts.origin('idp.example.test');
  const withSession = (answer: Answer): Answer =>
    typeof answer === 'string'
      ? answer
      : {
          ...answer,
          headers: { ...answer.headers, 'Set-Cookie': [answer.headers?.['Set-Cookie'] ?? []].flat().concat(`MSISAuth=${session}; Path=/; Secure; HttpOnly`) },
        };
  const holder: { onToken: () => void } = { onToken: () => undefined };
  const provider = identityProvider(idp, {
    account: { user, password: situation === 'wrong password' ? `${password.value}?` : password.value },
    key,
    // The session is set, and the way on leads by an address that tells everything but the password: with it the guard lets no second request go.
    afterPassword: (go) =>
      withSession({ ...go(), headers: { ...go().headers, Location: tellingAddress(idp, { secrets: known().filter((each) => each !== password), turn }) } }),
    refuse: (again) => {
      const page = tellingPage({ secrets: known(), turn });
      return withSession({ ...page, body: `${page.body}${again('no').body ?? ''}` });
    },
  });
  const party = relyingParty(hosts.origin('app.example.test'), {
    signInUrl: `${idp}/wsfed`,
    query: (realm) => `wa=wsignin1.0&wtrealm=${encodeURIComponent(realm)}&wctx=abc&code=${code}`,
    trusted: (situation === 'refused token' ? strangersKey : key).certificate,
    refuse: () => tellingPage({ secrets: known(), turn, status: 500 }),
    accept: (go) => {
      holder.onToken();
      if (situation === 'browser killed') setTimeout(() => killBrowser('browser'), 150);
      return situation === 'browser killed' || situation === 'probe killed' ? 'never' : go();
    },
    home: () => tellingPage({ secrets: known(), turn, extra: '<p id="welcome">Welcome</p>', quiet: true }),
  });
  hosts.put('app.example.test', party.site);
  hosts.put('idp.example.test', (arrival) => {
    if (!arrival.url.pathname.startsWith('/told/')) return provider.site(arrival);
    // Once as a redirect, so that the address is in the record; then on to the token.
    const request = hosts.arrivals.find(({ host, url }) => host === 'idp.example.test' && url.pathname === '/wsfed');
    return redirect(`${idp}${request?.url.pathname ?? ''}${request?.url.search ?? ''}`);
  });
  const folder = await mkdtemp(join(hosts.folder, 'config-'));
  const configFile = join(folder, 'signin-probe.yaml');
  await writeFile(configFile, configuration(party.url, idp, hosts.caFile));
  return {
    hosts,
    configFile,
    variable,
    // Where nobody was shown a page that tells, two of them never came to be.
    planted: () => [
      password,
      ...own.filter(({ kind }) => situation !== 'browser killed' || !['view state', 'Kerberos blob'].includes(kind)),
      ...tokens(),
      ...receivedCookies(hosts),
    ],
    set onToken(action: () => void) {
      holder.onToken = action;
    },
    close: () => hosts.close(),
  };
}

/** Session cookies the servers made up by themselves. */
const receivedCookies = (hosts: VirtualHosts): Planted[] => {
  const values = hosts.arrivals.flatMap(({ cookies }) => [...cookies].flatMap(([name, value]) => (/session/i.test(name) ? [value] : [])));
  return [...new Set(values)].filter((value) => value.length >= 16).map((value) => ({ kind: 'cookie', value }));
};

const configuration = (url: string, sts: string, ca: string): string =>
  JSON.stringify({
    targets: [
      {
        name: 'abroad',
        ifd: { url },
        sts,
        account: { user, password: `env:${variable}` },
        signedIn: { selector: '#welcome', api: false },
        tls: { ca },
        resolve: Object.fromEntries(['app', 'idp', 'other', 'evil'].map((name) => [`${name}.example.test`, '127.0.0.1'])),
        deadlineSeconds: 20,
      },
    ],
  });

/** Runs the probe in this process. Everything it wrote or logged is below `out`. A fault of the probe comes back as its text. */
export async function runAbroad(world: TellingWorld, password: string, out: string, trace = false): Promise<{ result: Result | null; fault: string | null }> {
  const { browser } = await equipment();
  process.env[variable] = password;
  const redactor = createRedactor();
  await mkdir(out, { recursive: true });
  const log = createLog({ level: 'debug', quiet: true, redactor, file: join(out, 'log.jsonl') });
  try {
    const loaded = loadTargets(world.configFile);
    if (!loaded.ok) throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
    const { report } = await runTargets({
      targets: loaded.targets,
      browser,
      log,
      redactor,
      outFolder: out,
      label: null,
      interactive: false,
      trace,
      stateFolder: join(world.configFile, '..', 'state'),
    });
    return { result: report.results[0] ?? null, fault: null };
  } catch (error) {
    if (!(error instanceof ProbeFault)) throw error;
    return { result: null, fault: error.message };
  } finally {
    log.close();
    delete process.env[variable];
  }
}
