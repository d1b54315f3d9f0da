import type { RouteEvidence } from '../../contracts/evidence';
import { exchangeRef, hostOf, stsHost } from './addresses';
import { tokenPosts } from './token-post';

/** What became of Windows integrated sign-in at the STS. */
export type WindowsSignIn =
  | { readonly state: 'not-asked' }
  | { readonly state: 'accepted' }
  /** Credentials (or a ticket) were sent and the STS asked again. */
  | { readonly state: 'refused'; readonly sent: string; readonly offered: readonly string[]; readonly refs: readonly string[] }
  /** The STS asked and the browser sent nothing. */
  | { readonly state: 'not-answered'; readonly offered: readonly string[]; readonly refs: readonly string[] }
  /** The STS's last word was 401, and the recording (a HAR) cannot show whether anything was sent: browsers answer such challenges below it. */
  | { readonly state: 'not-recorded'; readonly offered: readonly string[]; readonly refs: readonly string[] };

/**
 * Reads the 401s of the STS. A refusal looks exactly like the first challenge, so what counts is whether anything was sent before the last one (field guide
 * §8).
 */
export function windowsSignIn(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'journey'>): WindowsSignIn {
  const sts = stsHost(evidence);
  const atSts = evidence.exchanges.filter(({ url }) => hostOf(url) === sts);
  const last = atSts.findLast(({ status, challenges }) => status === 401 && challenges.length > 0);
  // Browsers hide the 401s inside an NTLM exchange, so the page is asked as well.
  const page = evidence.pages.findLast(({ kind }) => kind === 'sts-windows-challenge');
  const sent = atSts.findLast(({ authorization }) => authorization !== null)?.authorization ?? null;
  if (!last && !page) return sent === null ? { state: 'not-asked' } : { state: 'accepted' };
  const lastSeq = last?.seq ?? page?.exchange ?? 0;
  if (tokenPosts(evidence).length > 0 || atSts.some(({ seq, status }) => seq > lastSeq && status !== null && status < 400)) return { state: 'accepted' };
  const offered = last?.challenges ?? page?.texts['challenges']?.split(', ') ?? [];
  const refs = [...exchangeRef(last), ...(page ? [`page:${page.n}`] : [])];
  const counted = (evidence.journey.windowsPrompts ?? 0) >= 2 || evidence.journey.credentialSubmissions > 0;
  if (sent === null && !counted && page?.texts['authorization'] === 'not recorded') return { state: 'not-recorded', offered, refs };
  return sent === null && !counted ? { state: 'not-answered', offered, refs } : { state: 'refused', sent: sent ?? 'Windows credentials', offered, refs };
}
