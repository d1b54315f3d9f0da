import { randomUUID } from 'node:crypto';
import { findAccountByTypedName } from './accounts';
import { setCookie } from './cookies';
import { readForm } from './http-sys';
import { handleSecondFactor } from './second-factor';
import { queryWithRequestId, type SignInRequest } from './sign-in-request';
import { type AdfsCall, notFound, refuse, reply, writeLog } from './service';

export const updatePasswordPath = '/adfs/portal/updatepassword/';
/** How long "Keep me signed in" keeps (section 12). */
const keptForMs = 1440 * 60_000;

/** The sign-in form, empty or again after a refused attempt. */
export function showForm({ call, requestId }: SignInRequest, again: { userName: string; errorText: string } | null = null): void {
  const { service } = call;
  const { settings } = service.adfs;
  const body = service.pages.forms({
    displayName: service.displayName,
    action: `${service.habits.formPath ?? '/adfs/ls/'}?${queryWithRequestId(call, requestId, '&username=')}`,
    userName: again?.userName ?? settings.prefilledUser ?? '',
    errorText: again?.errorText ?? null,
    keepSignedIn: settings.keepSignedIn,
    optionLinks: settings.optionLinks,
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
  if (form.has('Context')) return handleSecondFactor(signIn, form);
  const option = adfs.settings.optionLinks.find((each) => each === form.get('AuthMethod'));
  if (option) return refuse(call, { code: 'option-not-completed', text: `The sign-in by ${option} could not be completed.`, relyingParty: trust.name });
  const typed = service.pages.typed(form);
  if (!typed) return showForm(signIn);
  const { userName, password } = typed;

  adfs.counters.passwordSubmissions += 1;
  const account = findAccountByTypedName(service.accounts, userName.trim());
  if (!account || account.lockedOut || account.password !== password) {
    adfs.counters.passwordRefusals += 1;
    writeLog(service, 'event-342', 'The user name or password is incorrect.');
    showForm(signIn, { userName, errorText: service.pages.wrongPasswordText });
    return;
  }
  if (account.mustChangePassword) {
    writeLog(service, 'event-342', "The user's password has expired.");
    if (adfs.settings.updatePasswordPage && service.pages.updatePassword)
      reply(call, {
        status: 302,
        headers: { Location: `${adfs.origin}${updatePasswordPath}?${queryWithRequestId(call, requestId, `&username=${encodeURIComponent(userName)}`)}` },
      });
    else showForm(signIn, { userName, errorText: service.pages.texts.passwordExpired });
    return;
  }
  const id = requestId ?? randomUUID();
  const session = { upn: account.upn, method: 'forms' as const, authenticatedAt: adfs.clock.now().toISOString(), requestId: id };
  const kept = adfs.settings.keepSignedIn && form.get('Kmsi') === 'true';
  if (kept) adfs.counters.keptSignIns += 1;
  reply(call, {
    status: 302,
    headers: { Location: `${adfs.origin}/adfs/ls/?${queryWithRequestId(call, id)}` },
    cookies: [setCookie('MSISAuth', service.sso.seal(session), kept ? new Date(adfs.clock.now().getTime() + keptForMs) : null)],
  });
}

/** The page that wants a new password, where the endpoint is on. The lab changes no passwords: posting it shows it again. */
export function showUpdatePassword(call: AdfsCall): void {
  const { service, query } = call;
  if (!service.adfs.settings.updatePasswordPage || !service.pages.updatePassword) return notFound(call);
  const body = service.pages.updatePassword({
    displayName: service.displayName,
    action: `${updatePasswordPath}?${call.rawQuery}`,
    userName: query.get('username') ?? '',
  });
  reply(call, { status: 200, body });
}
