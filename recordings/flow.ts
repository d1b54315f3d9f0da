/** Follows a recorded sign-in document by document: which part of the flow each belongs to, rounds, tokens, credentials. */
import type { Exchange } from '../contracts/evidence';
import type { Document } from './documents';
import { carriesToken, type RecordedSignIn, signInRequest } from './parties';

type Step = Exchange['step'];

export interface FlowDocument {
  readonly document: Document;
  readonly seq: number;
  readonly step: Step;
  readonly role: 'sts' | 'crm';
  /** The credentials went out with it, in a form. */
  readonly submitsForm: boolean;
}

export interface Flow {
  readonly documents: readonly FlowDocument[];
  /** CRM → STS redirects. */
  readonly rounds: number;
  /** The most of them for one realm: a second and third round for the same realm is a loop. */
  readonly mostRoundsOfOneRealm: number;
  readonly tokenPosts: number;
}

const stepsAtSts: readonly (Step | null)[] = ['sts-page', 'credentials', 'token-issue'];
const originOf = (address: string): string => new URL(address).origin;

/** The same words for the same requests as a live run (probes/captures/traffic.ts). */
export function followFlow({ documents, stsOrigin, crmUrl }: RecordedSignIn): Flow {
  const oneOrigin = originOf(crmUrl) === stsOrigin;
  const steps = new Map<Document, Step>();
  const rounds = new Map<string, number>();
  let [stepBefore, tokenSeen, given, tokenPosts]: [Step | null, boolean, boolean, number] = [null, false, false, 0];

  const flow = documents.map((document, index): FlowDocument => {
    const { url, method, body } = document;
    const posts = method === 'POST';
    const atSts = originOf(url) === stsOrigin;
    const asks = atSts && signInRequest(url) !== null;
    const there = stepsAtSts.includes(stepBefore);
    const isToken =
      posts &&
      (oneOrigin || !atSts) &&
      (carriesToken(body) || (body === null && !atSts && (sentBy(document, stsOrigin) || (there && senderUnknown(document)))));
    if (asks && !there) {
      const realm = signInRequest(url)?.wtrealm ?? '';
      rounds.set(realm, (rounds.get(realm) ?? 0) + 1);
    }
    const step = ((): Step => {
      if (isToken) return 'token-post';
      if (/[?&]wa=wsignout/i.test(url)) return 'sign-out';
      if (atSts && (!oneOrigin || asks || there)) {
        if (tokenSeen) return 'token-issue';
        if ((posts && (there || !asks || submitsPassword(body ?? ''))) || isWindowsAddress(url)) return 'credentials';
        return given ? 'token-issue' : 'sts-page';
      }
      if (!tokenSeen) return 'crm-redirect';
      return document.redirectedFrom && steps.get(document.redirectedFrom) === 'token-post' ? 'crm-session' : 'crm-page';
    })();
    if (isToken) [tokenSeen, tokenPosts] = [true, tokenPosts + 1];
    const role = atSts && (!oneOrigin || stepsAtSts.includes(step)) ? 'sts' : 'crm';
    const submitsForm = role === 'sts' && posts && !carriesToken(body) && (body === null || submitsPassword(body));
    if (submitsForm || windowsAnswered(document, role)) given = true;
    steps.set(document, step);
    stepBefore = step;
    return { document, seq: index + 1, step, role, submitsForm };
  });
  // A recording that stops at CRM's redirect to the STS still shows that CRM asked once more; one that begins with a token, that it had asked before.
  const pending = signInRequest(documents.at(-1)?.location ?? null)?.wtrealm;
  const unseen = flow[0]?.step === 'token-post' ? 2 : 1;
  if (pending !== undefined && flow.at(-1)?.role === 'crm') rounds.set(pending, (rounds.get(pending) ?? 0) + unseen);
  const counts = [...rounds.values()];
  return { documents: flow, rounds: counts.reduce((sum, each) => sum + each, 0), mostRoundsOfOneRealm: Math.max(0, ...counts), tokenPosts };
}

/** Where AD FS takes Windows credentials (field guide §8). */
export const isWindowsAddress = (url: string): boolean => /\/wia\b|\/integrated\b/i.test(new URL(url).pathname);

/** A field that holds a password by its name, whatever the product calls it. */
export const passwordField = /pass|pwd|kennwort|contrase|mot_?de_?passe|senha|wachtwoord/i;
const submitsPassword = (body: string): boolean => body.split('&').some((pair) => passwordField.test(pair.split('=')[0] ?? ''));

/** The STS let the browser through where Windows credentials are asked for, or the recording shows the header. */
const windowsAnswered = ({ url, status, sent }: Document, role: 'sts' | 'crm'): boolean =>
  role === 'sts' && (sent('authorization').length > 0 || (isWindowsAddress(url) && status !== null && status < 400));

/** Neither Origin nor Referer was recorded: behind a page of the STS's the POST is taken for its. */
const senderUnknown = ({ sent }: Document): boolean => sent('origin').length + sent('referer').length === 0;

/** The browser says whose page posted. */
const sentBy = ({ sent }: Document, origin: string): boolean =>
  [...sent('origin'), ...sent('referer')].some((sender) => URL.canParse(sender) && originOf(sender) === origin);
