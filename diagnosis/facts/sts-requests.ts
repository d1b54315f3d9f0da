import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { hostOf, stsHost } from './addresses';

export interface StsRequests {
  readonly host: string;
  /** What the sign-in asked it for, in order. */
  readonly asked: readonly Exchange[];
  /** Those answered with a server error that is not AD FS's own error page: AD FS itself did not get to answer. */
  readonly failed: readonly Exchange[];
}

/** The sign-in as seen from the STS's host. */
export function stsRequests(evidence: Pick<RouteEvidence, 'settings' | 'exchanges' | 'pages'>): StsRequests {
  const host = stsHost(evidence) ?? evidence.settings.stsOrigin;
  const errorPages = new Set(evidence.pages.filter(({ kind }) => kind === 'sts-error').map(({ exchange }) => exchange));
  const asked = evidence.exchanges.filter(({ url, step }) => hostOf(url) === host && step !== 'sign-out');
  return { host, asked, failed: asked.filter(({ status, seq }) => status !== null && status >= 500 && !errorPages.has(seq)) };
}
