import { issueSignIn } from './issue-sign-in';
import type { SignInRequest } from './sign-in-request';
import { reply } from './service';

/** `/adfs/ls/wia`: Negotiate and NTLM. A refused attempt is answered exactly like the first request (field guide section 8). */
export function handleWindowsSignIn(signIn: SignInRequest): void {
  const { call, fresh } = signIn;
  const { service, request } = call;
  const { adfs } = service;
  const challenge = (methods: string[]): void =>
    reply(call, { status: 401, headers: { 'WWW-Authenticate': methods, 'Proxy-Support': 'Session-Based-Authentication' } });

  const outcome = service.ntlm.read(request.socket, request.headers.authorization);
  if (outcome.kind === 'challenge') {
    challenge([outcome.header]);
    return;
  }
  // The connection itself stays signed in; a request for fresh credentials must give them again.
  const account = outcome.kind === 'accepted' ? outcome.account : outcome.kind === 'unauthenticated' && !fresh ? service.ntlm.accountOf(request.socket) : null;
  if (!account || account.mustChangePassword || account.lockedOut || adfs.settings.wiaRefusesAll || adfs.settings.loopbackCheck) {
    if (outcome.kind !== 'unauthenticated') adfs.counters.ntlmRefusals += 1;
    challenge(['Negotiate', 'NTLM']);
    return;
  }
  issueSignIn(signIn, { upn: account.upn, method: 'windows', authenticatedAt: adfs.clock.now().toISOString(), requestId: null }, account);
}
