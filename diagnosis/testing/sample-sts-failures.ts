import type { RouteEvidence } from '../../contracts/evidence';
import { exchange, failed, page, sample, upToToken } from './sample-evidence';
import { serverEvent } from './sample-server-event';

/** AD FS's error page with this text; after the credentials unless told otherwise. */
export const stsPage = (message: string, over: Partial<RouteEvidence> = {}): RouteEvidence =>
  sample('ifd', {
    journey: failed('token-issue'),
    exchanges: upToToken('ifd').slice(0, 3),
    token: null,
    whoAmI: null,
    pages: [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 3, texts: { errorMessage: 'An error occurred.', message } })],
    ...over,
  });
/** The same page without a word, and an event of AD FS under its Activity ID. */
export const stsEvent = (text: string, over: Partial<RouteEvidence> = {}): RouteEvidence =>
  stsPage('An error occurred.', {
    serverEvents: [
      serverEvent({ source: 'AD FS', log: 'AD FS/Admin', id: 364, side: 'sts', codes: [], text, matchedBy: 'activity-id', exchange: 3, level: 'error' }),
    ],
    ...over,
  });

/** The STS asked for Windows credentials and asked again; without `authorization` the logged-on account gave none. */
export const windowsAsked = (over: Partial<RouteEvidence> = {}, texts: Record<string, string> = {}, authorization: string | null = null): RouteEvidence =>
  sample('internal', {
    settings: { ...sample('internal').settings, windowsCurrent: authorization === null },
    journey: failed('credentials', { credentialSubmissions: authorization === null ? 0 : 1, windowsPrompts: authorization === null ? 1 : 2 }),
    token: null,
    whoAmI: null,
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: 'https://sts.contoso.com/adfs/ls/wia', step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'], authorization }),
    ],
    pages: [
      page(1, { kind: 'sts-windows-challenge', url: 'https://sts.contoso.com/adfs/ls/wia', exchange: 3, texts: { challenges: 'Negotiate, NTLM', ...texts } }),
    ],
    ...over,
  });
