import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import type { Target } from '../../contracts/target';
import type { Lookup } from '../network/lookup';
import { httpsGet } from '../network/https-get';

/** A User-Agent of AD FS's default WIASupportedUserAgents (`=~Windows\s*NT.*Edg.*`, field guide §8), and one that is not in it. */
const agents = {
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36 Edg/130.0.0.0',
  probe: 'Mozilla/5.0 (X11; Linux x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36',
} as const;

const windows = 'urn:federation:authentication:windows';

/**
 * Where a form was shown although Windows sign-in was to be expected (CRM asked for it, or the last good sign-in used it): asks the STS the same
 * without a credential, as two browsers, and follows its redirects to itself. Empty where there was nothing odd.
 */
export async function captureUserAgents(
  target: Target,
  evidence: Pick<RouteEvidence, 'exchanges' | 'method' | 'lastGood'>,
  lookup: Lookup,
): Promise<RouteEvidence['userAgents']> {
  const asked = evidence.exchanges.find(({ url, wsfed }) => url.startsWith(`${target.stsOrigin}/`) && wsfed?.wa?.toLowerCase() === 'wsignin1.0');
  const expected = asked?.wsfed?.wauth === windows || evidence.lastGood?.method === 'windows';
  if (!asked || evidence.method !== 'forms' || !expected) return [];
  return Promise.all((['probe', 'edge'] as const).map(async (browser) => ({ browser, ...(await ask(asked.url, agents[browser], target, lookup)) })));
}

async function ask(
  url: Exchange['url'],
  userAgent: string,
  target: Target,
  lookup: Lookup,
  hops = 3,
): Promise<Omit<RouteEvidence['userAgents'][number], 'browser'>> {
  const answer = await httpsGet(url, {
    lookup,
    caFile: target.caFile,
    timeoutMs: 8_000,
    maxBytes: 1_000_000,
    headers: { 'user-agent': userAgent, accept: 'text/html' },
  });
  if (!answer.ok) return { status: null, challenges: [], showsForm: false };
  const next = answer.headers.location ? new URL(answer.headers.location, url) : null;
  if (next && next.origin === target.stsOrigin && hops > 0) return ask(next.href, userAgent, target, lookup, hops - 1);
  const challenges = [answer.headers['www-authenticate'] ?? []]
    .flat()
    .flatMap((value) => value.split(/,\s*(?=[A-Z])/))
    .map((value) => value.split(' ')[0] ?? '');
  return { status: answer.status, challenges, showsForm: answer.status === 200 && /type=["']?password/i.test(answer.body.toString('utf8')) };
}
