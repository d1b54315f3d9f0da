import type { IncomingMessage, RequestListener } from 'node:http';
import { application } from './application';
import type { CrmState } from './crm-state';
import type { HostRole, RequestPlace } from './crm-types';
import { federationMetadata } from './federation-metadata';
import { organizationWsdl } from './organization-wsdl';
import { errorPage } from './pages/error-page';
import { runtimeError } from './refusal-faces';
import { invalidHostname, notFound, page, redirect, requestTooLong, sendAnswer, serviceUnavailable, type Answer } from './responses';
import { answerInstead } from './stand-ins';
import { signInRequired } from './sign-in-required';
import { receiveToken } from './token-endpoint';
import { headersTooLong } from '../tls/header-limit';

const metadataPath = '/federationmetadata/2007-06/federationmetadata.xml';
const organizationService = /\/xrmservices\/2011\/organization\.svc$/i;
/** ASP.NET's maxRequestLength. */
const largestBody = 4 * 1024 * 1024;

function placeOf(state: CrmState, request: IncomingMessage): RequestPlace | null {
  const host = request.headers.host?.toLowerCase() ?? '';
  if (!URL.canParse(request.url ?? '/', `https://${host}`)) return null;
  const url = new URL(request.url ?? '/', `https://${host}`);
  const role = state.roleOf(url.origin);
  return role ? { role, origin: url.origin, path: url.pathname, search: url.search } : null;
}

/** The posted text; null when it is larger than ASP.NET takes. */
async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > largestBody) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const formIn = (request: IncomingMessage, body: string): URLSearchParams =>
  new URLSearchParams((request.headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded') ? body : '');

/** Each relying party publishes its metadata on its own host: internal claims, and IFD on the auth host. */
function metadata(state: CrmState, role: HostRole): Answer {
  const { running } = state.deployment;
  const { internal, auth, organization, discovery } = state.addresses;
  const published = role === 'internal' ? running.claimsEnabled : running.ifdEnabled;
  if (!published) return notFound;
  // CRM signs the document with the private key of its encryption certificate.
  if (state.settings.encryptionKeyUnusable) return runtimeError;
  const now = state.settings.webAddressChange ?? ((address: string) => address);
  const party = role === 'internal' ? { scopes: [internal], passiveEndpoint: internal } : { scopes: [auth, organization, discovery], passiveEndpoint: auth };
  return {
    status: 200,
    contentType: 'text/xml; charset=utf-8',
    body: federationMetadata({ ...party, scopes: party.scopes.map(now), encryption: running.encryption }),
  };
}

/** What CRM shows to anybody; null when the request needs a session. */
function anonymous(state: CrmState, place: RequestPlace): Answer | null {
  const path = place.path.toLowerCase();
  if (path === metadataPath) return metadata(state, place.role);
  if (path === '/_common/error/errorhandler.aspx') return page(errorPage());
  if (path === '/favicon.ico') return notFound;
  if (organizationService.test(path) && /^\?wsdl(=wsdl0)?(&|$)/i.test(place.search))
    return { status: 200, contentType: 'text/xml; charset=utf-8', body: organizationWsdl(state.deployment.running, `${place.origin}${place.path}`) };
  return null;
}

/** A Web Application Proxy asks AD FS itself, with a request of its own kind ([MS-ADFSPIP] 3.3), and shows nothing of CRM before. */
function preauthentication({ deployment }: CrmState, { origin, path, search }: RequestPlace): Answer {
  const signIn = new URL('/adfs/ls/', deployment.running.sts?.signInUrl ?? origin);
  signIn.search =
    `?version=1.0&action=signin&realm=urn%3AAppProxy%3Acom&appRealm=${preauthenticatedApp}&returnUrl=` + encodeURIComponent(`${origin}${path}${search}`);
  return redirect(signIn.href);
}
const preauthenticatedApp = 'b2f5d3a1-7c0e-e911-80d5-00155d012a45';

async function answer(state: CrmState, request: IncomingMessage): Promise<Answer> {
  if (headersTooLong(request)) return requestTooLong;
  if (state.settings.appPoolDown) return serviceUnavailable;
  const place = placeOf(state, request);
  if (!place || state.settings.unboundHosts.includes(place.role)) return invalidHostname;
  const cookies = request.headers.cookie;
  const { running } = state.deployment;
  const posts = request.method === 'POST' && running.claimsEnabled;
  const body = posts ? await readBody(request) : null;
  const form = formIn(request, body ?? '');
  const first = answerInstead(state, 'in-front', place, form) ?? anonymous(state, place);
  if (first) return first;
  if (state.settings.preauthenticates) return preauthentication(state, place);
  if (posts) {
    if (body === null) return { status: 413, body: 'Maximum request length exceeded.' };
    if (form.get('wa') === 'wsignin1.0' && form.has('wresult')) return receiveToken(state, place, form, cookies, state.settings.postsTwice);
  }
  if (new URLSearchParams(place.search).get('wa') === 'wsignoutcleanup1.0')
    return page('<html><body>You are signed out.</body></html>', state.sessions.remove(cookies, place.role === 'internal' ? null : state.parentDomain));
  const known = running.claimsEnabled ? state.sessions.read(cookies, state.clock.now()) : null;
  const session = known && state.settings.renewsSessions && place.role !== 'internal' && !known.renewed ? null : known;
  return session ? application(state, place, session, cookies, body) : signInRequired(state, place, cookies);
}

/** CRM's web application as a plain listener for all its host names. */
export const createRequestHandler =
  (state: CrmState): RequestListener =>
  (request, response) => {
    answer(state, request)
      .catch((error: Error): Answer => ({ status: 500, contentType: 'text/plain', body: `The lab's CRM failed: ${error.message}` }))
      .then((result) => sendAnswer(response, result, state.clock, state.version.iis, request.method !== 'HEAD'))
      .catch(() => response.destroy());
  };
