import type { Exchange, PageVisit, RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';
import { tokenPosts } from './token-post';

/** The STS took the password, got its own session cookie back, and showed its form again. */
export interface SilentLoop {
  /** The submission, answered with a redirect and MSISAuth. */
  readonly post: Exchange;
  /** The request after it, which carried MSISAuth. */
  readonly followUp: Exchange;
  readonly again: PageVisit;
  /** A cookie MSISAuth of somebody else was sent along (a relying party's, by way of a shared parent domain). */
  readonly foreignCookie: boolean;
}

/** Reads the fingerprint of a sign-in that AD FS itself gives up after good credentials; null when it is not there. */
export function silentLoop(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages'>): SilentLoop | null {
  if (tokenPosts(evidence).length > 0) return null;
  const sts = stsHost(evidence);
  const { exchanges, pages } = evidence;
  const post = exchanges.find(
    ({ method, url, status, cookiesSet }) =>
      method === 'POST' &&
      hostOf(url) === sts &&
      status === 302 &&
      cookiesSet.some(({ name, removes, blocked }) => name === 'MSISAuth' && !removes && blocked.length === 0),
  );
  if (!post) return null;
  const followUp = exchanges.find(({ seq, method, url, status }) => seq > post.seq && method === 'GET' && hostOf(url) === sts && status === 200);
  const sent = followUp?.cookiesSent.filter(({ name }) => name === 'MSISAuth').length ?? 0;
  const typedAt = pages.findIndex(({ kind }) => kind === 'sts-forms');
  const again = pages.slice(typedAt + 1).find(({ kind }) => kind === 'sts-forms');
  if (!followUp || sent === 0 || !again) return null;
  const covers = (domain: string | null): boolean => domain !== null && sts !== null && `.${sts}`.endsWith(`.${domain.replace(/^\./, '').toLowerCase()}`);
  const foreign = exchanges.some(
    ({ url, cookiesSet }) => hostOf(url) !== sts && cookiesSet.some(({ name, domain, removes }) => /^MSISAuth\d*$/.test(name) && !removes && covers(domain)),
  );
  return { post, followUp, again, foreignCookie: foreign || sent > 1 };
}
