/** Says what a recorded document was: from its HTML as a live page is recognised, or, where the recording has none, from what the browser did next. */
import { challengeSchemes } from '../federation/exchange-headers';
import type { Recognition } from '../pages/page-context';
import { emptyFacts, type PageFacts } from '../pages/page-facts';
import { recognise } from '../pages/recognise';
import type { FlowDocument } from './flow';

export interface PageCircumstances {
  readonly page: FlowDocument;
  /** null = the recording has no content of it. */
  readonly facts: PageFacts | null;
  /** The document after it, when its request was not a redirect's. */
  readonly next: FlowDocument | null;
  readonly credentialsGiven: boolean;
  readonly tokenPosted: boolean;
  /** Name or id of the STS's field the password was first asked for in; null before any was. */
  readonly passwordField: string | null;
}

/** A page that goes on by itself does so sooner. */
const restsAfterMs = 1_500;

/** The recognition of a recorded page; kind `no-answer` where none came, `unknown` where nothing tells. */
export function recognisePage(seen: PageCircumstances): Recognition {
  const { page, facts, next } = seen;
  const { document, role } = page;
  const { status } = document;
  if (status === null) return { kind: 'no-answer', recognisedBy: 'network', texts: { failure: document.failure ?? 'no answer recorded' } };
  const known = recognise({
    facts: facts ?? emptyFacts(document.url),
    status,
    challenges: challengeSchemes(document.received('www-authenticate')),
    host: role,
    credentialsGiven: seen.credentialsGiven,
    tokenPosted: seen.tokenPosted,
    passwordField: seen.passwordField,
    selectorConfigured: false,
    settled: next === null || next.document.startedMs - document.startedMs - (document.durationMs ?? 0) > restsAfterMs,
  });
  return known ?? byNextRequest(seen) ?? { kind: 'unknown', recognisedBy: facts ? 'nothing' : 'no content recorded', texts: messageOf(facts) };
}

/** Browsers drop the content of pages they have left: a page that was followed by a token's POST had a token, one followed by credentials had a form. */
function byNextRequest({ page, next, facts }: PageCircumstances): Recognition | null {
  if (page.role !== 'sts' || facts !== null || next === null) return null;
  if (next.step === 'token-post') return { kind: 'sts-working', recognisedBy: 'the POST that followed', texts: {} };
  return next.submitsForm ? { kind: 'sts-forms', recognisedBy: 'the POST that followed', texts: {} } : null;
}

/** Libraries put their message into the title. */
const messageOf = (facts: PageFacts | null): Record<string, string> =>
  facts ? { message: (facts.title && !facts.text.startsWith(facts.title) ? `${facts.title}: ${facts.text}` : facts.text).slice(0, 500) } : {};
