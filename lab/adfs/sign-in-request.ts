import { randomUUID } from 'node:crypto';
import type { RelyingPartyTrust } from './adfs-types';
import type { AdfsCall } from './service';

/** A checked `wsignin1.0` request. */
export interface SignInRequest {
  readonly call: AdfsCall;
  readonly trust: RelyingPartyTrust;
  readonly realm: string;
  readonly wauth: string | null;
  /** `wfresh=0`: earlier sign-ins do not count. */
  readonly fresh: boolean;
  /** `client-request-id`, where the request already has one. */
  readonly requestId: string | null;
}

/** The request's own query with one `client-request-id` at its end, where the generation has it. */
export function queryWithRequestId(call: AdfsCall, requestId: string | null, more = ''): string {
  const own = call.rawQuery
    .split('&')
    .filter((pair) => pair && !/^(client-request-id|username)=/i.test(pair))
    .join('&');
  if (!call.service.habits.addsRequestId) return own;
  return `${own}${more}&client-request-id=${requestId ?? randomUUID()}`;
}
