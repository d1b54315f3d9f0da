import type { CrmState } from './crm-state';
import type { CrmUser, RequestPlace } from './crm-types';
import { organizationService, type ServiceRequest } from './organization-service';
import { shell2011 } from './pages/shell-2011';
import { classicDashboard, classicShell } from './pages/shell-classic';
import type { ShellContent } from './pages/shell-content';
import { unifiedShell } from './pages/shell-unified';
import { errorPageAddress } from './refusal-faces';
import { answerInstead } from './stand-ins';
import { notFound, page, redirect, type Answer } from './responses';
import type { Session } from './session-cookies';
import { organizationSegment } from './sign-in-required';
import { webApi } from './web-api';

/** CRM's own errors after a good token (field guide §17). */
const missingUpn = { errorCode: '0x80040203', details: 'Invalid Argument' };
const unknownUser = { errorCode: '0x80040204', details: 'Invalid user authentication parameter' };
const disabledUser = { errorCode: '0x80040225', details: 'The specified user is either disabled or is not a member of any business unit.' };

function shell(state: CrmState, place: RequestPlace, content: ShellContent): string {
  if (state.version.shell === '2011') return shell2011(content);
  const unified = state.version.shell === 'both' && (state.settings.shell === 'unified' || new URLSearchParams(place.search).has('appid'));
  return unified ? unifiedShell(content) : classicShell({ ...content, product: state.version.product });
}

function signOut(state: CrmState, place: RequestPlace, cookieHeader: string | undefined): Answer {
  const cookies = state.sessions.remove(cookieHeader, place.role === 'internal' ? null : state.parentDomain);
  return redirect(`${state.deployment.running.sts?.signInUrl ?? '/'}?wa=wsignout1.0`, cookies);
}

function answerUser(state: CrmState, place: RequestPlace, user: CrmUser, cookieHeader: string | undefined, body: string | null): Answer {
  const { organization, users, addresses } = state;
  // The internal address without an organization in it leads to the user's default organization.
  const segment = organizationSegment(state, place);
  const root = segment ?? (place.role === 'internal' ? `/${organization.uniqueName}` : '');
  const path = place.path.slice(segment?.length ?? 0) || '/';
  const content: ShellContent = { user, organization, root };
  const standIn = answerInstead(state, 'behind-session', place);
  if (standIn) return standIn;
  if (place.role === 'auth' || place.role === 'discovery') return redirect(`${addresses.organization}main.aspx`);
  // The internal address needs the organization in an API's path too (field guide §11.2).
  const api =
    place.role === 'internal' && segment === null
      ? null
      : callApi(state, place, { path, base: `${place.origin}${segment ?? ''}`, user, users, organization, body });
  if (api) return api;
  switch (path.toLowerCase()) {
    case '/':
    case '/default.aspx':
      return redirect(`${root}/main.aspx${place.search}`);
    case '/main.aspx':
      return place.role === 'internal' && segment === null ? redirect(`${root}/main.aspx${place.search}`) : page(shell(state, place, content));
    case '/_root/homepage.aspx':
      return page(classicDashboard(content));
    case '/signout.aspx':
      return signOut(state, place, cookieHeader);
    default:
      return notFound;
  }
}

function callApi({ version }: CrmState, place: RequestPlace, request: Omit<ServiceRequest, 'organizationData'>): Answer | null {
  return (
    webApi({ ...request, query: new URLSearchParams(place.search), versions: version.webApi }) ??
    organizationService({ ...request, organizationData: version.organizationData })
  );
}

/** CRM's answer to a request with a session: the user is looked up by UPN, then served. */
export function application(state: CrmState, place: RequestPlace, session: Session, cookieHeader: string | undefined, body: string | null = null): Answer {
  const requestUri = `${place.path}${place.search}`;
  if (!session.upn) return redirect(errorPageAddress({ ...missingUpn, requestUri }));
  const upn = session.upn.toLowerCase();
  const user = state.users.find((candidate) => candidate.upn.toLowerCase() === upn);
  if (!user) return redirect(errorPageAddress({ ...unknownUser, requestUri }));
  return user.isDisabled ? redirect(errorPageAddress({ ...disabledUser, requestUri })) : answerUser(state, place, user, cookieHeader, body);
}
