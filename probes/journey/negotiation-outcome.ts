import type { RouteEvidence } from '../../contracts/evidence';
import type { Method } from '../../contracts/words';
import type { Negotiation } from '../captures/negotiations';

/** The parts of a sign-in that a ticket sent (or not sent) explains. */
export interface SignInStory extends Pick<RouteEvidence, 'journey' | 'pages' | 'exchanges'> {
  readonly method: Method | null;
}

/**
 * Adds to a sign-in as the logged-on account what only the browser's own log knows: whether a ticket was sent, whose and for which service, or why there
 * was none. The page alone cannot tell a refused ticket from a missing one: both end in the same 401 (field guide §8). `redact` cleans the library's words.
 */
export function withNegotiations(story: SignInStory, negotiations: readonly Negotiation[], stsOrigin: string, redact: (text: string) => string): SignInStory {
  const last = negotiations.findLast(({ url }) => new URL(url).origin === stsOrigin);
  if (!last) return story;
  const { sent, account, service } = last;
  const failure = last.failure === null ? null : redact(last.failure);
  const seq = story.exchanges.findLast(({ url }) => url.split(/[?#]/)[0] === last.url)?.seq ?? null;
  const texts = Object.fromEntries(
    Object.entries({ ticketOf: account, ticketFor: service, ticketFailure: failure }).filter((entry): entry is [string, string] => entry[1] !== null),
  );
  return {
    method: 'windows',
    journey: told(story.journey, { ...last, failure }),
    exchanges: story.exchanges.map((exchange) => (exchange.seq === seq ? { ...exchange, authorization: sent ?? exchange.authorization } : exchange)),
    pages: story.pages.map((page) => (page.kind === 'sts-windows-challenge' ? { ...page, texts: { ...page.texts, ...texts } } : page)),
  };
}

function told(journey: SignInStory['journey'], { sent, account, service, failure }: Negotiation): SignInStory['journey'] {
  const ticket = `${sent === 'Negotiate-NTLM' ? 'the NTLM answer' : 'the ticket'}${account ? ` of ${account}` : ''}${service ? ` for ${service}` : ''}`;
  if (journey.signedIn === 'yes') return sent === null ? journey : { ...journey, why: `${journey.why} The STS took ${ticket} (${sent}).` };
  if (journey.symptom !== 'http-401' || (journey.failedAt !== 'credentials' && journey.failedAt !== 'sts-page')) return journey;
  if (sent !== null)
    return {
      ...journey,
      symptom: 'repeated-prompt',
      failedAt: 'credentials',
      why: `The STS refused ${ticket} (${sent}): it asked for Windows credentials again.`,
    };
  if (failure === null) return journey;
  const why = `The STS asked for Windows credentials, and the current account got no ticket${service ? ` for ${service}` : ''}: ${failure.replace(/\.$/, '')}.`;
  return { ...journey, failedAt: 'credentials', why };
}
