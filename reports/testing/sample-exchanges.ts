/** The hops a browser really makes (field guide §0): internal claims with Windows sign-in, IFD with the form; good, and refused by CRM. */
import type { Exchange, PageVisit } from '../../contracts/evidence';
import type { Route } from '../../contracts/words';
import { blank, cookie, page, wsfed } from './sample-parts';

const query =
  'wa=wsignin1.0&wtrealm=https%3a%2f%2finternalcrm.contoso.com%2f' +
  '&wctx=rm%3d1%26id%3d50dc8871-66cf-4d0b-b70c-65c50975ae6f%26ru%3d%252fContoso%252fdefault.aspx&wct=2025-11-18T02%3a47%3a07Z' +
  '&wauth=urn%3afederation%3aauthentication%3awindows';
const ls = `https://sts.contoso.com/adfs/ls/?${query}`;
const wia = `https://sts.contoso.com:443/adfs/ls/wia?${query}&client-request-id=d794c2bb-f230-4faf-3835-0380030000d7`;
const working = { title: 'Working...', text: 'Script is disabled. Click Submit to continue.' };
const stsCookies = [cookie('MSISAuthenticated', 40), cookie('MSISLoopDetectionCookie', 36), cookie('MSISSignOut', 128)];

const internalUntilToken = (): Exchange[] => [
  {
    ...blank(1, 'crm-redirect', 'GET', 'https://internalcrm.contoso.com/Contoso/main.aspx', 302, 71, 46),
    location: ls,
    cookiesSet: [cookie('ReqClientId', 36)],
  },
  { ...blank(2, 'sts-page', 'GET', ls, 302, 160, 22), location: wia, wsfed: wsfed('internal'), contentType: null },
  { ...blank(3, 'sts-page', 'GET', wia, 401, 190, 9), challenges: ['Negotiate', 'NTLM'], wsfed: wsfed('internal'), contentType: null },
  {
    ...blank(4, 'credentials', 'GET', wia, 302, 204, 118),
    authorization: 'NTLM',
    location: ls,
    cookiesSet: [cookie('MSISAuth', 1987), cookie('MSISAuth1', 844)],
    wsfed: wsfed('internal'),
  },
  {
    ...blank(5, 'token-issue', 'GET', ls, 200, 330, 64),
    document: working,
    cookiesSet: stsCookies,
    cookiesSent: [
      { name: 'MSISAuth', bytes: 1987 },
      { name: 'MSISAuth1', bytes: 844 },
    ],
    wsfed: wsfed('internal'),
  },
];

const ifdUntilToken = (): Exchange[] => [
  { ...blank(1, 'crm-redirect', 'GET', 'https://contoso.contoso.com/main.aspx', 302, 74, 51), location: ls, cookiesSet: [cookie('ReqClientId', 36)] },
  {
    ...blank(2, 'sts-page', 'GET', ls, 200, 171, 48),
    wsfed: wsfed('ifd'),
    document: { title: 'Sign In', text: 'Contoso Federation Service\nSign in with your organizational account' },
  },
  {
    ...blank(3, 'credentials', 'POST', `${ls}&client-request-id=0f3c9a1e-51c8-44aa-9c11-008003000092`, 302, 610, 131),
    location: ls,
    cookiesSet: [cookie('MSISAuth', 1990)],
    wsfed: wsfed('ifd'),
  },
  {
    ...blank(4, 'token-issue', 'GET', ls, 200, 748, 59),
    document: working,
    cookiesSet: stsCookies,
    cookiesSent: [{ name: 'MSISAuth', bytes: 1990 }],
    wsfed: wsfed('ifd'),
  },
];

const untilToken = (route: Route): Exchange[] => (route === 'internal' ? internalUntilToken() : ifdUntilToken());
const postTo = (route: Route): string => (route === 'internal' ? 'https://internalcrm.contoso.com/' : 'https://auth.contoso.com/');
const home = (route: Route): string => (route === 'internal' ? 'https://internalcrm.contoso.com/Contoso' : 'https://contoso.contoso.com');

const post = (route: Route, seq: number, at: number, location: string): Exchange => ({
  ...blank(seq, 'token-post', 'POST', postTo(route), 302, at, 142),
  location,
  wsfed: { wa: 'wsignin1.0', wctx: wsfed(route).wctx, wresultBytes: 6218 },
  cookiesSent: [{ name: 'ReqClientId', bytes: 36 }],
});

/** Signed in: the token is accepted, CRM's page opens, WhoAmI answers. */
export const goodExchange = (route: Route): Exchange[] => {
  const hops = untilToken(route);
  const n = hops.length;
  const at = 800;
  return [
    ...hops,
    {
      ...post(route, n + 1, at, `${home(route)}/default.aspx`),
      cookiesSet: [cookie('MSISAuth', 2000, '.contoso.com'), cookie('MSISAuth1', 2000, '.contoso.com'), cookie('MSISAuth2', 410, '.contoso.com')],
    },
    { ...blank(n + 2, 'crm-page', 'GET', `${home(route)}/default.aspx`, 302, at + 150, 33), location: `${home(route)}/main.aspx` },
    {
      ...blank(n + 3, 'crm-page', 'GET', `${home(route)}/main.aspx`, 200, at + 190, 610),
      document: { title: 'Dashboards: Sales Activity - Microsoft Dynamics 365', text: 'Dynamics 365 Sales' },
    },
    { ...blank(n + 4, 'crm-page', 'GET', `${home(route)}/api/data/v9.0/WhoAmI`, 200, at + 820, 48), contentType: 'application/json; odata.metadata=minimal' },
  ];
};

export const issuerText =
  'The issuer of the security token was not recognized by the IssuerNameRegistry. To accept security tokens from this issuer, ' +
  'configure the IssuerNameRegistry to return a valid name for this issuer.';

const errorAddress = (route: Route): string =>
  `${postTo(route)}_common/error/errorhandler.aspx?BackUri=&ErrorCode=` +
  `&Parm0=${encodeURIComponent(`%0d%0aError Details: ID4175: ${issuerText}`)}&RequestUri=%2f&user_lcid=1033`;

/** Refused: CRM answers the token with its error page, which names ID4175 (KB 2686840). */
export const refusedExchange = (route: Route): Exchange[] => {
  const hops = untilToken(route);
  const n = hops.length;
  const crmError = { errorCode: null, text: `ID4175: ${issuerText}`, requestUri: '/' };
  return [
    ...hops,
    post(route, n + 1, 860, errorAddress(route)),
    {
      ...blank(n + 2, 'token-post', 'GET', errorAddress(route), 200, 1010, 88),
      crmError,
      document: {
        title: 'Error',
        text: 'An error has occurred.\nTry this action again. If the problem continues, contact your organization’s Microsoft Dynamics CRM Administrator.',
      },
    },
  ];
};

/** The token is accepted, then a page nobody foresaw. */
export const unexplainedExchange = (route: Route): Exchange[] => {
  const good = goodExchange(route).slice(0, -2);
  return [
    ...good.map((hop) => (hop.step === 'crm-page' ? { ...hop, location: 'https://internalcrm.contoso.com/maintenance/notice.aspx?from=%2fContoso' } : hop)),
    {
      ...blank(good.length + 1, 'crm-page', 'GET', 'https://internalcrm.contoso.com/maintenance/notice.aspx?from=%2fContoso', 200, 990, 51),
      document: { title: 'Please confirm', text: 'Contoso IT\nBefore you go on, please confirm the new terms of use.\nI have read them\nGo on' },
    },
  ];
};

export const refusedPages = (route: Route): PageVisit[] => {
  const last = route === 'internal' ? 7 : 6;
  const first =
    route === 'internal'
      ? page(1, 'sts-windows-challenge', '', 'https://sts.contoso.com/adfs/ls/wia', 3, 'answered the challenge once')
      : page(1, 'sts-forms', 'Sign In', 'https://sts.contoso.com/adfs/ls/', 2, 'typed the credentials');
  return [
    first,
    page(2, 'sts-working', 'Working...', 'https://sts.contoso.com/adfs/ls/', last - 2, 'let the token go to CRM'),
    {
      ...page(3, 'crm-error', 'Error', `${postTo(route)}_common/error/errorhandler.aspx`, last, 'none'),
      codes: ['ID4175'],
      texts: { message: 'An error has occurred.' },
      screenshot: `screens/${route}-3-crm-error.png`,
    },
  ];
};
