import type { BrowserContext, CDPSession } from 'playwright';
import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { PostedToken } from './traffic';
import { within } from '../../system/within';

export type DiagnosticCapture = { readonly posted: PostedToken; readonly why: null } | { readonly posted: null; readonly why: string };

type Proxy = { readonly username: string; readonly password: string } | null;

const patienceMs = 5_000;

/**
 * Asks the STS, in the session the journey has, for a token of the diagnostic relying-party trust and takes it inside the browser: the trust's
 * endpoint is on a `.invalid` host, whose requests are answered here, so that nothing leaves the machine. No credential is typed.
 * null where no such trust is configured, or nobody signed in to the STS.
 */
export async function captureDiagnosticToken(
  context: BrowserContext,
  target: Target,
  exchanges: readonly Pick<Exchange, 'url'>[],
  journey: RouteEvidence['journey'],
  proxyCredentials: Proxy,
): Promise<DiagnosticCapture | null> {
  const asked = exchanges.find(({ url }) => url.startsWith(`${target.stsOrigin}/`) && /[?&]wa=wsignin1\.0\b/i.test(url));
  if (!target.diagnosticTrust || !asked || journey.tokenPosts === 0) return null;
  const address = new URL(new URL(asked.url).pathname, target.stsOrigin);
  address.searchParams.set('wa', 'wsignin1.0');
  address.searchParams.set('wtrealm', target.diagnosticTrust);
  const wauth = new URL(asked.url).searchParams.get('wauth');
  if (wauth) address.searchParams.set('wauth', wauth);
  const page = await context.newPage();
  try {
    const cdp = await context.newCDPSession(page);
    const posted = takeAtInvalidHost(cdp, proxyCredentials);
    await cdp.send('Fetch.enable', { handleAuthRequests: true, patterns: [{ urlPattern: '*', resourceType: 'Document' }] });
    page.goto(address.href, { waitUntil: 'commit', timeout: patienceMs }).catch(() => undefined); // replaced by the post it leads to
    const taken = await within(posted, patienceMs, null);
    if (taken) return { posted: taken, why: null };
    const title = await within(page.title(), 1_000, '');
    return {
      posted: null,
      why: `the STS issued no token for ${target.diagnosticTrust} to a host ending in .invalid within ${patienceMs / 1000} s (page "${title}")`,
    };
  } finally {
    await within(page.close(), 1_000, undefined);
  }
}

/** Answers requests to `.invalid` hosts inside the browser and hands over what they carry; everything else goes its way, without a credential. */
function takeAtInvalidHost(cdp: CDPSession, proxyCredentials: Proxy): Promise<PostedToken> {
  cdp.on('Fetch.authRequired', ({ requestId, authChallenge }) => {
    const own =
      authChallenge.source === 'Proxy' && proxyCredentials
        ? { response: 'ProvideCredentials' as const, username: proxyCredentials.username, password: proxyCredentials.password }
        : { response: 'CancelAuth' as const };
    cdp.send('Fetch.continueWithAuth', { requestId, authChallengeResponse: own }).catch(() => undefined); // the page may be closed by then
  });
  return new Promise((resolve) => {
    cdp.on('Fetch.requestPaused', ({ requestId, request }) => {
      if (!new URL(request.url).hostname.endsWith('.invalid')) return void cdp.send('Fetch.continueRequest', { requestId }).catch(() => undefined);
      const body = Buffer.concat((request.postDataEntries ?? []).map(({ bytes }) => Buffer.from(bytes ?? '', 'base64'))).toString('latin1');
      cdp.send('Fetch.fulfillRequest', { requestId, responseCode: 200, body: Buffer.from('taken by signin-probe').toString('base64') }).catch(() => undefined);
      resolve({ url: request.url, body });
    });
  });
}
