import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { exchangeRef, hostOf, stsHost } from './addresses';
import { tokenPosts } from './token-post';

/** Where the STS's form sends the token, against where CRM says it takes tokens. */
export type TokenDestination =
  | { readonly state: 'published'; readonly action: string; readonly by: 'metadata' | 'last-good' }
  | {
      readonly state: 'elsewhere';
      readonly action: string;
      readonly published: readonly string[];
      readonly by: 'metadata' | 'last-good';
      readonly refs: readonly string[];
      readonly post: Exchange | null;
    }
  | { readonly state: 'unknown'; readonly why: string };

type Parts = Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'token' | 'crmMetadata' | 'lastGood'>;

/** Compares the form's action (or the POST itself) with the endpoint in CRM's metadata; the last good sign-in stands in where that cannot be read. */
export function tokenDestination(evidence: Parts): TokenDestination {
  const form = evidence.pages.findLast(({ kind, formAction }) => kind === 'sts-working' && formAction !== null);
  const post =
    tokenPosts(evidence).at(-1)?.exchange ??
    evidence.exchanges.findLast(({ method, url, step }) => method === 'POST' && step === 'token-post' && hostOf(url) !== stsHost(evidence)) ??
    null;
  const action = post?.url ?? evidence.token?.postedTo ?? form?.formAction ?? null;
  if (action === null) return { state: 'unknown', why: 'no token was on its way' };
  const refs = [...(form ? [`page:${form.n}`] : []), ...exchangeRef(post)];
  const endpoints = evidence.crmMetadata?.ok ? evidence.crmMetadata.passiveEndpoints : [];
  if (endpoints.length > 0)
    return endpoints.some((endpoint) => samePlace(endpoint, action))
      ? { state: 'published', action, by: 'metadata' }
      : { state: 'elsewhere', action, published: endpoints, by: 'metadata', refs, post };
  const before = evidence.lastGood?.tokenPostedTo ?? null;
  if (before !== null)
    return samePlace(before, action)
      ? { state: 'published', action, by: 'last-good' }
      : { state: 'elsewhere', action, published: [before], by: 'last-good', refs, post };
  return { state: 'unknown', why: "CRM's metadata names no endpoint, and no last good sign-in is on record" };
}

/** Same host, port and path; AD FS writes the default port out, case of host and path and a trailing slash are no difference. */
function samePlace(a: string, b: string): boolean {
  const place = (address: string): string | null => {
    if (!URL.canParse(address)) return null;
    const url = new URL(address);
    return `${url.protocol}//${url.host}${url.pathname.replace(/\/$/, '')}`.toLowerCase();
  };
  return place(a) !== null && place(a) === place(b);
}
