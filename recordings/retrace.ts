/** Retraces the journey of whoever recorded the HAR: the pages met, what was done there, and how it ended. */
import type { Exchange, PageVisit, RouteEvidence } from '../contracts/evidence';
import type { Method } from '../contracts/words';
import { mayBeSession } from '../federation/exchange-headers';
import { isCrmError } from '../pages/crm-error-address';
import type { Recognition } from '../pages/page-context';
import type { PageFacts } from '../pages/page-facts';
import type { Document } from './documents';
import { endingOf } from './ending';
import { type Flow, type FlowDocument, isWindowsAddress } from './flow';
import type { Har } from './har-entries';
import { recordsCookies } from './missing';
import { signInRequest } from './parties';
import { recognisePage } from './recognise-page';
import type { Redactor } from './redactor';
import { signInCodes } from '../pages/sign-in-codes';

export interface Recording {
  readonly flow: Flow;
  readonly har: Har;
  readonly factsOf: (document: Document) => PageFacts | null;
  readonly exchanges: readonly Exchange[];
  readonly zeroMs: number;
  readonly crmOrigin: string;
  readonly redactor: Redactor;
}

interface Met {
  readonly page: FlowDocument;
  readonly recognition: Recognition;
  readonly next: FlowDocument | null;
}

export function retrace(recording: Recording): { journey: RouteEvidence['journey']; pages: PageVisit[]; method: Method | null } {
  const { flow, redactor } = recording;
  const met = pagesMet(recording);
  const last = arrival(met) ?? lastResort(flow, met.at(-1) ?? null);
  const submissions = flow.documents.filter(({ submitsForm }) => submitsForm);
  const windows = flow.documents.filter(
    ({ role, document, step }) =>
      role === 'sts' && (step === 'credentials' || isWindowsAddress(document.url)) && !submissions.some((each) => each.document === document),
  );
  const windowsGiven = windows.filter(
    ({ document }) => document.sent('authorization').length > 0 || (isWindowsAddress(document.url) && (document.status ?? 500) < 400),
  );
  const refusals = windows.filter(({ document }) => document.status === 401 && document.received('www-authenticate').length > 0);
  const ending = last
    ? endingOf({
        recognition: last.recognition,
        last: last.page,
        credentialsGiven: submissions.length > 0 || windowsGiven.length > 0,
        credentialsTaken:
          flow.tokenPosts > 0 ||
          submissions.some(({ document }) => document.status === 302) ||
          windowsGiven.some(({ document }) => (document.status ?? 500) < 400),
        tokenPosts: flow.tokenPosts,
        rounds: flow.rounds,
        mostRoundsOfOneRealm: flow.mostRoundsOfOneRealm,
        sessionGranted: sessionGranted(recording),
        pageWorks: pageWorks(recording),
        windowsRefusals: refusals.length,
      })
    : { signedIn: 'unknown' as const, symptom: 'other' as const, failedAt: null, why: 'The recording has no document.' };
  const usesWindows = refusals.length > 0 || windowsGiven.length > 0;
  return {
    method:
      submissions.length > 0 || (!usesWindows && met.some(({ recognition }) => recognition.kind === 'sts-forms')) ? 'forms' : usesWindows ? 'windows' : null,
    pages: met.map((each, index) => visit(each, index + 1, recording)),
    journey: {
      signedIn: ending.signedIn,
      symptom: ending.symptom,
      failedAt: ending.failedAt,
      why: redactor.text(ending.why),
      rounds: flow.rounds,
      tokenPosts: flow.tokenPosts,
      credentialSubmissions: submissions.length + (windowsGiven.length > 0 ? 1 : 0),
      windowsPrompts: refusals.length > 1 ? refusals.length : null,
      withheld: null,
      parked: null,
      signedInAs: null,
    },
  };
}

/** Documents that came to be shown: no redirects, no sign-out, nothing the browser itself gave up for another page. */
function pagesMet({ flow, factsOf }: Recording): Met[] {
  const shown = flow.documents.filter(
    ({ document, step }) => document.location === null && step !== 'sign-out' && !/ERR_ABORTED|NS_BINDING_ABORTED/.test(document.failure ?? ''),
  );
  let passwordField: string | null = null;
  return shown.map((page) => {
    const next = flow.documents.find(({ seq, document }) => seq > page.seq && document.redirectedFrom === null) ?? null;
    const before = flow.documents.filter(({ seq }) => seq < page.seq);
    // The answer to the credentials' own POST comes after them.
    const credentialsGiven = page.submitsForm || before.some(({ submitsForm, document }) => submitsForm || document.sent('authorization').length > 0);
    const facts = factsOf(page.document);
    if (!credentialsGiven && page.role === 'sts' && facts?.signInPassword) passwordField = facts.signInPassword.name || facts.signInPassword.id || null;
    const recognition = recognisePage({
      page,
      facts,
      next,
      credentialsGiven,
      passwordField,
      tokenPosted: before.some(({ step }) => step === 'token-post'),
    });
    return { page, recognition, next };
  });
}

/** CRM's shell, when whatever came after it is CRM's too: where a browser does not tell frames from documents, the shell's frames look like pages. */
function arrival(met: readonly Met[]): Met | null {
  const at = met.findLastIndex(({ recognition }) => recognition.kind === 'crm-shell');
  const stays = met.slice(at + 1).every(({ page, recognition }) => page.role === 'crm' && ['unknown', 'http-error', 'no-answer'].includes(recognition.kind));
  return at >= 0 && stays ? (met[at] ?? null) : null;
}

/** The last page; but a recording that ends at a redirect behind it ends there. */
function lastResort({ documents }: Flow, lastMet: Met | null): Met | null {
  const page = documents.findLast(({ step }) => step !== 'sign-out');
  if (!page || (lastMet && (page.seq <= lastMet.page.seq || page.document.location === null))) return lastMet;
  return { page, next: null, recognition: { kind: 'unknown', recognisedBy: 'nothing', texts: {} } };
}

/** By name, where the value was blanked before the file was shared. */
const knownSession = /^(MSISAuth|FedAuth)\d*$/i;

/** CRM answered the last token with a session cookie; in a recording without cookies, by letting the browser go on within CRM. */
function sessionGranted({ flow, har, exchanges }: Recording): boolean {
  const post = flow.documents.findLast(({ step }) => step === 'token-post');
  const exchange = exchanges.find(({ seq }) => seq === post?.seq);
  if (!post || !exchange) return false;
  if (recordsCookies(har))
    return exchange.cookiesSet.some(({ name, bytes, removes }) => !removes && (mayBeSession({ name, bytes }) || knownSession.test(name)));
  const { location } = post.document;
  return location !== null && !isCrmError(new URL(location)) && signInRequest(location) === null;
}

/** CRM's page loaded data in the background after the last token: JSON or XML, not a sign-in page. Of CRM's shell, built by script, often the only proof. */
function pageWorks({ flow, har, crmOrigin }: Recording): boolean {
  const post = flow.documents.findLast(({ step }) => step === 'token-post');
  const origins = new Set([crmOrigin, ...flow.documents.filter(({ role }) => role === 'crm').map(({ document }) => new URL(document.url).origin)]);
  return har.entries.some(
    ({ url, status, contentType, startedMs }) =>
      startedMs > (post?.document.startedMs ?? Infinity) &&
      status === 200 &&
      origins.has(new URL(url).origin) &&
      /\/api\/data\/v|\/XRMServices\/|\/AppWebServices\//i.test(new URL(url).pathname) &&
      /json|xml/i.test(contentType ?? '') &&
      !/html/i.test(contentType ?? ''),
  );
}

function visit({ page, recognition, next }: Met, n: number, { factsOf, redactor, zeroMs }: Recording): PageVisit {
  const { document, seq } = page;
  const facts = factsOf(document);
  return {
    n,
    kind: recognition.kind,
    recognisedBy: recognition.recognisedBy,
    url: redactor.url(document.url),
    title: redactor.text(facts?.title ?? ''),
    status: document.status,
    exchange: seq,
    texts: Object.fromEntries(
      Object.entries({ ...facts?.texts, ...recognition.texts, ...unrecorded(recognition, document) }).map(([name, text]) => [name, redactor.text(text)]),
    ),
    codes: signInCodes(redactor.text(`${facts?.text ?? ''} ${decoded(document.url)}`)),
    fields: (facts?.fields ?? []).map(({ name, id, type }) => ({ name: redactor.text(name), id: redactor.text(id), type })),
    formAction: facts?.formAction && URL.canParse(facts.formAction, document.url) ? redactor.url(new URL(facts.formAction, document.url).href) : null,
    action: actionOn(recognition, next),
    screenshot: null,
    atMs: Math.round(document.startedMs + (document.durationMs ?? 0) - zeroMs),
  };
}

/** Browsers answer Windows challenges below what they record: no header does not mean that none was sent. */
const unrecorded = ({ kind }: Recognition, { sent }: Document): Record<string, string> =>
  kind === 'sts-windows-challenge' && sent('authorization').length === 0 ? { authorization: 'not recorded' } : {};

function actionOn({ kind }: Recognition, next: FlowDocument | null): string {
  if (next?.submitsForm && kind === 'sts-forms') return 'the user typed the credentials';
  if (next?.step === 'token-post' && kind === 'sts-working') return 'the page posted the token';
  return next === null ? 'the recording ends here' : 'none';
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replace(/\+/g, ' '));
  } catch {
    return text;
  }
}
