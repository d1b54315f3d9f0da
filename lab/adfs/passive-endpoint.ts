import { findAccountByParts } from './accounts';
import { clearCookie, readCookies, readSignOutValue } from './cookies';
import { handleFormPost, showForm } from './forms-endpoint';
import { queryWithRequestId, type SignInRequest } from './sign-in-request';
import { handleHomeRealm, mustAskHomeRealm } from './home-realm';
import { issueSignIn, passwordMethods, windowsMethod } from './issue-sign-in';
import { type AdfsCall, findTrust, refuse, reply, writeLog } from './service';
import type { SignInMethod, SsoSession } from './sso-session';
import { handleWindowsSignIn } from './windows-endpoint';

/** Whether the request is for the passive endpoint, or for one of the addresses that a generation gives its parts. */
export function isPassivePath({ path, service }: AdfsCall): boolean {
  const { windowsPath, formPath, homeRealmPath } = service.habits;
  return ['/adfs/ls', '/adfs/ls/', windowsPath, formPath, homeRealmPath].some((each) => each?.toLowerCase() === path);
}

/** `/adfs/ls/` and what belongs to it: the WS-Federation passive endpoint (field guide sections 0 and 1). */
export async function handlePassiveRequest(call: AdfsCall): Promise<void> {
  const { adfs } = call.service;
  if (adfs.settings.queryLost && call.request.method === 'GET' && call.rawQuery !== '')
    return reply(call, { status: 302, headers: { Location: `${adfs.origin}${call.path}` } });
  if (call.query.get('action') === 'signin' && call.query.get('realm') === 'urn:AppProxy:com')
    return refuse(call, {
      code: 'MSIS7009',
      text: 'MSIS7009: The request was malformed or not valid. Contact your administrator for details.',
      relyingParty: '',
    });
  switch (call.query.get('wa')) {
    case 'wsignin1.0':
      return handleSignIn(call);
    case 'wsignout1.0':
    case 'wsignoutcleanup1.0':
      return handleSignOut(call);
    default:
      return refuse(call, {
        code: 'MSIS7065',
        text: `MSIS7065: There are no registered protocol handlers on path ${call.path} to process the incoming request.`,
        relyingParty: '',
      });
  }
}

async function handleSignIn(call: AdfsCall): Promise<void> {
  const { service, query } = call;
  const { adfs } = service;
  const realm = query.get('wtrealm') ?? '';
  const trust = findTrust(adfs.relyingParties, realm);
  if (!trust?.enabled) {
    refuse(call, {
      code: 'MSIS7007',
      text:
        `MSIS7007: The requested relying party trust '${realm}' is unspecified or unsupported. If a relying party trust was specified, it is possible that ` +
        'you do not have permission to access the trust relying party. Contact your administrator for details.',
      relyingParty: '',
    });
    return;
  }

  const wauth = query.get('wauth');
  const requested = methodFor(call, requestedMethod(wauth));
  const { habits } = service;
  const enabled = { windows: adfs.settings.windowsEnabled, forms: adfs.settings.formsEnabled };
  const isAt = (path: string | null): boolean => path?.toLowerCase() === call.path;
  const method = isAt(habits.formPath) ? 'forms' : isAt(habits.windowsPath) ? 'windows' : (requested ?? habits.methodUnlessAsked);
  if (requested === 'unknown' || method === 'unknown' || !enabled[method]) {
    refuse(call, { code: 'MSIS7102', text: 'MSIS7102: Requested Authentication Method is not supported on the STS.', relyingParty: trust.name });
    return;
  }

  const signIn: SignInRequest = {
    call,
    trust,
    realm,
    wauth,
    fresh: query.get('wfresh') === '0',
    requestId: query.get('client-request-id') ?? (habits.addsRequestId ? null : query.get('wctx')),
  };
  if (mustAskHomeRealm(signIn)) return handleHomeRealm(signIn);
  if (isAt(habits.windowsPath)) return handleWindowsSignIn(signIn);
  if (call.request.method === 'POST') return handleFormPost(signIn);

  if (isAt(habits.formPath)) return showForm(signIn);
  const session = readSession(signIn, requested);
  const account = session && findAccountByParts(service.accounts, '', session.upn);
  if (session && account) return issueSignIn(signIn, session, account);
  const own = method === 'windows' ? habits.windowsPath : habits.formPath;
  if (own === null) return showForm(signIn);
  return reply(call, { status: 302, headers: { Location: `${adfs.origin}${own}?${queryWithRequestId(call, signIn.requestId)}` } });
}

/** Null when the request leaves the method to AD FS. */
const requestedMethod = (wauth: string | null): SignInMethod | 'unknown' | null => {
  if (wauth === null || wauth === '') return null;
  if (wauth === windowsMethod) return 'windows';
  return passwordMethods.includes(wauth) ? 'forms' : 'unknown';
};

/** A browser that is not in the list for Windows sign-in is served as if nothing had been asked for: with the form. */
function methodFor({ service, request }: AdfsCall, requested: SignInMethod | 'unknown' | null): SignInMethod | 'unknown' | null {
  const agents = service.adfs.settings.wiaSupportedUserAgents;
  const listed = agents === null || agents.some((agent) => agent.test(request.headers['user-agent'] ?? ''));
  return requested === 'windows' && !listed ? null : requested;
}

/** The browser's SSO session, if this request may use it. A cookie of that name may also come from CRM, by way of a shared parent domain. */
function readSession({ call, fresh, requestId }: SignInRequest, requested: SignInMethod | null): SsoSession | null {
  const { service, request } = call;
  const all = readCookies(request.headers.cookie).filter(({ name }) => name === 'MSISAuth');
  const values = service.adfs.settings.lastSsoCookieOnly ? all.slice(-1) : all;
  if (service.adfs.settings.ssoIgnored) return null;
  for (const { value } of values) {
    const session = service.sso.open(value);
    if (!session) writeLog(service, 'sso-cookie', 'Ignore corrupted SSO cookie');
    else if (service.adfs.settings.s4uFails && session.method === 'forms') writeLog(service, 's4u-logon', 'S4U logon failed: C_PRINCIPAL_UNKNOWN');
    else if ((requested === null || session.method === requested) && (!fresh || (requestId !== null && session.requestId === requestId))) return session;
  }
  return null;
}

/** Clears the cookies, calls every relying party visited, and goes on to `wreply` where that belongs to a known one (section 11.3). */
function handleSignOut(call: AdfsCall): void {
  const { service, request, query } = call;
  const { relyingParties } = service.adfs;
  const origins = new Set(relyingParties.map(({ wsFedEndpoint }) => new URL(wsFedEndpoint).origin));
  const visited = readCookies(request.headers.cookie)
    .filter(({ name }) => name === 'MSISSignOut')
    .flatMap(({ value }) => readSignOutValue(value))
    .flatMap((identifier) => findTrust(relyingParties, identifier)?.wsFedEndpoint ?? []);
  const cookies = ['MSISAuth', 'MSISAuthenticated', 'MSISLoopDetectionCookie', 'MSISSignOut'].map(clearCookie);
  const wreply = query.get('wreply');
  if (visited.length === 0 && wreply && URL.canParse(wreply) && origins.has(new URL(wreply).origin)) {
    reply(call, { status: 302, headers: { Location: new URL(wreply).href }, cookies });
    return;
  }
  const cleanup = [...new Set(visited)].map((endpoint) => `${endpoint}?wa=wsignoutcleanup1.0`);
  reply(call, { status: 200, body: service.pages.signOut(service.displayName, cleanup), cookies });
}
