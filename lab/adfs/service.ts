import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { NtlmServer } from '../ntlm/ntlm-server';
import type { Adfs, AdfsLogEntry, LabAccount, RelyingPartyTrust } from './adfs-types';
import type { GenerationHabits } from './generation';
import { httpSysPage, iisNotFound, type Reply, send } from './http-sys';
import type { AdfsPages } from './pages';
import { withoutTrailingSlash } from './relying-party-metadata';
import type { SsoSessions } from './sso-session';

/** What the endpoints share: the public face, and what lives only as long as the service runs. */
export interface AdfsService {
  readonly adfs: Adfs;
  readonly accounts: readonly LabAccount[];
  readonly displayName: string;
  readonly pages: AdfsPages;
  readonly habits: GenerationHabits;
  /** Whether a one-time code of this secret is right now. */
  readonly verifyCode: (secret: string, code: string) => boolean;
  readonly log: AdfsLogEntry[];
  /** Both are replaced by a restart. */
  sso: SsoSessions;
  ntlm: NtlmServer<LabAccount>;
}

/** One request on its way through the service. */
export interface AdfsCall {
  readonly service: AdfsService;
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly path: string;
  /** As received, without the question mark. */
  readonly rawQuery: string;
  readonly query: URLSearchParams;
}

/** `wa` messages and errors are kept; older entries go. */
const maxLogEntries = 500;

export const reply = ({ service, response }: AdfsCall, answer: Reply): void => send(response, service.adfs.clock.now(), answer, service.habits.iis);

export const notFound = (call: AdfsCall): void => reply(call, call.service.habits.iis ? iisNotFound : httpSysPage(404));

/** Writes an entry as event 364 has it and returns its Activity ID. */
export function writeLog(service: AdfsService, code: string, text: string): string {
  const activityId = `00000000-0000-0000-${randomBytes(2).toString('hex')}-0080${randomBytes(4).toString('hex')}`;
  service.log.push({ activityId, code, text, time: service.adfs.clock.now().toISOString() });
  if (service.log.length > maxLogEntries) service.log.shift();
  return activityId;
}

export interface Refusal {
  readonly code: string;
  readonly text: string;
  readonly relyingParty: string;
}

/** The generic error page; the reason goes to the log only, unless the farm shows details. */
export function refuse(call: AdfsCall, { code, text, relyingParty }: Refusal): void {
  const { service, request } = call;
  const { adfs } = service;
  const activityId = writeLog(service, code, text);
  adfs.counters.errorPages += 1;
  const body = service.pages.error({
    displayName: service.displayName,
    activityId,
    relyingParty,
    time: adfs.clock.now(),
    userAgent: request.headers['user-agent'] ?? '',
    detail: adfs.settings.showErrorDetails ? text : null,
  });
  reply(call, { status: 200, body });
}

/** Finds a trust by identifier; a trailing slash more or less makes no difference. */
export function findTrust(trusts: readonly RelyingPartyTrust[], realm: string): RelyingPartyTrust | null {
  const wanted = withoutTrailingSlash(realm);
  return trusts.find(({ identifiers }) => identifiers.some((identifier) => withoutTrailingSlash(identifier) === wanted)) ?? null;
}
