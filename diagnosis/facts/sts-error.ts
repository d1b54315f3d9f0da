import type { Exchange, PageVisit, RouteEvidence } from '../../contracts/evidence';
import type { Claim } from '../../contracts/report';
import { exchangeRef, hostOf, stsHost } from './addresses';
import { codeOn, errorTexts, inServerLog, type CodeFound, type ErrorSources } from './error-codes';
import { formSignIn } from './form-sign-in';
import { tokenPosts } from './token-post';
import { excerpt } from './wording';

/** The STS's error page that ended a sign-in before any token, with all that can be read of it whatever its language. */
export interface StsError {
  readonly page: PageVisit;
  /** What was asked and what came, as a claim. */
  readonly shown: Claim;
  /** Credentials had been given and taken: the failure is at stage S5, else at S3. */
  readonly afterCredentials: boolean;
  /**
   * The line "Relying party" under the error details: named = AD FS had found the trust before it failed; blank = it had not (inferred, field
   * guide §7.6); unknown = the page has no such line (AD FS 2.x, other products, customised pages).
   */
  readonly relyingParty: { readonly state: 'named'; readonly name: string } | { readonly state: 'blank' | 'unknown' };
  /** The last request to the STS before the page; null when it was not recorded. */
  readonly request: Exchange | null;
  /** wa=wsignin1.0 with wtrealm reached the STS in that request. */
  readonly complete: boolean;
  /** An MSIS code on the page, or in an event log that was given; newer versions show none on the page. */
  readonly code: CodeFound | null;
}

const msisCodes = ['MSIS7007', 'MSIS3020', 'MSIS7065', 'MSIS7102', 'MSIS7042', 'MSIS7001', 'MSIS5007', 'MSIS7012', 'MSIS3127'];

type Parts = ErrorSources & Pick<RouteEvidence, 'journey'>;

/** Reads the STS's error page; null when there was none, or a token had been issued before it (a loop, judged elsewhere). */
export function stsError(evidence: Parts): StsError | null {
  if (tokenPosts(evidence).length > 0) return null;
  const host = stsHost(evidence);
  const page = evidence.pages.find(
    ({ kind, url, status }) => hostOf(url) === host && (kind === 'sts-error' || (kind === 'http-error' && status !== null && status < 500)),
  );
  if (!page) return null;
  const form = formSignIn(evidence);
  if (form.state === 'denied' && form.status === 401) return null; // the STS speaks of the credentials, not of the request
  const atSts = evidence.exchanges.filter(({ url, step }) => hostOf(url) === host && step !== 'sign-out');
  const request = atSts.find(({ seq }) => seq === page.exchange) ?? atSts.at(-1) ?? null;
  const code = codeOn('sts', errorTexts(evidence), ...msisCodes);
  const asked = atSts.findLast(({ wsfed }) => wsfed?.wtrealm !== undefined)?.wsfed?.wtrealm;
  return {
    page,
    shown: {
      text:
        `${host} answered ${asked ? `the request for ${asked}` : 'the request'} with an error page: ` +
        `"` +
        `${excerpt(
          (code && !inServerLog(code.ref) ? code.said : null) ?? page.texts['errorMessage'] ?? page.texts['errorText'] ?? page.texts['message'] ?? page.title,
        )}".`,
      refs: [`page:${page.n}`, ...exchangeRef(evidence.exchanges.find(({ seq }) => seq === page.exchange))],
    },
    afterCredentials: credentialsTaken(evidence, atSts),
    relyingParty: relyingPartyOf(page),
    request,
    complete: request?.wsfed?.wa?.toLowerCase() === 'wsignin1.0' && (request.wsfed.wtrealm ?? '') !== '',
    code,
  };
}

/** A submission, an answered Windows challenge, or the STS's session cookie came before the page. */
const credentialsTaken = ({ journey }: Parts, atSts: readonly Exchange[]): boolean =>
  journey.credentialSubmissions > 0 ||
  atSts.some(
    ({ authorization, cookiesSet, cookiesSent }) =>
      authorization !== null ||
      cookiesSet.some(({ name, removes }) => /^MSISAuth\d*$/i.test(name) && !removes) ||
      cookiesSent.some(({ name }) => /^MSISAuth(enticated)?$/i.test(name)),
  );

function relyingPartyOf({ texts }: PageVisit): StsError['relyingParty'] {
  const line = texts['relyingParty'];
  if (line === undefined) return { state: 'unknown' };
  // Label and value by id; the label may be in any language. Read from running text, a blank value shows the next label instead.
  const name = line.replace(/^[^:]*:\s*/, '').trim();
  const nextLabel = /^(Error time|Cookie|Node name|User agent)/i.test(line);
  return name === '' || nextLabel ? { state: 'blank' } : { state: 'named', name };
}
