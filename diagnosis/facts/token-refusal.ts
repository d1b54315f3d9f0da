import type { RouteEvidence } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import { codesBehindTheToken } from './crm-user-error';
import { carrierOf, codeOn, errorTexts, tokenCheckCode, type CodeFound, type ErrorSources } from './error-codes';
import { lastTokenPost, type TokenPost } from './token-post';

/** CRM's verdict on the token (stage S7), the question all causes behind KB 2686840's symptoms share. */
export type TokenRefusal =
  | { readonly state: 'refused'; readonly post: TokenPost; readonly face: string; readonly code: ReturnType<typeof tokenCheckCode> }
  /** The token was taken: what failed came later. */
  | { readonly state: 'accepted'; readonly why: string }
  /** The sign-in ended before a token left the browser. */
  | { readonly state: 'not-reached'; readonly why: string }
  | {
      readonly state: 'cannot-tell';
      readonly why: string;
      /** The relying party's own answer, without a session and without a reason. */
      readonly noSession?: TokenPost;
    };

const faces = {
  'error-page': "with CRM's error page",
  'http-401': 'with HTTP 401',
  'http-500': 'with HTTP 500',
  'back-to-sts': 'by sending the browser back to the STS',
} as const;

/** Reads whether a token was posted, and whether CRM took it. A token-check code on CRM's page shows a refusal even where the POST's answer does not. */
export function tokenRefusal(evidence: ErrorSources & Pick<RouteEvidence, 'journey'>): TokenRefusal {
  const { journey } = evidence;
  if (journey.signedIn === 'yes') return { state: 'accepted', why: 'Sign-in works.' };
  const post = lastTokenPost(evidence);
  if (post === null) {
    if (journey.tokenPosts > 0) return { state: 'cannot-tell', why: 'A token was posted, but its exchange is not in the evidence.' };
    return journey.signedIn === 'no'
      ? { state: 'not-reached', why: `The sign-in ended at stage ${journey.failedAt ?? 'unknown'}, before a token left the browser.` }
      : { state: 'cannot-tell', why: 'No token was posted in this run.' };
  }
  if (post.answer.kind === 'accepted')
    return { state: 'accepted', why: `${post.host} took the token and set its session cookie (exchange ${post.exchange.seq}).` };
  if (post.answer.kind === 'accepted-cookie-blocked')
    return { state: 'accepted', why: `${post.host} took the token; the browser refused its session cookie (exchange ${post.exchange.seq}).` };
  const code = tokenCheckCode(errorTexts(evidence));
  const behind = code ? null : codeOn('relying-party', errorTexts({ ...evidence, serverEvents: [] }), ...codesBehindTheToken);
  if (behind)
    return { state: 'accepted', why: `${post.host} answered with ErrorCode ${behind.code}: CRM asked about the user, so the token had passed its check.` };
  if (post.answer.kind === 'refused') return { state: 'refused', post, face: faces[post.answer.face], code };
  if (code) return { state: 'refused', post, face: `with ${post.described}`, code };
  const why = `The answer to the token's POST (${post.described}) does not show CRM's verdict: ${post.answer.why}.`;
  return { state: 'cannot-tell', why, ...(post.answer.noSession && journey.signedIn === 'no' ? { noSession: post } : {}) };
}

/** "auth.contoso.com refused the token with HTTP 401." as a claim; `more` goes before the full stop. */
export function refusedClaim({ post, face }: Extract<TokenRefusal, { state: 'refused' }>, more = ''): Claim {
  const how = face.includes(post.described) ? face : `${face} (${post.described})`;
  return { text: `${post.host} refused the token ${how}${more}.`, refs: [`exchange:${post.exchange.seq}`] };
}

/** What CRM's answer (or its event log) says, word for word, with the code where the text has only the sentence. */
export const saidClaims = (code: CodeFound | null): readonly Claim[] =>
  code === null
    ? []
    : [{ text: `${carrierOf(code, "CRM's answer")} says "${code.said}"${code.said.startsWith(code.code) ? '' : ` (${code.code})`}.`, refs: [code.ref] }];
