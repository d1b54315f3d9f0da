import type { RouteEvidence } from '../../contracts/evidence';
import { accountEvent } from './server-events';
import { stsSays } from './sts-words';

/** The STS says that the password has expired or must be changed. */
export interface PasswordExpiry {
  /**
   * `page` = its update-password page; `text` = its sign-in form again (the page is switched off) or a page of another kind, with these words;
   * `event` = its log.
   */
  readonly shownBy: 'page' | 'text' | 'event';
  readonly said: string;
  readonly ref: string;
}

/** Reads whether the STS asked for another password (field guide §7.7); null when it did not, which proves nothing: the page is off by default. */
export function passwordExpiry(
  evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'journey'> & Partial<Pick<RouteEvidence, 'serverEvents'>>,
): PasswordExpiry | null {
  const page = evidence.pages.find(({ kind }) => kind === 'sts-update-password');
  if (page) return { shownBy: 'page', said: page.texts['expiredNotification'] ?? page.title, ref: `page:${page.n}` };
  const words = stsSays(evidence, 'expired');
  if (words) return { shownBy: 'text', said: words.text, ref: words.ref };
  const event = accountEvent(evidence, 'expired');
  return event && { shownBy: 'event', said: event.text, ref: `server-event:${event.n}` };
}
