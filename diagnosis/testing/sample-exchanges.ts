import type { Exchange, PageVisit } from '../../contracts/evidence';
import { stsUrl } from './sample-certificates';

/** Test material: the exchanges and pages of a sign-in over either route. */

export const hosts = { internal: 'internalcrm.contoso.com', ifd: 'contoso.contoso.com' } as const;
export type SampleRoute = keyof typeof hosts;
export const tokenHosts = { internal: 'internalcrm.contoso.com', ifd: 'auth.contoso.com' } as const;

/** One exchange with everything a test does not care about filled in. */
export function exchange(seq: number, over: Partial<Exchange> & Pick<Exchange, 'url'>): Exchange {
  const crm = !over.url.startsWith(stsUrl);
  return {
    seq,
    step: crm ? 'crm-redirect' : 'sts-page',
    method: 'GET',
    status: 200,
    failure: null,
    redirectedFrom: null,
    location: null,
    server: crm ? 'Microsoft-IIS/10.0' : 'Microsoft-HTTPAPI/2.0',
    contentType: 'text/html; charset=utf-8',
    date: 'Mon, 02 Mar 2026 09:00:01 GMT',
    requestId: crm ? '0d0b6f0e-5c5e-4b62-9c0b-6f5d7f7a1c11' : null,
    challenges: [],
    authorization: null,
    wsfed: null,
    cookiesSet: [],
    cookiesSent: [],
    requestHeaderBytes: 620,
    crmError: null,
    document: null,
    startedAtMs: seq * 100,
    durationMs: 40,
    ...over,
  };
}

export const cookie = (name: string, over: Partial<Exchange['cookiesSet'][number]> = {}): Exchange['cookiesSet'][number] => ({
  name,
  bytes: 1987,
  domain: null,
  path: '/',
  flags: ['Secure', 'HttpOnly'],
  removes: false,
  blocked: [],
  ...over,
});

export function page(n: number, over: Partial<PageVisit> & Pick<PageVisit, 'kind' | 'url'>): PageVisit {
  return {
    n,
    recognisedBy: over.kind,
    title: '',
    status: 200,
    exchange: null,
    texts: {},
    codes: [],
    fields: [],
    formAction: null,
    action: 'none',
    screenshot: null,
    atMs: n * 150,
    ...over,
  };
}

const wsfed = (route: SampleRoute) => ({
  wa: 'wsignin1.0',
  wtrealm: `https://${hosts[route]}/`,
  wct: '2026-03-02T09:00:01Z',
  wctx: `rm=1&id=50dc8871-66cf-4d0b-b70c-65c50975ae6f&ru=${route === 'ifd' ? `https%3a%2f%2f${hosts.ifd}%2fdefault.aspx` : '%2fContoso%2fdefault.aspx'}`,
  wauth: route === 'ifd' ? 'urn:oasis:names:tc:SAML:1.0:am:password' : 'urn:federation:authentication:windows',
});

/** The exchanges up to the token's POST (seq 5), without the POST. */
export function upToToken(route: SampleRoute): Exchange[] {
  const crm = `https://${hosts[route]}`;
  const signIn = `${stsUrl}/adfs/ls/?wa=wsignin1.0&wtrealm=https%3a%2f%2f${hosts[route]}%2f`;
  const windows = route === 'internal';
  return [
    exchange(1, { url: `${crm}/main.aspx`, status: 302, location: signIn, cookiesSet: [cookie('ReqClientId', { bytes: 36 })] }),
    exchange(2, { url: signIn, redirectedFrom: 1, wsfed: wsfed(route), ...(windows ? { status: 302, location: `${stsUrl}/adfs/ls/wia?wa=wsignin1.0` } : {}) }),
    windows
      ? exchange(3, {
          url: `${stsUrl}/adfs/ls/wia?wa=wsignin1.0`,
          step: 'credentials',
          redirectedFrom: 2,
          status: 302,
          authorization: 'NTLM',
          location: signIn,
          cookiesSet: [cookie('MSISAuth', { path: '/adfs' })],
        })
      : exchange(3, { url: signIn, method: 'POST', step: 'credentials', status: 302, location: signIn, cookiesSet: [cookie('MSISAuth', { path: '/adfs' })] }),
    exchange(4, {
      url: signIn,
      step: 'token-issue',
      redirectedFrom: 3,
      cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }],
      document: { title: 'Working...', text: '' },
    }),
  ];
}

/** The token's POST (seq 5), to be given CRM's answer. */
export const tokenPost = (route: SampleRoute, answer: Partial<Exchange>): Exchange =>
  exchange(5, {
    url: `https://${tokenHosts[route]}/`,
    method: 'POST',
    step: 'token-post',
    wsfed: { wa: 'wsignin1.0', wctx: wsfed(route).wctx, wresultBytes: 9120 },
    cookiesSent: [{ name: 'ReqClientId', bytes: 36 }],
    status: 302,
    ...answer,
  });

const stsText =
  'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry. To accept security tokens from this issuer, ' +
  'configure the IssuerNameRegistry to return a valid name for this issuer.';
/** CRM's refusals, in the four faces; `text` goes into the error page's address. */
export function refusal(route: SampleRoute, face: 'error-page' | 'http-401' | 'http-500' | 'back-to-sts', text: string | null = stsText): Exchange[] {
  const base = upToToken(route);
  const host = `https://${tokenHosts[route]}`;
  const crmError = { errorCode: null, text: text === null ? null : `Error Details: ${text}`, requestUri: '/' };
  const errorPage = `${host}/_common/error/errorhandler.aspx?BackUri=&ErrorCode=`;
  switch (face) {
    case 'error-page':
      return [
        ...base,
        tokenPost(route, { location: errorPage, crmError }),
        exchange(6, {
          url: errorPage,
          step: 'crm-session',
          redirectedFrom: 5,
          crmError,
          document: { title: 'Microsoft Dynamics 365', text: 'An error has occurred. Try this action again.' },
        }),
      ];
    case 'http-401':
      return [...base, tokenPost(route, { status: 401, document: { title: '', text: 'HTTP Error 401 - Unauthorized: Access is denied' } })];
    case 'http-500':
      return [...base, tokenPost(route, { status: 500, document: { title: 'Runtime Error', text: "Server Error in '/' Application." } })];
    case 'back-to-sts': {
      const again = `${stsUrl}/adfs/ls/?wa=wsignin1.0&wtrealm=https%3a%2f%2f${hosts[route]}%2f`;
      return [
        ...base,
        tokenPost(route, { location: again }),
        exchange(6, { url: again, step: 'token-issue', redirectedFrom: 5, wsfed: wsfed(route), cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }] }),
      ];
    }
  }
}
