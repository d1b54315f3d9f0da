import type { KeyObject } from 'node:crypto';
import { networkInterfaces } from 'node:os';
import type { Logger } from 'winston';
import type { Exchange, LastGood, RouteEvidence, TokenFacts } from '../contracts/evidence';
import type { Target } from '../contracts/target';
import type { BrowserChoice } from './browser/browser';
import { type BrowserLender, freshBrowsers } from './browser/browser-pool';
import { captureClocks } from './captures/clocks';
import { captureConsole } from './captures/console';
import { captureDiagnosticToken } from './captures/diagnostic-token';
import { writeLastGood } from './captures/last-good';
import { captureNodes } from './captures/nodes';
import { captureSignerSamples } from './captures/metadata/signer-samples';
import { captureScreenshots } from './captures/screenshots';
import { captureHost, captureSurroundings, hostAndPort, type Surroundings } from './captures/surroundings';
import { captureToken, registerToken, signingCertificates } from './captures/token';
import { recordTrace, type TraceRecordings } from './captures/trace-recorder';
import { captureUserAgents } from './captures/user-agents';
import { inBrowser } from './browser/in-browser';
import { type JourneyRecord, runJourney } from './journey/journey';
import { withNegotiations } from './journey/negotiation-outcome';
import { readTotpKey } from './secrets/one-time-codes';
import { type ConnectProxy, startConnectProxy } from './network/connect-proxy';
import { directWay } from './network/direct-way';
import { createLookup, type Lookup } from './network/lookup';
import { passwordSearch } from './guard/password-search';
import type { Redactor } from './redaction/redact';
import { withoutSplitSecrets } from './redaction/without-split-secrets';
import type { Secret } from './secrets/secret';
import { signOut } from './journey/sign-out';
import type { SubmitOnce } from './account-state/submit-once';

export interface ProbeOptions {
  readonly browser: BrowserChoice;
  /** Where the browser comes from; a fresh one unless given. */
  readonly browsers?: BrowserLender;
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
  /** --trace: what the journey shows besides its evidence goes here. */
  readonly traces?: TraceRecordings;
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
  const proxy = await localProxy(target, lookup, password);
  try {
    const authServerAllowlist = target.account.kind === 'windows-current' ? new URL(target.stsOrigin).hostname : null;
    const secret = target.account.kind === 'password' ? target.account.secret : '';
    const hideEnvironment = secret.startsWith('env:') ? [secret.slice(4)] : [];
    const { outcome: visit, negotiations } = await inBrowser(
      options.browser,
      {
        spkis,
        proxyUrl: proxy?.url ?? null,
        authServerAllowlist,
        hideEnvironment,
        browsers: options.browsers ?? freshBrowsers,
        account: accountKey(target),
        withinMs: target.deadlineMs + afterDeadlineMs,
      },
      async ({ page, context, browserSession, killBrowser }) => {
        const zero = performance.now();
        const journeyStartedAt = Date.now();
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
        const consoleLines = captureConsole(page, redactor, zero);
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
        // Secrets first, so that nothing written later can carry them.
        for (const cookie of await context.cookies().catch(() => [])) redactor.add(cookie.value, 'cookie');
        if (record.posted) registerToken(record.posted, redactor);
        const diagnostic = await captureDiagnosticToken(context, target, record.exchanges.seen, record.journey, proxy);
        if (diagnostic?.posted) registerToken(diagnostic.posted, redactor);
        if (record.journey.signedIn === 'yes') await signOut(page, record.exchanges.seen, target.stsOrigin);
        return {
          record,
          diagnostic,
          totalMs,
          journeyStartedAt,
          screenshots: screenshots.taken,
          console: consoleLines,
          exchanges: await record.exchanges.finish(),
        };
      },
      ({ record }) => record.journey.signedIn === 'yes',
    );
    const around = await surroundings.all;
    const { record } = visit;
    const story = { ...record, exchanges: visit.exchanges };
    const { journey, method, pages, exchanges } = withNegotiations(story, negotiations, target.stsOrigin, (text) => redactor.text(text));
    if (journey.why !== record.journey.why) options.log.info(`${target.name} ${target.route}: ${journey.why}`);
    const signers = signingCertificates(around.stsMetadataText);
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

function timingsOf(record: JourneyRecord, exchanges: readonly Exchange[], totalMs: number, { dnsMs, tlsMs }: Surroundings): RouteEvidence['timings'] {
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
