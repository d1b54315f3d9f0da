/** How a recorded sign-in ended, in the words and at the stages of a live run (probes/journey/endings.ts). */
import type { PageKind } from '../contracts/evidence';
import type { Stage, Symptom } from '../contracts/words';
import type { FlowDocument } from './flow';
import type { Recognition } from '../pages/page-context';

export interface Ending {
  readonly signedIn: 'yes' | 'no' | 'unknown';
  readonly symptom: Symptom;
  readonly failedAt: Stage | null;
  readonly why: string;
}

export interface Outcome {
  readonly recognition: Recognition;
  readonly last: FlowDocument;
  readonly credentialsGiven: boolean;
  /** The STS answered the credentials with a redirect or a token. */
  readonly credentialsTaken: boolean;
  readonly tokenPosts: number;
  readonly rounds: number;
  /** The most CRM → STS redirects for one realm. */
  readonly mostRoundsOfOneRealm: number;
  /** CRM's answer to the last token set a session, or (in a recording without cookies) let the browser go on in CRM. */
  readonly sessionGranted: boolean;
  /** A background request of CRM's page was answered with data, or with a sign-in. */
  readonly pageWorks: boolean;
  readonly windowsRefusals: number;
}

/** A live run stops a loop before the third round of one realm leaves; a recording has that round. */
const loopFrom = 3;

const quote = (text: string | undefined): string => (text ? `: "${text.slice(0, 200)}"` : '');
const no = (symptom: Symptom, failedAt: Stage, why: string): Ending => ({ signedIn: 'no', symptom, failedAt, why });
const unknown = (why: string): Ending => ({ signedIn: 'unknown', symptom: 'other', failedAt: null, why });

/** Judges by the last page; a loop by its rounds. */
export function endingOf(outcome: Outcome): Ending {
  const { recognition, last, tokenPosts, sessionGranted, rounds, mostRoundsOfOneRealm } = outcome;
  if (recognition.kind === 'crm-shell' || (outcome.pageWorks && last.role === 'crm' && (last.document.status ?? 500) < 400))
    return { signedIn: 'yes', symptom: 'none', failedAt: null, why: recognition.kind === 'crm-shell' ? 'CRM shows its shell.' : "CRM's page loads its data." };
  if (mostRoundsOfOneRealm >= loopFrom)
    return no(
      'redirect-loop',
      tokenPosts === 0 ? 'crm-redirect' : sessionGranted ? 'crm-session' : 'token-post',
      `CRM sent the browser to the STS ${rounds} times although ${tokenPosts} token(s) had been posted; the recording ends at ${where(recognition)}.`,
    );
  return endings[recognition.kind](outcome);
}

const where = ({ kind, texts }: Recognition): string => `a page of kind ${kind}${quote(texts['errorMessage'] ?? texts['message'])}`;

function crmStage({ tokenPosts, last, sessionGranted }: Outcome): Stage {
  if (tokenPosts === 0) return 'crm-redirect';
  return last.step === 'token-post' || !sessionGranted ? 'token-post' : 'crm-page';
}
function stsStage({ tokenPosts, credentialsTaken, credentialsGiven }: Outcome): Stage {
  if (tokenPosts > 0 || credentialsTaken) return 'token-issue';
  return credentialsGiven ? 'credentials' : 'sts-page';
}
function promptAgainStage({ tokenPosts, sessionGranted, credentialsTaken }: Outcome): Stage {
  if (tokenPosts > 0) return sessionGranted ? 'crm-session' : 'token-post';
  return credentialsTaken ? 'token-issue' : 'credentials';
}
const stageHere = (outcome: Outcome): Stage => (outcome.last.role === 'sts' ? stsStage(outcome) : crmStage(outcome));

const endings: Readonly<Record<PageKind, (outcome: Outcome) => Ending>> = {
  'sts-forms': (outcome) => {
    const { texts } = outcome.recognition;
    const error = texts['errorText'] ?? texts['ctl00_ContentPlaceHolder1_ErrorTextLabel'] ?? texts['ContentPlaceHolder1_ErrorTextLabel'];
    if (!outcome.credentialsGiven && outcome.tokenPosts === 0) return unknown('The recording ends at the sign-in form, before credentials were submitted.');
    const after = outcome.tokenPosts > 0 ? 'after CRM was given a token' : 'after the credentials were submitted';
    return no('repeated-prompt', promptAgainStage(outcome), `The sign-in form came again ${after}${quote(error)}.`);
  },
  'sts-windows-challenge': (outcome) => {
    const asked = outcome.recognition.texts['challenges'];
    if (outcome.tokenPosts > 0 || outcome.windowsRefusals > 1)
      return no('repeated-prompt', promptAgainStage(outcome), `The STS asked for Windows credentials again (${asked}).`);
    return no(
      'http-401',
      'credentials',
      `The STS's last answer was 401 (${asked}); the recording does not show whether the browser had sent Windows credentials.`,
    );
  },
  'sts-home-realm': () => no('other', 'sts-page', 'The STS asks which organisation the user belongs to (home realm discovery).'),
  'sts-mfa': ({ recognition }) =>
    no('other', 'token-issue', `The STS asks for additional authentication after the credentials${quote(recognition.texts['mfaGreetingDescription'])}.`),
  'sts-update-password': ({ recognition }) =>
    no('other', 'credentials', `The STS wants the password to be changed first${quote(recognition.texts['expiredNotification'])}.`),
  'sts-error': (outcome) => {
    const { texts } = outcome.recognition;
    const activity = texts['activityId'] ? ` (Activity ID ${texts['activityId'].replace(/^Activity ID:?\s*/i, '')})` : '';
    return no('error-page', stsStage(outcome), `The STS shows its error page${quote(texts['errorMessage'] ?? texts['message'])}${activity}.`);
  },
  'sts-working': () => no('no-answer', 'token-post', 'The STS issued a token, but the recording shows no POST of it.'),
  'crm-shell': () => unknown('CRM shows its shell.'),
  'crm-error': (outcome) => no('error-page', crmStage(outcome), `CRM shows its error page${quote(outcome.recognition.texts['message'])}.`),
  'crm-challenge': (outcome) =>
    no(
      'http-401',
      crmStage(outcome),
      `CRM itself asks for Windows credentials (${outcome.recognition.texts['challenges']}) instead of sending the browser to the STS.`,
    ),
  'http-error': (outcome) => {
    const { status } = outcome.last.document;
    const who = outcome.last.role === 'sts' ? 'The STS' : 'CRM';
    return no(status === 401 ? 'http-401' : 'error-page', stageHere(outcome), `${who} answered ${status}${quote(outcome.recognition.texts['message'])}.`);
  },
  'no-answer': ({ last, recognition }) => {
    const { host } = new URL(last.document.url);
    const failure = recognition.texts['failure'] ?? 'no answer';
    const hop: Stage = last.step === 'other' || last.step === 'sign-out' ? 'crm-redirect' : last.step;
    if (/ERR_NAME_|NXDOMAIN|DNS/i.test(failure)) return no('no-answer', 'dns', `The name ${host} does not resolve (${failure}).`);
    if (/ERR_CERT_|ERR_SSL_|ERR_BAD_SSL|SEC_ERROR|SSL_ERROR/.test(failure)) return no('no-answer', 'tls', `No trusted TLS connection to ${host} (${failure}).`);
    if (/ERR_TOO_MANY_REDIRECTS/.test(failure)) return no('redirect-loop', hop, `${host} keeps redirecting the browser (${failure}).`);
    return no('no-answer', hop, `No answer from ${host} (${failure}).`);
  },
  unknown: (outcome) => {
    const { last, recognition } = outcome;
    if (last.document.location !== null) return unknown(`The recording ends at a redirect to ${new URL(last.document.location).host}.`);
    return unknown(
      `The recording ends at a page of ${new URL(last.document.url).host} that does not show whether the sign-in worked${quote(recognition.texts['message'])}.`,
    );
  },
};
