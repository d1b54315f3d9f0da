import { randomUUID } from 'node:crypto';
import type { CrmState } from './crm-state';
import type { RequestPlace } from './crm-types';
import { page, redirect, windowsChallenge, type Answer } from './responses';
import { parseCookies } from './session-cookies';
import { signInRedirect } from './sign-in-redirect';

/** The organization's path segment of the internal address, `/Contoso`, when the path has it. */
export function organizationSegment(state: CrmState, place: RequestPlace): string | null {
  const segment = `/${state.organization.uniqueName}`;
  if (place.role !== 'internal') return null;
  const path = place.path.toLowerCase();
  return path === segment.toLowerCase() || path.startsWith(`${segment.toLowerCase()}/`) ? place.path.slice(0, segment.length) : null;
}

/** IIS's default document: a folder is asked for as default.aspx, and that is what wctx then carries (field guide §1.1). */
const withDefaultDocument = (path: string, segment: string | null): string => {
  if (path === '/' || path === segment || path === `${segment}/`) return `${segment ?? ''}/default.aspx`;
  return path;
};

/** The address at AD FS that starts a sign-in for what was asked for here. */
export function signInAnswerAddress(state: CrmState, place: RequestPlace, fresh = false): string {
  const { running } = state.deployment;
  const segment = organizationSegment(state, place);
  state.counters.signInRedirects += 1;
  return signInRedirect({
    signInUrl: running.sts?.signInUrl ?? '',
    role: running.ifdEnabled ? place.role : 'internal',
    origin: place.origin,
    path: `${withDefaultDocument(place.path, segment)}${place.search}`,
    organizationId: segment !== null || place.role === 'organization' ? state.organization.id : null,
    namesOrganization: state.version.namesOrganization,
    now: state.clock.now(),
    fresh,
    realmTranslation: state.settings.realmTranslation ?? state.settings.webAddressChange,
  });
}

/** ASP.NET's page with its details shown to everybody; the stack as a public report has it. */
const malformedDomain: Answer = {
  ...page(
    "<html><head><title>Invalid URI: The hostname could not be parsed.</title></head><body><h1>Server Error in '/' Application.</h1>" +
      '<h2>Invalid URI: The hostname could not be parsed.</h2>' +
      '<p>[UriFormatException: Invalid URI: The hostname could not be parsed.] System.Uri.CreateThis(String uri, Boolean dontEscape, UriKind uriKind) ' +
      'Microsoft.Crm.Authentication.Claims.CrmFederatedAuthenticationModule.UpdateRedirectingEventArgsNonPathBasedUrl(RedirectLocation ' +
      'redirectLocation, RedirectingToIdentityProviderEventArgs e)</p></body></html>',
  ),
  status: 500,
};

/** The answer to a request without a session: to AD FS, for pages and Web API alike (field guide §5.3); in Windows mode IIS asks itself. */
export function signInRequired(state: CrmState, place: RequestPlace, cookieHeader: string | undefined): Answer {
  const { running } = state.deployment;
  if (!running.claimsEnabled || !running.sts) return windowsChallenge;
  if (state.settings.ifdDomainMalformed && place.role !== 'internal') return malformedDomain;
  const known = parseCookies(cookieHeader).some(({ name }) => name === 'ReqClientId');
  const expires = new Date(state.clock.now().getTime() + 50 * 365 * 86_400_000).toUTCString();
  return redirect(signInAnswerAddress(state, place), known ? [] : [`ReqClientId=${randomUUID()}; expires=${expires}; path=/; secure; HttpOnly`]);
}
