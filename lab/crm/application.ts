import type { CrmState, RequestPlace } from './crm-state';
import type { CrmUser } from './crm-types';
import { classicDashboard, classicShell } from './pages/shell-classic';
import type { ShellContent } from './pages/shell-content';
import { unifiedShell } from './pages/shell-unified';
import { errorPageAddress } from './refusal-faces';
import { notFound, page, redirect, type Answer } from './responses';
import type { Session } from './session-cookies';
import { organizationSegment } from './sign-in-required';
import { webApi } from './web-api';

/** CRM's own errors after a good token (causes.md, code dictionary). */
const missingUpn = { errorCode: '0x80040203', details: 'Invalid Argument' };
const unknownUser = { errorCode: '0x80040204', details: 'Invalid user authentication parameter' };

function shell(state: CrmState, place: RequestPlace, content: ShellContent): string {
  const unified = state.settings.shell === 'unified' || new URLSearchParams(place.search).has('appid');
  return unified ? unifiedShell(content) : classicShell(content);
}

function signOut(state: CrmState, place: RequestPlace, cookieHeader: string | undefined): Answer {
  const cookies = state.sessions.remove(cookieHeader, place.role === 'internal' ? null : state.parentDomain);
  return redirect(`${state.deployment.running.sts?.signInUrl ?? '/'}?wa=wsignout1.0`, cookies);
}

function answerUser(state: CrmState, place: RequestPlace, user: CrmUser, cookieHeader: string | undefined): Answer {
  const { organization, users, addresses } = state;
  // The internal address without an organization in it leads to the user's default organization.
  const segment = organizationSegment(state, place);
  const root = segment ?? (place.role === 'internal' ? `/${organization.uniqueName}` : '');
  const path = place.path.slice(segment?.length ?? 0) || '/';
  const content: ShellContent = { user, organization, root };
  if (place.role === 'auth' || place.role === 'discovery') return redirect(`${addresses.organization}main.aspx`);
  const api = webApi({ path, query: new URLSearchParams(place.search), base: `${place.origin}${segment ?? ''}`, user, users, organization });
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

/** CRM's answer to a request with a session: the user is looked up by UPN, then served. */
export function application(state: CrmState, place: RequestPlace, session: Session, cookieHeader: string | undefined): Answer {
  const requestUri = `${place.path}${place.search}`;
  if (!session.upn) return redirect(errorPageAddress({ ...missingUpn, requestUri }));
  const upn = session.upn.toLowerCase();
  const user = state.users.find((candidate) => candidate.upn.toLowerCase() === upn);
  return user ? answerUser(state, place, user, cookieHeader) : redirect(errorPageAddress({ ...unknownUser, requestUri }));
}
