import type { Exchange, PageVisit, RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';
import { complaint } from './sts-words';
import { tokenPosts } from './token-post';

/** What became of the credentials typed into the STS's form. */
export type FormSignIn =
  | { readonly state: 'not-submitted' }
  | { readonly state: 'accepted'; readonly by: string }
  /** The form came back; `post` is the submission's exchange where it was recorded. */
  | { readonly state: 'refused'; readonly again: PageVisit; readonly post: Exchange | null; readonly errorText: string | null }
  /** The STS answered the submission itself with 401 or 403 and no session. */
  | { readonly state: 'denied'; readonly page: PageVisit; readonly post: Exchange; readonly status: 401 | 403 }
  /** The page itself refused the user name's format, nothing was sent (field guide §7.2). */
  | { readonly state: 'format-refused'; readonly again: PageVisit; readonly errorText: string }
  | { readonly state: 'unclear'; readonly why: string };

/** Follows the one submission a run makes. An SSO cookie of the STS, a token or a second-factor page shows that the password was right. */
export function formSignIn(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'journey'>): FormSignIn {
  const sts = stsHost(evidence);
  const typedAt = evidence.pages.findIndex(({ kind, action }) => kind === 'sts-forms' && /credentials|password/i.test(action));
  const after = typedAt < 0 ? [] : evidence.pages.slice(typedAt + 1);
  const posts = evidence.exchanges.filter(({ method, url, wsfed }) => method === 'POST' && hostOf(url) === sts && (wsfed?.wresultBytes ?? 0) === 0);
  const submission = posts.find(({ step }) => step === 'credentials');
  const post = submission ?? posts[0] ?? null;
  // A recording may begin with the submission: the form it is answered with came again.
  const answered = typedAt < 0 && submission ? evidence.pages.find(({ kind, exchange }) => kind === 'sts-forms' && exchange === submission.seq) : undefined;
  const again = after.find(({ kind }) => kind === 'sts-forms') ?? answered;
  const errorText = again ? complaint(again.texts) : null;
  if (again && errorText !== null && /format .{0,3}domain\\user|user@domain.{0,3}\.?$|^enter your password|password is too long/i.test(errorText))
    return { state: 'format-refused', again, errorText };

  // A form that comes again is a repeated prompt; one that is still there for another reason sent nothing, whatever the language of its complaint.
  const { symptom, failedAt } = evidence.journey;
  const notSent = symptom === 'other' && failedAt === 'credentials';

  if (again && errorText !== null && post === null && notSent) return { state: 'format-refused', again, errorText };
  if (post === null && typedAt < 0) return { state: 'not-submitted' };
  const sso = evidence.exchanges.find(
    ({ url, cookiesSet }) => hostOf(url) === sts && cookiesSet.some(({ name, removes }) => /^MSISAuth\d*$/i.test(name) && !removes),
  );
  if (tokenPosts(evidence).length > 0) return { state: 'accepted', by: 'the STS issued a token' };
  if (sso) return { state: 'accepted', by: 'the STS set its session cookie MSISAuth' };
  if (after.some(({ kind }) => kind === 'sts-mfa' || kind === 'sts-update-password') || after.some(({ action }) => action.startsWith('pressed')))
    return { state: 'accepted', by: 'the STS went on to a further page' };
  const denied = post && after.find(({ kind, exchange }) => kind === 'http-error' && exchange === post.seq);
  if (post && denied && (denied.status === 401 || denied.status === 403)) return { state: 'denied', page: denied, post, status: denied.status };
  if (again && post === null && symptom === 'other') return { state: 'unclear', why: 'the form stayed as it was, and nothing of it is seen to have left' };
  if (again) return { state: 'refused', again, post, errorText };
  return {
    state: 'unclear',
    why: after.length === 0 ? 'nothing was seen after the credentials were sent' : `after the credentials came a page of kind ${after[0]?.kind}`,
  };
}
