/** What headers of a sign-in's exchanges tell, without the secrets in them. */

/** One Set-Cookie line without its value. */
export interface SetCookie {
  readonly name: string;
  /** Length of the value. */
  readonly bytes: number;
  readonly domain: string | null;
  readonly path: string | null;
  /** Secure, HttpOnly, Partitioned, SameSite=…, in this spelling. */
  readonly flags: readonly string[];
  /** The line takes the cookie away. */
  readonly removes: boolean;
}

const flagsKept = ['Secure', 'HttpOnly', 'Partitioned'];
const dayMs = 86_400_000;

/** Name, size and flags of a Set-Cookie line (RFC 6265 §4.1, https://www.rfc-editor.org/rfc/rfc6265); `nowMs` is when it was received. */
export function readSetCookie(line: string, nowMs: number): SetCookie & { readonly flags: string[] } {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  const bytes = Buffer.byteLength(pair) - equals - 1;
  const attribute = (wanted: string): string | null => attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1) ?? null;
  const flags = flagsKept.filter((flag) => attributes.some((each) => each.toLowerCase() === flag.toLowerCase()));
  const sameSite = attribute('samesite');
  const expires = attribute('expires');
  return {
    name: equals < 0 ? '' : pair.slice(0, equals),
    bytes,
    domain: attribute('domain'),
    path: attribute('path'),
    flags: sameSite ? [...flags, `SameSite=${sameSite}`] : flags,
    removes: bytes === 0 || attribute('max-age') === '0' || (expires !== null && Date.parse(expires) < nowMs - dayMs),
  };
}

/** Cookies that servers, frameworks and load balancers set on anybody: no session. */
const anybodys =
  /^(ReqClientId|ARRAffinity.*|ASP\.NET_SessionId|TS[0-9a-f]+|BIGip.*|NSC_.*|AWSALB.*|SERVERID|__cf.*|incap_ses.*|visid_.*|__RequestVerificationToken.*|XSRF-.*|.*csrf.*|.*Antiforgery.*|.*Correlation.*|.*nonce.*|.*TempData.*|.*flash.*)$/i;

/** Whether a cookie may carry a session, by its name and the length of its value. */
export const mayBeSession = ({ name, bytes }: Pick<SetCookie, 'name' | 'bytes'>): boolean => bytes >= 16 && !anybodys.test(name);

/** Which scheme an Authorization header has; null without one. NTLM messages begin with "NTLMSSP", in base64 "TlRMTVNT" ([MS-NLMP] 2.2.1). */
export function authorizationKind(value: string | null): string | null {
  if (value === null) return null;
  const [scheme = '', blob = ''] = value.trim().split(/\s+/);
  if (!/^negotiate$/i.test(scheme)) return scheme.slice(0, 20);
  return blob.startsWith('TlRMTVNT') || Buffer.from(blob, 'base64').includes('NTLMSSP') ? 'Negotiate-NTLM' : 'Negotiate-Kerberos';
}

/** Schemes of an answer's WWW-Authenticate headers, in order; several may stand in one line (RFC 9110 §11.6.1). */
export const challengeSchemes = (headers: readonly string[]): string[] =>
  headers
    .flatMap((value) => value.split('\n'))
    .flatMap((value) => value.split(/,\s*(?=[A-Za-z]+(?:\s|,|$))/))
    .map((value) => value.trim().split(/[\s,]/)[0] ?? '');
