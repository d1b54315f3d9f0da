/** An identity provider and a relying party nobody here wrote, set up for one test, and the probe's sign-in at them. */
import { mkdtemp, readFile } from 'node:fs/promises';
import { cpus, loadavg } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import type { RouteEvidence } from '../../../contracts/evidence';
import type { Result } from '../../../contracts/report';
import type { Stage, Symptom } from '../../../contracts/words';
import { diagnose } from '../../../diagnosis/diagnose';
import { type BrowserChoice, findBrowser } from '../../browser/browser';
import type { SubmitOnce } from '../../account-state/submit-once';
import { type IdentityProvider, identityProvider, type IdentityProviderWishes } from './identity-provider';
import { type RelyingParty, relyingParty, type RelyingPartyWishes } from './relying-party';
import { type SigningKey, signingKey } from './saml-token';
import { attemptSignIn, expectGoodManners } from './sign-in-attempt';
import { type ForeignName, type ForeignPki, foreignPki, startVirtualHosts, type VirtualHosts } from './virtual-hosts';

/** Made once per test process: keys and the browser's launch test take their time. */
interface Equipment {
  readonly pki: ForeignPki;
  readonly key: SigningKey;
  readonly strangersKey: SigningKey;
  readonly browser: BrowserChoice;
}
let made: Promise<Equipment> | null = null;
export const equipment = (): Promise<Equipment> => (made ??= make());

async function make(): Promise<Equipment> {
  const [pki, key, strangersKey, search] = await Promise.all([
    foreignPki(),
    signingKey('idp signing'),
    signingKey('another signing'),
    findBrowser({ configured: null }),
  ]);
  if (!search.ok) throw new Error(search.why);
  return { pki, key, strangersKey, browser: search.choice };
}

export interface WorldWishes {
  readonly idp?: Partial<IdentityProviderWishes>;
  readonly rp?: Partial<RelyingPartyWishes>;
  /** The relying party trusts another key: every token is refused. */
  readonly refusesTokens?: boolean;
  /** Where both live; two names of one https port unless given. */
  readonly idpName?: ForeignName;
  readonly rpName?: ForeignName;
  readonly plainHttp?: boolean;
  /** The servers speak HTTP/2. */
  readonly http2?: boolean;
  /** What the probe knows. */
  readonly password?: string;
  readonly user?: string;
  readonly selector?: string | null;
  readonly api?: boolean;
  readonly deadlineMs?: number;
  readonly submitOnce?: SubmitOnce;
  /** A browser's path; the first one found unless given. */
  readonly browser?: string | undefined;
  /** The name server the probe asks; without one, the names of this world are pinned. */
  readonly dns?: string;
  /** Further names the configuration pins. */
  readonly pins?: Readonly<Record<string, string>>;
  /** The address the probe opens and the STS it is told, where they are not the ones of this world. */
  readonly url?: (hosts: VirtualHosts) => string;
  readonly sts?: (hosts: VirtualHosts) => string;
  /** Further sites, and whatever else is to be done before the sign-in. */
  readonly before?: (hosts: VirtualHosts) => void;
}

export interface World {
  readonly evidence: RouteEvidence;
  readonly journey: RouteEvidence['journey'];
  readonly result: Result;
  readonly provider: IdentityProvider;
  readonly party: RelyingParty;
  readonly hosts: VirtualHosts;
  /** PNG files in the order of `evidence.screenshots`. */
  readonly pictures: readonly Buffer[];
  /** Time of the journey in the browser, without its start. */
  readonly tookMs: number;
}

/** Longer than any form of a password that might come up by chance, with characters every encoding treats in its own way. */
export const goodPassword = 'Grün & "57%" +\\x';
export const account = { user: 'probe@example.test', password: goodPassword };

/** Signs in once and checks what must hold for every sign-in; the servers are gone afterwards, their records stay. */
export async function signInAbroad(wishes: WorldWishes = {}): Promise<World> {
  const { pki, key, strangersKey, browser } = await equipment();
  const { idpName = 'idp.example.test', rpName = 'app.example.test' } = wishes;
  const hosts = await startVirtualHosts(wishes.plainHttp ? null : pki, { http2: wishes.http2 ?? false });
  try {
    const provider = identityProvider(hosts.origin(idpName), { account, key, ...wishes.idp });
    const signInUrl = hosts.origin(idpName) + (wishes.idp?.endpoint ?? '/wsfed');
    const party = relyingParty(hosts.origin(rpName), { signInUrl, trusted: (wishes.refusesTokens ? strangersKey : key).certificate, ...wishes.rp });
    hosts.put(idpName, provider.site);
    if (idpName === rpName)
      hosts.put(rpName, (arrival) => (arrival.url.pathname.startsWith(wishes.rp?.base ?? '/app') ? party.site(arrival) : provider.site(arrival)));
    else hosts.put(rpName, party.site);
    wishes.before?.(hosts);
    const { password = goodPassword, user = account.user, selector, api, deadlineMs, submitOnce, dns } = wishes;
    const folder = await mkdtemp(join(hosts.folder, 'pictures-'));
    const evidence = await attemptSignIn({
      folder,
      hosts,
      browser: wishes.browser === undefined ? browser : { name: 'configured', executablePath: wishes.browser, version: 'test' },
      url: wishes.url?.(hosts) ?? party.url,
      sts: wishes.sts?.(hosts) ?? hosts.origin(idpName),
      user,
      password,
      selector,
      api,
      deadlineMs,
      submitOnce,
      dns,
      pins: wishes.pins,
      pinned: idpName !== 'localhost',
    });
    expectGoodManners(evidence, hosts, password, idpName);
    expect(provider.submissions(), 'passwords the identity provider got').toBeLessThanOrEqual(1);
    expect(party.tokenPosts(), 'tokens the relying party got').toBeLessThanOrEqual(3);
    const run = { id: 'foreign', startedAt: evidence.startedAt, finishedAt: evidence.finishedAt, label: null, location: null, tool: 'test', browser: 'test' };
    const result = diagnose({ schema: 1, run, results: [evidence] }).results[0];
    if (!result) throw new Error('diagnose gave no result');
    for (const { id, certainty } of result.causes)
      if (id === 'adfs-signing-cert-rolled') expect(certainty, 'KB 2686840 for a relying party that is no CRM').toBe('suspected');
    const pictures = await Promise.all(evidence.screenshots.map(({ file }) => readFile(join(folder, file))));
    return { evidence, journey: evidence.journey, result, provider, party, hosts, pictures, tookMs: evidence.timings.totalMs };
  } finally {
    await hosts.close();
  }
}

/** What a busy machine may add: the limits are there to tell a quiet period from a time-out, not to measure. */
const slackMs = (): number => 3_000 * Math.max(1, (loadavg()[0] ?? 0) / cpus().length / 2);

/** The journey as a whole: how it ended, where, and what it says. */
export function expectEnding(
  { journey, tookMs }: World,
  expected: { symptom: Symptom; failedAt: Stage; why: RegExp; submissions: 0 | 1; withinMs: number },
): void {
  expect(journey).toMatchObject({ signedIn: 'no', symptom: expected.symptom, failedAt: expected.failedAt });
  expect(journey.why).toMatch(expected.why);
  expect(journey.credentialSubmissions, journey.why).toBe(expected.submissions);
  expect(tookMs, `took ${tookMs} ms: ${journey.why}`).toBeLessThan(expected.withinMs + slackMs());
}

export function expectSignedIn({ journey, tookMs }: World, withinMs: number): void {
  expect(journey, journey.why).toMatchObject({ signedIn: 'yes', symptom: 'none', failedAt: null, credentialSubmissions: 1, tokenPosts: 1 });
  expect(tookMs, `took ${tookMs} ms`).toBeLessThan(withinMs + slackMs());
}
