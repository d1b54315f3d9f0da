import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';
import { lastTokenPost } from './token-post';
import { tokenRefusal } from './token-refusal';

/** What came behind a token CRM had taken (stage S8). */
export type AfterToken =
  | {
      readonly state: 'reached';
      readonly host: string;
      readonly post: Exchange;
      /** CRM's answers behind the token, in order. */ readonly answers: readonly Exchange[];
    }
  | { readonly state: 'not-reached'; readonly why: string }
  | { readonly state: 'cannot-tell'; readonly why: string };

/** Reads stage S8: reached only when CRM took the token and set its session. */
export function afterToken(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'journey'>): AfterToken {
  const refusal = tokenRefusal(evidence);
  if (refusal.state === 'cannot-tell') return { state: 'cannot-tell', why: refusal.why };
  if (refusal.state === 'not-reached') return { state: 'not-reached', why: refusal.why };
  if (refusal.state === 'refused') return { state: 'not-reached', why: `${refusal.post.host} refused the token; the failure is before CRM's own pages.` };
  const post = lastTokenPost(evidence);
  if (post === null) return { state: 'cannot-tell', why: 'The token itself was not seen.' };
  const sts = stsHost(evidence);
  return {
    state: 'reached',
    host: post.host,
    post: post.exchange,
    answers: evidence.exchanges.filter(({ seq, url, step }) => seq > post.exchange.seq && hostOf(url) !== sts && step !== 'sign-out'),
  };
}
