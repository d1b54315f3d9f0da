import type { PageKind } from '../../contracts/evidence';
import type { Stage, Symptom } from '../../contracts/words';
import type { Recognition } from '../../pages/page-context';

/** How a journey ended short of a sign-in. */
export interface Ending {
  readonly symptom: Symptom;
  readonly failedAt: Stage | null;
  readonly why: string;
}

/** How far the journey had come. */
export interface Progress {
  readonly credentialsGiven: boolean;
  /** The STS answered the credentials with a redirect and a session: it took them. */
  readonly credentialsTaken: boolean;
  readonly tokenPosts: number;
  /** CRM set (and the browser kept or refused) a session cookie after the last token. */
  readonly sessionCookie: boolean;
  /** The document on screen is the direct answer to the token POST. */
  readonly answersTokenPost: boolean;
  readonly host: 'sts' | 'crm' | 'other';
  /** Host (and port) of the page on screen. */
  readonly place: string;
  readonly withheld: string | null;
  /** The account is the logged-on one (`windows: current`): no form can be answered for it. */
  readonly noPassword: boolean;
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

/** Where the page on screen belongs. */
function stageOf(progress: Progress): Stage {
  return progress.host === 'sts' ? stsStage(progress) : crmStage(progress);
}

/** Where the STS asking again belongs. */
function promptAgainStage(progress: Progress): Stage {
  if (progress.tokenPosts > 0) return progress.sessionCookie ? 'crm-session' : 'token-post';
  return progress.credentialsTaken ? 'token-issue' : 'credentials';
}

const quote = (text: string | undefined): string => (text ? `: "${text.slice(0, 200)}"` : '');

/** What a form says was wrong: in an element made for it, in a dialog, or the words it did not have before. */
export const complaintOf = ({ texts }: Recognition): string | undefined =>
  texts.errorText ?? texts.ctl00_ContentPlaceHolder1_ErrorTextLabel ?? texts.ContentPlaceHolder1_ErrorTextLabel ?? texts.dialogText ?? texts.newText;

/** The endings of pages on which the journey stops. Pages it acts on end it only when they come at the wrong time. */
const endings: Readonly<Record<PageKind, (recognition: Recognition, progress: Progress, status: number | null) => Ending>> = {
  'sts-forms': (recognition, progress) => {
    const { place, tokenPosts, withheld, noPassword } = progress;
    // The probe cannot tell: a person with a password could go on here.
    if (noPassword && withheld) return { symptom: 'other', failedAt: null, why: `${place} showed a sign-in form; the credentials were ${withheld}.` };
    if (withheld) return { symptom: 'other', failedAt: 'credentials', why: `${place} showed a sign-in form; the credentials were ${withheld}.` };
    const after = tokenPosts > 0 ? 'after a token had been posted' : 'after the credentials were submitted';
    return {
      symptom: 'repeated-prompt',
      failedAt: promptAgainStage(progress),
      why: `The sign-in form came again at ${place} ${after}${quote(complaintOf(recognition))}.`,
    };
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
    why: texts.errorMessage
      ? `The STS asks for additional authentication, and says that it cannot be used by this account${quote(texts.errorMessage)}.`
      : `The STS asks for additional authentication after the credentials${quote(texts.mfaGreetingDescription)}.`,
  }),
  'sts-update-password': ({ texts }) => ({
    symptom: 'other',
    failedAt: 'credentials',
    why: `The STS wants the password to be changed first${quote(texts.expiredNotification)}.`,
  }),
  'sts-error': ({ texts }, progress) => ({
    symptom: 'error-page',
    failedAt: stsStage(progress),
    why:
      `The STS shows its error page${quote(texts.errorMessage ?? texts.message)}` +
      `${texts.activityId ? ` (Activity ID ${texts.activityId.replace(/^Activity ID:?\s*/i, '')})` : ''}.`,
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
    why: `${progress.place} itself asks for Windows credentials (${texts.challenges}) instead of sending the browser to the configured STS.`,
  }),
  'http-error': ({ texts }, progress, status) => ({
    symptom: status === 401 ? 'http-401' : 'error-page',
    failedAt: stageOf(progress),
    why: `${whose(progress)} answered ${status ?? 'an error'}${progress.answersTokenPost ? ' to the token' : ''}${quote(texts.message)}.`,
  }),
  'no-answer': (_, progress) => ({ symptom: 'no-answer', failedAt: stageOf(progress), why: `No answer from ${progress.place}.` }),
  unknown: ({ texts }, progress) => {
    // Whatever the page says: instead of a session and its own page, the relying party answered the token with something else.
    const refused = progress.host === 'crm' && progress.tokenPosts > 0 && !progress.sessionCookie;
    const description = texts.description ?? '';
    // What a frame shows is not read: it may well be the sign-in, and a person could go on.
    if (texts.frames && progress.host === 'sts' && !progress.credentialsGiven)
      return { symptom: 'other', failedAt: null, why: `The probe does not read what stands in frames. Stuck at an unknown page: ${description}.` };
    if (refused)
      return {
        symptom: 'error-page',
        failedAt: 'token-post',
        why: `${progress.place} answered the token without a session, with a page that is not known: ${description}.`,
      };
    const stuck = `Stuck at an unknown page: ${description}.`;
    const asks = texts.buttons && progress.host === 'sts' && progress.credentialsGiven && progress.tokenPosts === 0;
    return { symptom: 'other', failedAt: stageOf(progress), why: asks ? `${stuck} ${betweenPasswordAndToken(texts.buttons)}` : stuck };
  },
};

/** What to do about a page whose buttons are not the probe's to press. */
function betweenPasswordAndToken(buttons: string | undefined): string {
  return (
    `The STS shows it between the password and the token, and it waits for a person: the probe agrees to nothing, chooses nothing and changes nothing ` +
    `for an account (buttons: ${buttons}). Sign in once by hand as this account and answer the page, or have it switched off for this account.`
  );
}

function whose({ host, place }: Progress): string {
  return host === 'sts' ? `The STS (${place})` : place;
}

/** How the journey ends on this page. `status` is the document's HTTP status. */
export function endingAt(recognition: Recognition, progress: Progress, status: number | null): Ending {
  return endings[recognition.kind](recognition, progress, status);
}

/** An answer without a page: 204, a download, or a navigation the page itself called off. */
export function endingWithoutPage(host: string, status: number | null, contentType: string | null, hop: Stage): Ending {
  const what =
    status === null ? 'the request was called off before an answer came' : `it answered ${status}${contentType ? ` (${contentType})` : ''} and no page`;
  return { symptom: 'no-answer', failedAt: hop, why: `No page came from ${host}: ${what}.` };
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
