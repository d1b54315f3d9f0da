import type { AcceptedToken } from './check-token';
import { checkToken } from './check-token';
import type { CrmState } from './crm-state';
import type { RequestPlace } from './crm-types';
import { refusalAnswer } from './refusal-faces';
import { redirect, type Answer } from './responses';
import { returnAddressOf } from './sign-in-redirect';
import { signInAnswerAddress } from './sign-in-required';

/** Where a signed-in browser is sent: only to CRM's own addresses, whatever wctx says. */
function returnPlace(state: CrmState, place: RequestPlace, wctx: string): RequestPlace {
  const ru = returnAddressOf(wctx) ?? '/';
  const url = new URL(ru, place.origin);
  const role = state.roleOf(url.origin);
  return role ? { role, origin: url.origin, path: url.pathname, search: url.search } : { ...place, path: '/', search: '' };
}

function acceptToken(state: CrmState, place: RequestPlace, target: RequestPlace, token: AcceptedToken, cookieHeader: string | undefined): Answer {
  const domain = place.role === 'internal' ? null : state.parentDomain;
  const renewed = state.settings.renewsSessions && state.sessions.read(cookieHeader, state.clock.now()) !== null;
  const cookies = state.sessions.open(token, state.settings.sessionCookieDomain ?? domain, renewed);
  const address = `${target.path}${target.search}`;
  return redirect(target.origin === place.origin ? address : `${target.origin}${address}`, cookies);
}

const replayText = 'System.IdentityModel.Tokens.SecurityTokenReplayDetectedException: The token has been used before.';

/**
 * POST of wa, wresult, wctx. IFD tokens of every host come to the auth host's endpoint, so the answer is a redirect to the host in `ru` and
 * the cookie is for the parent domain (field guide §2, last point).
 */
export function receiveToken(state: CrmState, place: RequestPlace, form: URLSearchParams, cookieHeader?: string, twice = false): Answer {
  const { counters, settings, clock } = state;
  counters.tokenPosts += 1;
  const configuration = state.deployment.running;
  const verdict = checkToken({
    wresult: form.get('wresult') ?? '',
    configuration,
    audiences: state.audiences(),
    now: clock.now(),
    keyUnusable: settings.encryptionKeyUnusable,
    trustedSigningCertificates: settings.trustedSigningCertificates,
  });
  const target = returnPlace(state, place, form.get('wctx') ?? '');
  const signInAgain = (fresh: boolean): string => signInAnswerAddress(state, target, fresh);
  if (verdict.ok && settings.rechallengesEveryToken) {
    counters.tokensRefused += 1;
    return redirect(signInAgain(false));
  }
  if (verdict.ok && twice) {
    // The first one opened a session, whose answer went to whoever sent it; the browser gets that to the second.
    counters.tokensRefused += 1;
    return refusalAnswer({ face: settings.face, text: replayText, requestUri: `${place.path}${place.search}`, signInAgain });
  }
  if (verdict.ok) {
    counters.tokensAccepted += 1;
    return acceptToken(state, place, target, verdict.token, cookieHeader);
  }
  counters.tokensRefused += 1;
  state.lastRefusal = { id: verdict.id ?? '.NET', text: verdict.text, at: clock.now().toISOString() };
  return refusalAnswer({ face: settings.face, text: verdict.text, requestUri: `${place.path}${place.search}`, signInAgain });
}
