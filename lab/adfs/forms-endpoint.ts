import { randomUUID } from 'node:crypto';
import { findAccountByTypedName } from './accounts';
import { setCookie } from './cookies';
import { readForm } from './http-sys';
import type { SignInRequest } from './issue-sign-in';
import { wrongPasswordText } from './pages/forms-page';
import { type AdfsCall, refuse, reply, writeLog } from './service';

/** The request's own query with one `client-request-id` at its end. */
export function queryWithRequestId(call: AdfsCall, requestId: string | null, more = ''): string {
  const own = call.rawQuery
    .split('&')
    .filter((pair) => pair && !/^(client-request-id|username)=/i.test(pair))
    .join('&');
  return `${own}${more}&client-request-id=${requestId ?? randomUUID()}`;
}

/** The sign-in form, empty or again after a refused attempt. */
export function showForm({ call, requestId }: SignInRequest, again: { userName: string; errorText: string } | null = null): void {
  const { service } = call;
  const body = service.pages.forms({
    displayName: service.displayName,
    action: `/adfs/ls/?${queryWithRequestId(call, requestId, '&username=')}`,
    userName: again?.userName ?? '',
    errorText: again?.errorText ?? null,
  });
  reply(call, { status: 200, body });
}

/** The posted form: right credentials end in a redirect to the same address with the SSO cookie, wrong ones in the form again (section 7.2). */
export async function handleFormPost(signIn: SignInRequest): Promise<void> {
  const { call, trust, requestId } = signIn;
  const { service } = call;
  const { adfs } = service;
  const form = await readForm(call.request);
  if (!form) {
    refuse(call, { code: 'request-too-large', text: 'The posted form is larger than any form of this service.', relyingParty: trust.name });
    return;
  }
  const userName = form.get('UserName') ?? '';
  if (form.get('AuthMethod') !== 'FormsAuthentication') {
    showForm(signIn);
    return;
  }

  adfs.counters.passwordSubmissions += 1;
  const account = findAccountByTypedName(service.accounts, userName.trim());
  if (!account || account.password !== form.get('Password')) {
    adfs.counters.passwordRefusals += 1;
    writeLog(service, 'event-342', 'The user name or password is incorrect.');
    showForm(signIn, { userName, errorText: wrongPasswordText });
    return;
  }
  const id = requestId ?? randomUUID();
  const session = { upn: account.upn, method: 'forms' as const, authenticatedAt: adfs.clock.now().toISOString(), requestId: id };
  reply(call, {
    status: 302,
    headers: { Location: `${adfs.origin}/adfs/ls/?${queryWithRequestId(call, id)}` },
    cookies: [setCookie('MSISAuth', service.sso.seal(session))],
  });
}
