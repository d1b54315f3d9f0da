import type { KeyObject } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { BrowserContext, Page } from 'playwright';
import type { Logger } from 'winston';
import type { Exchange, LastGood, RouteEvidence, TokenFacts } from '../contracts/evidence';
import type { Target } from '../contracts/target';
import type { BrowserChoice } from './browser/browser';
import { type BrowserLender, freshBrowsers } from './browser/browser-pool';
import { captureClocks } from './captures/clocks';
import { captureConsole } from './captures/console';
import { captureDiagnosticToken, type DiagnosticCapture } from './captures/diagnostic-token';
import { writeLastGood } from './captures/last-good';
import { captureNodes } from './captures/nodes';
import { captureSignerSamples } from './captures/metadata/signer-samples';
import { captureScreenshots, type Screenshots } from './captures/screenshots';
import { captureHost, captureSurroundings, hostAndPort, type Surroundings } from './captures/surroundings';
import { captureToken, registerToken, signingCertificates } from './captures/token';
import { recordTrace, type TraceRecordings } from './captures/trace-recorder';
import { captureUserAgents } from './captures/user-agents';
import { BrowserLost, whileItAnswers } from './browser/hanging-browser';
import { inBrowser, type Opened } from './browser/in-browser';
import type { Negotiation } from './captures/negotiations';
import { type JourneyRecord, runJourney } from './journey/journey';
import { nothingRecorded } from './journey/journey-record';
import { withNegotiations } from './journey/negotiation-outcome';
import { readTotpKey } from './secrets/one-time-codes';
import { type ConnectProxy, startConnectProxy } from './network/connect-proxy';
import { directWay } from './network/direct-way';
import { createLookup, type Lookup } from './network/lookup';
import { passwordSearch } from './guard/password-search';
import type { Redactor } from './redaction/redact';
import { withoutSplitSecrets } from './redaction/without-split-secrets';
import type { TimeLine } from '../system/time-line';
import { within } from '../system/within';
import type { Secret } from './secrets/secret';
import { signOut } from './journey/sign-out';
import type { SubmitOnce } from './account-state/submit-once';

export interface ProbeOptions {
  readonly browser: BrowserChoice;
  /** Where the browser comes from; a fresh one unless given. */
  readonly browsers?: BrowserLender | undefined;
  readonly redactor: Redactor;
  readonly log: Logger;
  readonly submitOnce: SubmitOnce;
  /** The account's password; null with `windows: current`. */
  readonly password: Secret | null;
  /** The secret behind the target's `account.totp`; null or absent without one. */
  readonly totp?: Secret | null;
  /** The run folder; pictures go to its `screens/`, which exists. */
  readonly folder: string;
  readonly runId: string;
  /** Copies of CRM's encryption key that open its tokens; none unless the operator gave one. */
  readonly keys?: readonly KeyObject[];
  /** Ask every farm node by itself (--each-node). After a failed sign-in they are asked anyway: nodes that disagree are a cause. */
  readonly eachNode?: boolean;
  /** Takes down where the time goes. */
  readonly timeLine?: TimeLine | undefined;
  /** --trace: what the journey shows besides its evidence goes here. */
  readonly traces?: TraceRecordings | undefined;
}

/**
 * Signs in to one target over one route and returns everything seen, redacted. The only way to run a journey.
 * A failed sign-in is data. Throws only when the probe itself cannot work (no browser).
 */
export async function runProbe(target: Target, options: ProbeOptions): Promise<RouteEvidence> {
  const { redactor } = options;
  const startedAt = new Date();
  const password = target.account.kind === 'password' ? (options.password?.use() ?? null) : null;
  if (password !== null) redactor.add(password, 'password');
  // Not AbortSignal.timeout: that keeps all who listen, and what they hold, until the time is up.
  const overdue = new AbortController();
  const timer = setTimeout(() => overdue.abort(), target.deadlineMs).unref();
  const deadline = overdue.signal;
  const lookup = createLookup(target);
  const surroundings = captureSurroundings(target, lookup, deadline);
  const spkis = target.caFile ? await surroundings.trustedSpkis : [];
  options.timeLine?.mark(`${target.route}: the keys the browser must know were seen`);
  const proxy = await localProxy(target, lookup, password);
  try {
    const { visit, negotiations } = await signIn(target, options, { password, spkis, proxy, lookup, surroundings, deadline });
    const around = await surroundings.all;
    options.timeLine?.mark(`${target.route}: the browser was left, names, TLS and metadata were seen`);
    const { record } = visit;
    const story = { ...record, exchanges: visit.exchanges };
    const { journey, method, pages, exchanges } = withNegotiations(story, negotiations, target.stsOrigin, (text) => redactor.text(text));
    if (journey.why !== record.journey.why) options.log.info(`${target.name} ${target.route}: ${journey.why}`);
    const signers = signingCertificates(around.stsMetadataText);
    options.timeLine?.add(visit.zeroAt, eventsOf(target.route, { pages, exchanges, screenshots: visit.screenshots }));
    const token = record.posted ? captureToken(record.posted, signers, redactor, options.keys) : null;
    const diagnosticToken = visit.diagnostic?.posted ? captureToken(visit.diagnostic.posted, signers, redactor) : null;
    const late = await Promise.all(hostsNotSeen(exchanges, around).map((host) => captureHost(host, target, lookup)));
    const refused = record.journey.signedIn === 'no' && record.journey.tokenPosts > 0;
    const evidence: RouteEvidence = {
      target: target.name,
      route: target.route,
      settings: settingsOf(target),
      startedAt: startedAt.toISOString(),
      finishedAt: new Date().toISOString(),
      method,
      journey,
      pages,
      exchanges,
      token,
      diagnosticToken,
      stsMetadata: around.stsMetadata,
      crmMetadata: around.crmMetadata,
      wsdl: around.wsdl,
      whoAmI: record.whoAmI,
      tls: [...around.tls, ...late.flatMap(({ tls }) => tls?.facts ?? [])],
      dns: [...around.dns, ...late.map(({ dns }) => dns)],
      clocks: captureClocks({ target, exchanges, token, journeyStartedAt: visit.journeyStartedAt, sampled: around.dates }),
      lastGood: around.lastGood,
      repairOnRecord: around.repairOnRecord,
      nodes: options.eachNode || record.journey.signedIn === 'no' ? await captureNodes(target, lookup) : [],
      stsSamples: refused ? await captureSignerSamples(target, lookup, { at: startedAt.toISOString(), metadata: around.stsMetadata }) : null,
      userAgents: await captureUserAgents(target, { exchanges, method, lastGood: around.lastGood }, lookup),
      ownAddresses: Object.values(networkInterfaces()).flatMap((addresses) => (addresses ?? []).map(({ address }) => address)),
      serverEvents: [],
      screenshots: visit.screenshots.map((each) => ({ ...each, caption: redactor.text(each.caption) })),
      console: visit.console,
      captureErrors: [...around.captureErrors, ...(visit.diagnostic?.why ? [{ capture: 'diagnostic-trust', why: visit.diagnostic.why }] : [])],
      timings: timingsOf(record, exchanges, visit.totalMs, around),
    };
    if (evidence.journey.signedIn === 'yes') {
      const written = await writeLastGood(target, lastGoodOf(evidence, options.runId));
      if (!written.ok) evidence.captureErrors.push({ capture: 'last-good', why: written.why });
    }
    return withoutSplitSecrets(evidence, (text) => redactor.text(text));
  } finally {
    clearTimeout(timer);
    await proxy?.close();
  }
}

interface Way {
  readonly password: string | null;
  readonly spkis: readonly string[];
  readonly proxy: ConnectProxy | null;
  readonly lookup: Lookup;
  readonly surroundings: ReturnType<typeof captureSurroundings>;
  readonly deadline: AbortSignal;
}

/** For the time line: every request, page and picture of the journey. */
function eventsOf(
  route: string,
  { pages, exchanges, screenshots }: Pick<RouteEvidence, 'pages' | 'exchanges' | 'screenshots'>,
): { what: string; atMs: number }[] {
  return [
    ...exchanges.map(({ seq, method, step, startedAtMs, durationMs }) => ({
      what: `${route}: request ${seq}, ${method} (${step}), took ${Math.round(durationMs ?? 0)} ms`,
      atMs: startedAtMs,
    })),
    ...pages.map(({ n, kind, action, atMs }) => ({ what: `${route}: page ${n}, ${kind}: ${action}`, atMs })),
    ...screenshots.map(({ file, atMs }) => ({ what: `${route}: picture ${file}`, atMs })),
  ];
}

/** What a sign-in showed in the browser. */
interface SignIn {
  /** performance.now() when the journey began. */
  readonly zeroAt: number;
  readonly record: Omit<JourneyRecord, 'exchanges'>;
  readonly diagnostic: DiagnosticCapture | null;
  readonly totalMs: number;
  readonly journeyStartedAt: number;
  readonly screenshots: RouteEvidence['screenshots'];
  readonly console: RouteEvidence['console'];
  readonly exchanges: Exchange[];
}

/** What is known of a sign-in whose browser may go away at any time. */
interface SoFar {
  readonly zero: number;
  readonly journeyStartedAt: number;
  record: JourneyRecord | null;
  screenshots: Screenshots | null;
  console: RouteEvidence['console'];
}

async function signIn(target: Target, options: ProbeOptions, way: Way): Promise<{ visit: SignIn; negotiations: readonly Negotiation[] }> {
  const secret = target.account.kind === 'password' ? target.account.secret : '';
  const soFar: SoFar = { zero: performance.now(), journeyStartedAt: Date.now(), record: null, screenshots: null, console: [] };
  try {
    const { outcome, negotiations } = await inBrowser(
      options.browser,
      {
        spkis: way.spkis,
        proxyUrl: way.proxy?.url ?? null,
        authServerAllowlist: target.account.kind === 'windows-current' ? new URL(target.stsOrigin).hostname : null,
        hideEnvironment: secret.startsWith('env:') ? [secret.slice(4)] : [],
        browsers: options.browsers ?? freshBrowsers,
        account: accountKey(target),
        withinMs: target.deadlineMs + 2 * afterDeadlineMs,
      },
      (opened) => inContext(opened, target, options, way, soFar),
      ({ record }) => record.journey.signedIn === 'yes',
    );
    return { visit: outcome, negotiations };
  } catch (error) {
    if (!(error instanceof BrowserLost)) throw error;
    options.log.info(`${target.name} ${target.route}: ${error.message}`);
    return { visit: await lostSignIn(error.message, soFar, options.redactor), negotiations: [] };
  }
}

async function inContext(
  { page, context, browserSession, killBrowser }: Opened,
  target: Target,
  options: ProbeOptions,
  way: Way,
  soFar: SoFar,
): Promise<SignIn> {
  const { redactor } = options;
  const { password, proxy, lookup, surroundings, deadline } = way;
  options.timeLine?.mark(`${target.route}: a browser is there`);
  const zero = performance.now();
  const journeyStartedAt = Date.now();
  Object.assign(soFar, { zero, journeyStartedAt });
  const pictures = await captureScreenshots(page, {
    folder: options.folder,
    prefix: `${target.name}-${target.route}`,
    startedAt: zero,
    target,
    crmAddresses: surroundings.crmAddresses,
    redactor,
    stsKnowsPassword: () => options.submitOnce.givenTo(target.stsOrigin),
  });
  const trace = options.traces ? recordTrace(page, pictures, redactor, zero) : null;
  if (trace) options.traces?.set(`${target.name}-${target.route}`, trace.recording);
  const screenshots = trace?.screenshots ?? pictures;
  soFar.screenshots = screenshots;
  soFar.console = captureConsole(page, redactor, zero);
  const record = await runJourney(page, {
    browserSession,
    killBrowser,
    target,
    redactor,
    submitOnce: options.submitOnce,
    screenshots,
    password,
    passwordSearch: password === null ? null : passwordSearch(password, carriedAnyway(target)),
    alone: proxy ? (url) => proxy.alone(url) : null,
    totp: options.totp ? readTotpKey(options.totp.use()) : null,
    proxyCredentials: proxy,
    deadline,
    startedAt: zero,
    lookup: proxy ? lookup : createLookup(target), // of its own: what a page asks for is no evidence about the target
    connectFailure: (host) => proxy?.failures.get(host)?.code ?? null,
    say: (text) => options.log.info(`${target.name} ${target.route}: ${text}`),
  });
  const totalMs = Math.round(performance.now() - zero);
  options.timeLine?.mark(`${target.route}: the journey ended`);
  soFar.record = record;
  const atTheEnd = { during: 'once the sign-in had ended', withinMs: afterDeadlineMs, kill: killBrowser };
  const { diagnostic, exchanges } = await whileItAnswers(concluding(page, context, target, record, way, redactor), browserSession, atTheEnd);
  return { zeroAt: zero, record, diagnostic, totalMs, journeyStartedAt, screenshots: screenshots.taken, console: soFar.console, exchanges };
}

async function concluding(
  page: Page,
  context: BrowserContext,
  target: Target,
  record: JourneyRecord,
  { proxy }: Way,
  redactor: Redactor,
): Promise<Pick<SignIn, 'diagnostic' | 'exchanges'>> {
  // Secrets first, so that nothing written later can carry them.
  for (const cookie of await context.cookies().catch(() => [])) redactor.add(cookie.value, 'cookie');
  if (record.posted) registerToken(record.posted, redactor);
  const diagnostic = await captureDiagnosticToken(context, target, record.exchanges.seen, record.journey, proxy);
  if (diagnostic?.posted) registerToken(diagnostic.posted, redactor);
  if (record.journey.signedIn === 'yes') await signOut(page, record.exchanges.seen, target.stsOrigin);
  return { diagnostic, exchanges: await record.exchanges.finish() };
}

/** A sign-in whose browser went away, or hangs, outside the journey: nothing is said of it but what was seen before. */
async function lostSignIn(why: string, { zero, journeyStartedAt, record, screenshots, console }: SoFar, redactor: Redactor): Promise<SignIn> {
  if (record?.posted) registerToken(record.posted, redactor);
  const before = record ? ` Before that: ${record.journey.why}` : '';
  const known = record ?? nothingRecorded;
  return {
    zeroAt: zero,
    record: {
      ...known,
      journey: { ...known.journey, signedIn: 'unknown', symptom: 'other', failedAt: null, signedInAs: null, why: redactor.ownText(`${why}${before}`) },
    },
    diagnostic: null,
    totalMs: Math.round(performance.now() - zero),
    journeyStartedAt,
    screenshots: screenshots?.taken ?? [],
    console,
    exchanges: record ? await within(record.exchanges.finish(), exchangesWithinMs, []) : [],
  };
}

/** Of a browser that is gone, what it had already told. */
const exchangesWithinMs = 10_000;

/**
 * One mechanism for pinned hosts, farm nodes, a DNS server of one's own, and a password that must not leave twice (ConnectProxy.alone). Without any of them, or
 * where the system's proxy is the way out, the browser finds its way itself.
 */
async function localProxy(target: Target, lookup: Lookup, password: string | null): Promise<ConnectProxy | null> {
  if (target.dns !== null || Object.keys(target.resolve).length > 0) return startConnectProxy(lookup);
  const places = [target.url, target.stsOrigin];
  const wanted = password !== null && places.every((url) => url.startsWith('https:'));
  return wanted && (await directWay(places, lookup)) ? startConnectProxy(lookup, { plainHttp: true }) : null;
}

/** What is still to be done once the time is up: pictures, cookies, the diagnostic token. Each of it has bounds of its own. */
const afterDeadlineMs = 60_000;

/** Whose browser it is: the same person at the same STS, with the same secret. */
const accountKey = ({ stsOrigin, account }: Target): string =>
  account.kind === 'password' ? `${account.user} ${account.secret} ${stsOrigin}` : `windows-current ${stsOrigin}`;

/** What requests carry whoever signs in: a piece of a password that stands in it tells nothing. */
const carriedAnyway = ({ url, stsOrigin, metadata, account }: Target): string[] => [
  url,
  stsOrigin,
  metadata.sts,
  metadata.crm,
  account.kind === 'password' ? account.user : '',
];

function settingsOf(target: Target): RouteEvidence['settings'] {
  const { url, stsOrigin, account, expect, api, rollover, warnDays } = target;
  return {
    url,
    stsOrigin,
    account: account.kind === 'password' ? account.user : 'current Windows account',
    windowsCurrent: account.kind === 'windows-current',
    expect: { ...expect },
    api,
    rollover: { ...rollover },
    warnDays,
  };
}

/** Hosts the journey went to beyond those looked at from the start; what the guard refused is not asked by the probe either. */
function hostsNotSeen(exchanges: readonly Exchange[], { dns, tls }: Surroundings): string[] {
  const seen = new Set([...tls.map(({ host, port }) => `${host}:${port}`), ...dns.filter(({ error }) => error !== null).map(({ host }) => host)]);
  const visited = exchanges.filter(({ url, failure }) => URL.canParse(url) && failure !== 'net::ERR_BLOCKED_BY_CLIENT').map(({ url }) => hostAndPort(url));
  return [...new Set(visited)].filter((host) => !host.startsWith('http:') && !seen.has(host) && !seen.has(host.replace(/:\d+$/, '')));
}

function timingsOf(
  record: Pick<JourneyRecord, 'shellAtMs'>,
  exchanges: readonly Exchange[],
  totalMs: number,
  { dnsMs, tlsMs }: Surroundings,
): RouteEvidence['timings'] {
  const spent = (steps: readonly Exchange['step'][]): number | null => {
    const durations = exchanges.filter(({ step }) => steps.includes(step)).flatMap(({ durationMs }) => durationMs ?? []);
    return durations.length > 0 ? durations.reduce((sum, each) => sum + each, 0) : null;
  };
  const post = exchanges.findLast(({ step }) => step === 'token-post');
  const crmPageMs = record.shellAtMs !== null && post?.durationMs != null ? Math.max(0, record.shellAtMs - post.startedAtMs - post.durationMs) : null;
  return { totalMs, dnsMs, tlsMs, stsMs: spent(['sts-page', 'credentials', 'token-issue']), tokenPostMs: spent(['token-post']), crmPageMs };
}

function lastGoodOf(evidence: RouteEvidence, runId: string): LastGood {
  const { target, route, method, stsMetadata, crmMetadata, wsdl, token, diagnosticToken, exchanges, tls, dns, timings, finishedAt } = evidence;
  const sts = stsMetadata?.ok ? stsMetadata : null;
  const crm = crmMetadata?.ok ? crmMetadata : null;
  const signed = [token, diagnosticToken].find((each): each is TokenFacts => each?.signature === 'valid')?.signer ?? null;
  return {
    schema: 1,
    target,
    route,
    savedAt: finishedAt,
    runId,
    method,
    stsPrimarySha1: sts?.signature.status === 'valid' ? sts.signature.signerSha1 : null,
    stsKeys: sts?.keys ?? [],
    stsEntityId: sts?.entityId ?? null,
    crmKeys: crm?.keys ?? [],
    crmScopes: crm?.scopes ?? [],
    wsdlIdentifier: wsdl?.ok ? wsdl.identifier : null,
    wtrealm: exchanges.findLast(({ wsfed }) => wsfed?.wtrealm)?.wsfed?.wtrealm ?? null,
    tokenEncryptedFor: token?.encryptedFor ?? null,
    tokenPostedTo: token?.postedTo ?? null,
    tokenSignerSha1: signed?.sha1 ?? null,
    tls: tls.flatMap(({ host, chain }) => (chain[0] ? [{ host, sha1: chain[0].sha1 }] : [])),
    dns: dns.map(({ host, addresses }) => ({ host, addresses })),
    shape: exchanges
      .filter(({ step, url }) => step !== 'sign-out' && URL.canParse(url))
      .map(({ method: verb, url }) => `${verb} ${new URL(url).host}${new URL(url).pathname}`),
    totalMs: timings.totalMs,
  };
}
