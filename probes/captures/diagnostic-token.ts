import type { BrowserContext } from 'playwright';
import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { PostedToken } from '../traffic';

export type DiagnosticCapture = { readonly posted: PostedToken; readonly why: null } | { readonly posted: null; readonly why: string };

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
    const posted = new Promise<PostedToken>((resolve) => {
      void page.route(
        (url) => url.hostname.endsWith('.invalid'),
        async (route) => {
          const body = route.request().postDataBuffer()?.toString('latin1') ?? '';
          await route.fulfill({ status: 200, contentType: 'text/plain', body: 'taken by signin-probe' });
          resolve({ url: route.request().url(), body });
        },
      );
    });
    const late = new Promise<null>((resolve) => {
      setTimeout(() => resolve(null), patienceMs).unref();
    });
    page.goto(address.href, { waitUntil: 'commit', timeout: patienceMs }).catch(() => undefined); // replaced by the post it leads to
    const taken = await Promise.race([posted, late]);
    if (taken) return { posted: taken, why: null };
    const title = await page.title().catch(() => '');
    return {
      posted: null,
      why: `the STS issued no token for ${target.diagnosticTrust} to a host ending in .invalid within ${patienceMs / 1000} s (page "${title}")`,
    };
  } finally {
    await page.close().catch(() => undefined);
  }
}
