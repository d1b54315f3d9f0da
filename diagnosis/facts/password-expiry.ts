import type { RouteEvidence } from '../../contracts/evidence';
import { formSignIn } from './form-sign-in';

/** The STS says that the password has expired or must be changed. */
export interface PasswordExpiry {
  /** `page` = its update-password page; `text` = its sign-in form again, with these words (the page is switched off). */
  readonly shownBy: 'page' | 'text';
  readonly said: string;
  readonly ref: string;
}

/** Reads whether the STS asked for another password (field guide §7.7); null when it did not, which proves nothing: the page is off by default. */
export function passwordExpiry(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages' | 'journey'>): PasswordExpiry | null {
  const page = evidence.pages.find(({ kind }) => kind === 'sts-update-password');
  if (page) return { shownBy: 'page', said: page.texts['expiredNotification'] ?? page.title, ref: `page:${page.n}` };
  const form = formSignIn(evidence);
  if (form.state !== 'refused' || form.errorText === null || !/password .{0,20}expired|(must|need to) (update|change) your password/i.test(form.errorText))
    return null;
  return { shownBy: 'text', said: form.errorText, ref: `page:${form.again.n}` };
}
