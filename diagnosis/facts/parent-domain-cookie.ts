import type { Exchange, PageVisit, RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';

type Cookie = Exchange['cookiesSet'][number];

/** CRM's MSISAuth for a domain that AD FS shares, and what came of it at AD FS (field guide §4.1). */
export interface ParentDomainCookie {
  readonly cookie: Cookie;
  readonly setBy: Exchange;
  /** The later request to the STS that carried it. */
  readonly reentry: Exchange;
  /** AD FS's own cookie of that name went along, so that it could have recognised the browser. */
  readonly ownCookieSent: boolean;
  /** CRM had asked for fresh credentials (wfresh=0): a form is right then. */
  readonly fresh: boolean;
  /** The prompt that came instead of a token; null when AD FS recognised the browser. */
  readonly formAgain: PageVisit | null;
}

/** Finds CRM's session cookie on its way into AD FS; null when no such cookie was set, or the browser never came back to AD FS with it. */
export function parentDomainCookie(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages'>): ParentDomainCookie | null {
  const sts = stsHost(evidence);
  if (sts === null) return null;
  for (const setBy of evidence.exchanges.filter(({ url }) => hostOf(url) !== sts)) {
    const cookie = setBy.cookiesSet.find(
      ({ name, domain, removes, blocked }) => name === 'MSISAuth' && !removes && blocked.length === 0 && reaches(domain, sts),
    );
    const later = evidence.exchanges.filter(({ seq, url }) => seq > setBy.seq && hostOf(url) === sts);
    const reentry = cookie && later.find(({ cookiesSent, wsfed }) => wsfed?.wa === 'wsignin1.0' && cookiesSent.some(({ name }) => name === 'MSISAuth'));
    if (!cookie || !reentry) continue;
    const sent = reentry.cookiesSent.filter(({ name }) => name === 'MSISAuth');
    const seqs = later.filter(({ seq }) => seq >= reentry.seq).map(({ seq }) => seq);
    const formAgain =
      evidence.pages.find(({ kind, exchange }) => (kind === 'sts-forms' || kind === 'sts-windows-challenge') && exchange !== null && seqs.includes(exchange)) ??
      null;
    return { cookie, setBy, reentry, ownCookieSent: sent.length > 1, fresh: reentry.wsfed?.wfresh === '0', formAgain };
  }
  return null;
}

/** True when a cookie of this Domain attribute is sent to the host as well. */
export const reaches = (domain: string | null, host: string): boolean => {
  const parent = domain?.replace(/^\./, '').toLowerCase();
  return parent !== undefined && (host === parent || host.endsWith(`.${parent}`));
};
