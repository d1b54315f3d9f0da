import { randomUUID } from 'node:crypto';
import type { HostRole } from './crm-types';

const noOrganization = '00000000-0000-0000-0000-000000000000';

export interface SignInRequest {
  readonly signInUrl: string;
  readonly role: HostRole;
  /** Origin of the requested address, `https://contoso.contoso.test:4443`. */
  readonly origin: string;
  /** Path and query of the requested address. */
  readonly path: string;
  /** null when the path names no organization: an all-zero GUID is sent (field guide §1.2). */
  readonly organizationId: string | null;
  /** False leaves crmorgid out, as CRM before v8.2 does. */
  readonly namesOrganization?: boolean;
  readonly now: Date;
  /** Adds `wfresh=0`: AD FS must ask for credentials again. */
  readonly fresh?: boolean;
  readonly realmTranslation?: ((realm: string) => string) | null;
}

/** Percent-encoding as .NET's HttpUtility.UrlEncode does it for these values: everything but unreserved characters, lower-case hex. */
export const urlEncode = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16)}`)
    .replace(/%[0-9A-F]{2}/g, (escape) => escape.toLowerCase());

/** Seconds precision with Z, as wct is written. */
const toSeconds = (date: Date): string => date.toISOString().replace(/\.\d{3}Z$/, 'Z');

/**
 * The address of CRM's redirect to AD FS (field guide §1.1): wa, wtrealm, wctx, wct, wauth in this order, lower-case escapes, the values
 * inside wctx encoded twice. Internal claims ask for Windows authentication and return to a server-relative path; IFD asks for a password
 * and returns to an absolute address.
 */
export function signInRedirect(request: SignInRequest): string {
  const { role, origin, path, now } = request;
  const ru = role === 'internal' ? path : `${origin}${path}`;
  const context = `rm=1&id=${randomUUID()}&ru=${urlEncode(ru)}${
    request.namesOrganization === false ? '' : `&crmorgid=${request.organizationId ?? noOrganization}`
  }`;
  const wauth = role === 'internal' ? 'urn:federation:authentication:windows' : 'urn:oasis:names:tc:SAML:1.0:am:password';
  const realm = `${origin}/`;
  const parameters = [
    ['wa', 'wsignin1.0'],
    ['wtrealm', request.realmTranslation ? request.realmTranslation(realm) : realm],
    ['wctx', context],
    ['wct', toSeconds(now)],
    ['wauth', wauth],
    ...(request.fresh ? [['wfresh', '0']] : []),
  ] as const;
  return `${request.signInUrl}?${parameters.map(([name, value]) => `${name}=${urlEncode(value)}`).join('&')}`;
}

/** Where a token's wctx wants the browser to go; null when wctx is not CRM's. */
export function returnAddressOf(wctx: string): string | null {
  if (!wctx.startsWith('rm=')) return null;
  return new URLSearchParams(wctx).get('ru');
}
