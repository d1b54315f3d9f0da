import { readCookies, setCookie } from './cookies';
import { queryWithRequestId, type SignInRequest } from './sign-in-request';
import { readForm } from './http-sys';
import { reply } from './service';

/** How AD FS calls its own Active Directory among the claims providers (field guide section 7.4). */
const activeDirectory = 'AD AUTHORITY';
const cookieName = 'MSISIPSelectionPersistent';
const valueOf = (provider: string): string => Buffer.from(provider, 'utf8').toString('base64');

/** True when a second claims provider exists and the browser has not said which one it belongs to. */
export function mustAskHomeRealm({ call }: SignInRequest): boolean {
  if (call.service.adfs.settings.claimsProviders.length === 0) return false;
  return !readCookies(call.request.headers.cookie).some(({ name, value }) => name === cookieName && value === valueOf(activeDirectory));
}

/** Asks for the home realm, or takes the answer: Active Directory leads back to this request, another provider to its own sign-in. */
export async function handleHomeRealm({ call, requestId }: SignInRequest): Promise<void> {
  const { service, request } = call;
  const { adfs } = service;
  const { homeRealmPath } = service.habits;
  const own = homeRealmPath ?? '/adfs/ls/';
  const query = queryWithRequestId(call, requestId);
  if (call.path !== own.toLowerCase() && request.method === 'GET' && homeRealmPath !== null)
    return reply(call, { status: 302, headers: { Location: `${adfs.origin}${own}?${query}` } });
  const form = request.method === 'POST' ? await readForm(request) : null;
  const chosen = form && service.pages.chosenRealm(form);
  if (chosen === activeDirectory) {
    reply(call, { status: 302, headers: { Location: `${adfs.origin}/adfs/ls/?${query}` }, cookies: [setCookie(cookieName, valueOf(activeDirectory))] });
    return;
  }
  const other = adfs.settings.claimsProviders.find(({ id }) => id === chosen);
  if (other) {
    reply(call, { status: 302, headers: { Location: `${other.signInUrl}?wa=wsignin1.0&wtrealm=${encodeURIComponent(adfs.entityId)}` } });
    return;
  }
  const providers = [{ id: activeDirectory, name: 'Active Directory' }, ...adfs.settings.claimsProviders];
  reply(call, { status: 200, body: service.pages.homeRealm({ displayName: service.displayName, action: `${own}?${query}`, providers }) });
}
