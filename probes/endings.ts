import type { PageKind } from '../contracts/evidence';
import type { Stage, Symptom } from '../contracts/words';
import type { Recognition } from './pages/page-context';

/** How a journey ended short of a sign-in. */
export interface Ending {
  readonly symptom: Symptom;
  readonly failedAt: Stage | null;
  readonly why: string;
}

/** How far the journey had come. */
export interface Progress {
  readonly credentialsGiven: boolean;
  /** The STS answered the credentials with a redirect: it took them. */
  readonly credentialsTaken: boolean;
  readonly tokenPosts: number;
  /** CRM set (and the browser kept or refused) a session cookie after the last token. */
  readonly sessionCookie: boolean;
  /** The document on screen is the direct answer to the token POST. */
  readonly answersTokenPost: boolean;
  readonly host: 'sts' | 'crm' | 'other';
  readonly withheld: string | null;
}

/** Where a failure on CRM's side belongs: refused token, lost session, or a page behind a good session. */
function crmStage({ tokenPosts, sessionCookie, answersTokenPost }: Progress): Stage {
  if (tokenPosts === 0) return 'crm-redirect';
  if (answersTokenPost || !sessionCookie) return 'token-post';
  return 'crm-page';
}

function stsStage({ credentialsGiven, credentialsTaken, tokenPosts }: Progress): Stage {
  if (tokenPosts > 0 || credentialsTaken) return 'token-issue';
  return credentialsGiven ? 'credentials' : 'sts-page';
}

/** Where the STS asking again belongs. */
function promptAgainStage(progress: Progress): Stage {
  if (progress.tokenPosts > 0) return progress.sessionCookie ? 'crm-session' : 'token-post';
  return progress.credentialsTaken ? 'token-issue' : 'credentials';
}

const quote = (text: string | undefined): string => (text ? `: "${text.slice(0, 200)}"` : '');

/** The endings of pages on which the journey stops. Pages it acts on end it only when they come at the wrong time. */
const endings: Readonly<Record<PageKind, (recognition: Recognition, progress: Progress, status: number | null) => Ending>> = {
  'sts-forms': ({ texts }, progress) => {
    const error = texts.errorText ?? texts.ctl00_ContentPlaceHolder1_ErrorTextLabel ?? texts.ContentPlaceHolder1_ErrorTextLabel;
    if (progress.withheld)
      return { symptom: 'other', failedAt: 'credentials', why: `The STS showed its sign-in form; the credentials were ${progress.withheld}.` };
    const after = progress.tokenPosts > 0 ? 'after CRM was given a token' : 'after the credentials were submitted';
    return { symptom: 'repeated-prompt', failedAt: promptAgainStage(progress), why: `The sign-in form came again ${after}${quote(error)}.` };
  },
  'sts-windows-challenge': ({ texts }, progress) => {
    if (progress.withheld)
      return {
        symptom: 'http-401',
        failedAt: 'credentials',
        why: `The STS asked for Windows credentials (${texts.challenges}); they were ${progress.withheld}.`,
      };
    if (!progress.credentialsGiven)
      return {
        symptom: 'http-401',
        failedAt: 'credentials',
        why: `The STS asked for Windows credentials (${texts.challenges}) and the browser had none to give.`,
      };
    return {
      symptom: 'repeated-prompt',
      failedAt: promptAgainStage(progress),
      why: `The STS asked for Windows credentials again (${texts.challenges}) after they were given.`,
    };
  },
  'sts-home-realm': () => ({ symptom: 'other', failedAt: 'sts-page', why: 'The STS asks which organisation the user belongs to (home realm discovery).' }),
  'sts-mfa': ({ texts }) => ({
    symptom: 'other',
    failedAt: 'token-issue',
    why: `The STS asks for additional authentication after the credentials${quote(texts.mfaGreetingDescription)}.`,
  }),
  'sts-update-password': ({ texts }) => ({
    symptom: 'other',
    failedAt: 'credentials',
    why: `The STS wants the password to be changed first${quote(texts.expiredNotification)}.`,
  }),
  'sts-error': ({ texts }, progress) => ({
    symptom: 'error-page',
    failedAt: stsStage(progress),
    why: `The STS shows its error page${quote(texts.errorMessage ?? texts.message)}${texts.activityId ? ` (Activity ID ${texts.activityId.replace(/^Activity ID:?\s*/i, '')})` : ''}.`,
  }),
  'sts-working': (_, progress) => ({
    symptom: 'no-answer',
    failedAt: 'token-post',
    why: `The STS issued a token, but the page did not post it${progress.tokenPosts > 0 ? ' again' : ''}.`,
  }),
  'crm-shell': () => ({ symptom: 'other', failedAt: 'crm-page', why: 'CRM shows its shell, but the proof of a sign-in is missing.' }),
  'crm-error': ({ texts }, progress) => ({ symptom: 'error-page', failedAt: crmStage(progress), why: `CRM shows its error page${quote(texts.message)}.` }),
  'crm-challenge': ({ texts }, progress) => ({
    symptom: 'http-401',
    failedAt: crmStage(progress),
    why: `CRM itself asks for Windows credentials (${texts.challenges}) instead of sending the browser to the STS.`,
  }),
  'http-error': ({ texts }, progress, status) => ({
    symptom: status === 401 ? 'http-401' : 'error-page',
    failedAt: progress.host === 'sts' ? stsStage(progress) : crmStage(progress),
    why: `${progress.host === 'sts' ? 'The STS' : 'CRM'} answered ${status ?? 'an error'}${quote(texts.message)}.`,
  }),
  'no-answer': (_, progress) => ({ symptom: 'no-answer', failedAt: progress.host === 'sts' ? stsStage(progress) : crmStage(progress), why: 'No answer.' }),
  unknown: ({ texts }, progress) => ({
    symptom: 'other',
    failedAt: progress.host === 'sts' ? stsStage(progress) : crmStage(progress),
    why: `Stuck at an unknown page: ${texts.description ?? ''}.`,
  }),
};

/** How the journey ends on this page. `status` is the document's HTTP status. */
export function endingAt(recognition: Recognition, progress: Progress, status: number | null): Ending {
  return endings[recognition.kind](recognition, progress, status);
}

/** Names resolution and TLS failures by the browser's or the proxy's code; everything else belongs to the hop that got no answer. */
export function endingOfNetworkFailure(failure: string, host: string, hop: Stage): Ending {
  if (/ERR_NAME_NOT_RESOLVED|ERR_NAME_RESOLUTION_FAILED|ENOTFOUND|ENODATA|EAI_AGAIN|ESERVFAIL|EREFUSED\b|ENONAME/.test(failure))
    return { symptom: 'no-answer', failedAt: 'dns', why: `The name ${host} does not resolve (${failure}).` };
  if (/ERR_CERT_|ERR_SSL_|ERR_BAD_SSL/.test(failure))
    return { symptom: 'no-answer', failedAt: 'tls', why: `No trusted TLS connection to ${host} (${failure}).` };
  if (/ERR_TOO_MANY_REDIRECTS/.test(failure)) return { symptom: 'redirect-loop', failedAt: hop, why: `${host} keeps redirecting the browser (${failure}).` };
  return { symptom: 'no-answer', failedAt: hop, why: `No answer from ${host} (${failure}).` };
}
