/** One sign-in of the probe at servers of its makers' choice, and what must hold for each of them whatever happens. */
import { mkdir, mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { RouteEvidence } from '../../../contracts/evidence';
import type { Target } from '../../../contracts/target';
import type { BrowserChoice } from '../../browser/browser';
import type { BrowserLender } from '../../browser/browser-pool';
import { createLog } from '../../../system/log';
import { createRedactor } from '../../redaction/redact';
import { runProbe } from '../../run-probe';
import { Secret } from '../../secrets/secret';
import { SubmitOnce } from '../../account-state/submit-once';
import { type ForeignName, foreignNames, type VirtualHosts } from './virtual-hosts';
import { welcomeSelector } from './relying-party';

export interface Attempt {
  readonly hosts: VirtualHosts;
  readonly browser: BrowserChoice;
  readonly url: string;
  readonly sts: string;
  readonly user: string;
  readonly password: string;
  readonly selector?: string | null | undefined;
  readonly api?: boolean | undefined;
  readonly deadlineMs?: number | undefined;
  readonly submitOnce?: SubmitOnce | undefined;
  /** Where the browser comes from; a fresh one unless given. */
  readonly browsers?: BrowserLender;
  /** The target's name; another is another target with the same servers. */
  readonly name?: string | undefined;
  /** Where pictures go, in `screens/`. */
  readonly folder?: string;
  readonly pinned?: boolean;
  /** A name server to ask, with names that are not pinned. */
  readonly dns?: string | null | undefined;
  /** Further names the configuration pins. */
  readonly pins?: Readonly<Record<string, string>> | undefined;
}

export async function attemptSignIn({
  hosts,
  browser,
  url,
  sts,
  user,
  password,
  selector = welcomeSelector,
  api = false,
  deadlineMs = 20_000,
  submitOnce = new SubmitOnce(),
  browsers,
  name = 'foreign',
  folder: wanted,
  pinned = true,
  dns = null,
  pins = {},
}: Attempt): Promise<RouteEvidence> {
  const stsOrigin = new URL(sts).origin;
  const metadata = '/FederationMetadata/2007-06/FederationMetadata.xml';
  const target: Target = {
    name,
    route: 'ifd',
    url,
    stsOrigin,
    account: { kind: 'password', user, secret: 'env:FOREIGN' },
    expect: { user: null, organization: null },
    signedInSelector: selector,
    api,
    metadata: { sts: stsOrigin + metadata, crm: new URL(url).origin + metadata },
    metadataCrmConfigured: true,
    caFile: url.startsWith('https:') ? hosts.caFile : null,
    resolve: {
      ...(pinned && dns === null ? Object.fromEntries(foreignNames.filter((name) => name !== 'localhost').map((name) => [name, '127.0.0.1'])) : {}),
      ...pins,
    },
    dns,
    nodes: {},
    rollover: { generationDays: 20, promotionDays: 5, criticalDays: 2 },
    warnDays: 30,
    deadlineMs,
    configFolder: await mkdtemp(join(hosts.folder, 'config-')),
  };
  const redactor = createRedactor();
  const folder = wanted ?? (await mkdtemp(join(hosts.folder, 'run-')));
  await mkdir(join(folder, 'screens'), { recursive: true });
  const log = createLog({ level: 'error', quiet: true, redactor });
  return runProbe(target, { browser, browsers, redactor, log, submitOnce, password: new Secret(password), folder, runId: 'foreign' });
}

/** What holds for every sign-in: one submission, three tokens at most, and the password nowhere but at its STS. */
export function expectGoodManners(evidence: RouteEvidence, hosts: VirtualHosts, password: string, sts: ForeignName): void {
  const { journey } = evidence;
  expect(journey.credentialSubmissions, journey.why).toBeLessThanOrEqual(1);
  expect(journey.tokenPosts, journey.why).toBeLessThanOrEqual(3);
  const strangers = hosts.arrivals.filter(({ host, raw }) => host !== sts && tells(raw, password));
  expect(
    strangers.map(({ host, method, url }) => `${method} ${host}${url.pathname}`),
    'the password arrived at',
  ).toEqual([]);
  expect(JSON.stringify(evidence), 'the password in the evidence').not.toContain(JSON.stringify(password).slice(1, -1));
  expect(journey.why.length).toBeGreaterThan(9);
}

/** Whether a request tells the password, in any of the writings the tests' attackers use. */
export function tells(raw: string, password: string): boolean {
  const percent = (text: string): string =>
    text.replace(/\+/g, ' ').replace(/(%[0-9a-f]{2})+/gi, (run) => Buffer.from(run.replace(/%/g, ''), 'hex').toString('utf8'));
  const once = percent(raw);
  const writings = [
    password,
    JSON.stringify(password).slice(1, -1),
    Buffer.from(password).toString('base64'),
    Buffer.from(password).toString('base64').replace(/\+/g, ' '),
  ];
  return [raw, once, percent(once)].some((text) => writings.some((writing) => text.includes(writing)));
}
