import { setCookie } from './cookies';
import { queryWithRequestId, type SignInRequest } from './sign-in-request';
import { refuse, reply, writeLog } from './service';
import type { SsoSession } from './sso-session';

/** Asks for an additional factor after good primary credentials (field guide section 7.7). False where AD FS has no such page. */
export function showSecondFactor({ call }: SignInRequest, session: SsoSession, cookies: readonly string[], errorText: string | null = null): boolean {
  const { service } = call;
  const body = service.pages.mfa?.({
    displayName: service.displayName,
    action: `/adfs/ls/?${call.rawQuery}`,
    user: session.upn,
    context: service.sso.seal(session),
    errorText,
  });
  if (body === undefined) return false;
  reply(call, { status: 200, body, cookies });
  return true;
}

/** The posted page of the additional factor: a right one-time code leads back to the request, a wrong one to the page again. */
export function handleSecondFactor(signIn: SignInRequest, form: URLSearchParams): void {
  const { call, trust } = signIn;
  const { service } = call;
  const session = service.sso.open(form.get('Context') ?? '');
  const account = session && service.accounts.find(({ upn }) => upn === session.upn);
  if (!session || !account) {
    refuse(call, { code: 'mfa-context', text: 'The context of the authentication request is not valid.', relyingParty: trust.name });
    return;
  }
  if (account.totpSecret === undefined || !service.verifyCode(account.totpSecret, form.get('VerificationCode') ?? '')) {
    service.adfs.counters.codeRefusals += 1;
    writeLog(service, 'event-364', 'The additional authentication of the user failed.');
    showSecondFactor(signIn, session, [], service.pages.texts.mfaFailed);
    return;
  }
  reply(call, {
    status: 302,
    headers: { Location: `${service.adfs.origin}/adfs/ls/?${queryWithRequestId(call, signIn.requestId)}` },
    cookies: [setCookie('MSISAuth', service.sso.seal({ ...session, secondFactor: true }))],
  });
}
