/** For tests: small HARs in each browser's dialect, of a fictitious contoso on one November morning. */

/** `firefox-old`: before version 90, without sec-fetch headers. */
export type Dialect = 'chrome' | 'chrome-sanitized' | 'edge' | 'firefox' | 'firefox-old';

export interface Recorded {
  readonly method?: 'GET' | 'POST';
  readonly url: string;
  readonly status: number;
  readonly location?: string;
  readonly setCookies?: readonly string[];
  readonly cookies?: string;
  readonly form?: Readonly<Record<string, string>>;
  readonly html?: string;
  readonly json?: string;
  readonly challenges?: readonly string[];
  readonly authorization?: string;
  readonly failure?: string;
  readonly byUser?: boolean;
  readonly destination?: 'document' | 'iframe' | 'empty' | 'style';
  readonly origin?: string;
}

export const crm = 'https://contoso.contoso.com';
export const auth = 'https://auth.contoso.com';
export const sts = 'https://sts.contoso.com';
export const password = 'Winter-2026&geheim';
export const ssoCookie = 'c3NvLWNvb2tpZS1vZi1hZGZzLTAxMjM0NTY3ODkwMTIzNDU2Nzg5';
export const sessionCookie = 'Y3JtLXNlc3Npb24tY29va2llLWFiY2RlZmdoaWprbG1ub3BxcnN0dXY=';
export const startMs = Date.UTC(2026, 10, 23, 9, 30, 0);

const realm = encodeURIComponent(`${crm}/`).toLowerCase();
export const signInAddress = (id = '50dc8871-66cf-4d0b-b70c-65c50975ae6f'): string =>
  `${sts}/adfs/ls/?wa=wsignin1.0&wtrealm=${realm}&wctx=rm%3d1%26id%3d${id}%26ru%3dhttps%253a%252f%252fcontoso.contoso.com%252fmain.aspx` +
  `&wct=2026-11-23T09%3a30%3a00Z&wauth=urn%3aoasis%3anames%3atc%3aSAML%3a1.0%3aam%3apassword`;

/** A wresult of CRM's shape: encrypted, lifetime and AppliesTo readable. */
const wresult =
  '<t:RequestSecurityTokenResponse xmlns:t="http://schemas.xmlsoap.org/ws/2005/02/trust"><t:Lifetime>' +
  '<wsu:Created xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">2026-11-23T09:30:01.500Z' +
  '</wsu:Created><wsu:Expires xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">' +
  '2026-11-23T10:30:01.500Z</wsu:Expires></t:Lifetime>' +
  `<wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><wsa:EndpointReference xmlns:wsa="http://www.w3.org/2005/08/addressing">` +
  `<wsa:Address>${crm}/</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>` +
  '<t:RequestedSecurityToken><xenc:EncryptedData Type="http://www.w3.org/2001/04/xmlenc#Element" xmlns:xenc="http://www.w3.org/2001/04/xmlenc#">' +
  '<xenc:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#aes256-cbc" /><KeyInfo xmlns="http://www.w3.org/2000/09/xmldsig#">' +
  '<e:EncryptedKey xmlns:e="http://www.w3.org/2001/04/xmlenc#"><e:EncryptionMethod Algorithm="http://www.w3.org/2001/04/xmlenc#rsa-oaep-mgf1p" />' +
  '<KeyInfo><o:SecurityTokenReference xmlns:o="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"><X509Data>' +
  '<X509IssuerSerial><X509IssuerName>CN=Contoso Issuing CA</X509IssuerName><X509SerialNumber>4711</X509SerialNumber></X509IssuerSerial></X509Data>' +
  '</o:SecurityTokenReference></KeyInfo><e:CipherData>' +
  '<e:CipherValue>a2V5LWNpcGhlci12YWx1ZS0wMTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODk=</e:CipherValue></e:CipherData></e:EncryptedKey></KeyInfo>' +
  '<xenc:CipherData><xenc:CipherValue>ZGF0YS1jaXBoZXItdmFsdWUtMDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5</xenc:CipherValue></xenc:CipherData>' +
  '</xenc:EncryptedData></t:RequestedSecurityToken><t:TokenType>urn:oasis:names:tc:SAML:1.0:assertion</t:TokenType></t:RequestSecurityTokenResponse>';
const wctx = 'rm=1&id=50dc8871-66cf-4d0b-b70c-65c50975ae6f&ru=https%3a%2f%2fcontoso.contoso.com%2fmain.aspx';

export const formsPage = (error = ''): string =>
  `<!DOCTYPE html><html><head><title>Sign In</title><script>if (1 < 2) document.write('<form>');</script></head><body>` +
  `<div id="noScript">JavaScript required</div><form method="post" id="loginForm" action="/adfs/ls/?wa=wsignin1.0"><span id="errorText" for="">` +
  `${error}</span><input id="userNameInput" name="UserName" type="email" value=""/><input id="passwordInput" name="Password" type="password"/>` +
  `<div style="display:none"><input type="checkbox" name="Kmsi"/></div><span id="submitButton" class="submit">Sign in</span>` +
  `<input id="optionForms" type="hidden" name="AuthMethod" value="FormsAuthentication"/></form></body></html>`;
const escaped = wresult.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/"/g, '&quot;');
export const workingPage =
  `<html><head><title>Working...</title></head><body><form method="POST" name="hiddenform" action="${auth}:443/">` +
  `<input type="hidden" name="wa" value="wsignin1.0" /><input type="hidden" name="wresult" value="${escaped}" />` +
  `<input type="hidden" name="wctx" value="${wctx.replace(/&/g, '&amp;')}" /></form></body></html>`;
export const shell =
  '<html><head><title>Dashboards - Microsoft Dynamics 365</title></head><body><div id="crmMasthead"><div id="crmTopBar"><a>Sales</a></div></div></body></html>';
export const activityId = '00000000-0000-0000-1234-0080000000f6';
export const adfsError =
  `<html><head><title>Error</title></head><body><div id="errorArea"><div id="openingMessage">An error occurred</div>` +
  `<div id="errorMessage">An error occurred. Contact your administrator for more information.</div><ul id="errorDetails" style="display:none">` +
  `<li id="activityId">Activity ID: ${activityId}</li><li id="relyingParty">Relying party: CRM IFD</li><li id="timestamp">Error time: ` +
  `Mon, 23 Nov 2026 09:30:02 GMT</li></ul></div></body></html>`;
const errorAddress = (text: string): string =>
  `${auth}/_common/error/errorhandler.aspx?BackUri=&ErrorCode=&Parm0=${encodeURIComponent(`0\r\n\r\nError Details: ${text}`)}&RequestUri=%2f&user_lcid=1033`;
export const id4175 = 'ID4175: The issuer of the security token was not recognized by the IssuerNameRegistry.';

/** From CRM's address to the page that posts the token. */
export const upToToken: readonly Recorded[] = [
  { url: `${crm}/main.aspx`, status: 302, location: signInAddress(), byUser: true, setCookies: ['ReqClientId=1234; path=/; secure'] },
  { url: signInAddress(), status: 200, html: formsPage() },
  { url: `${sts}/adfs/portal/css/style.css?id=1`, status: 200, destination: 'style' },
  {
    method: 'POST',
    url: `${signInAddress()}&client-request-id=d794c2bb-f230-4faf-3835-0380030000d7`,
    status: 302,
    location: signInAddress(),
    form: { UserName: 'CONTOSO\\anna', Password: password, AuthMethod: 'FormsAuthentication' },
    setCookies: [`MSISAuth=${ssoCookie}; path=/adfs; HttpOnly; Secure`],
    origin: sts,
  },
  {
    url: signInAddress(),
    status: 200,
    html: workingPage,
    cookies: `MSISAuth=${ssoCookie}`,
    setCookies: ['MSISLoopDetectionCookie=MjAyNi0xMS0yMzowOTozMDowMVpcMQ==; path=/adfs; HttpOnly; Secure'],
  },
];
export const tokenPost = (answer: Partial<Recorded>): Recorded => ({
  method: 'POST',
  url: `${auth}/`,
  status: 302,
  form: { wa: 'wsignin1.0', wresult, wctx },
  origin: sts,
  ...answer,
});
const session = [`MSISAuth=${sessionCookie}; domain=contoso.com; path=/; secure; HttpOnly`];

export const healthy: readonly Recorded[] = [
  ...upToToken,
  tokenPost({ location: `${crm}/main.aspx`, setCookies: session }),
  { url: `${crm}/main.aspx`, status: 200, html: shell, cookies: `MSISAuth=${sessionCookie}` },
  { url: `${crm}/_root/homepage.aspx`, status: 200, html: '<html><body>Welcome</body></html>', destination: 'iframe' },
];
export const rolledOver: readonly Recorded[] = [
  ...upToToken,
  tokenPost({ location: errorAddress(id4175) }),
  { url: errorAddress(id4175), status: 200, html: '<html><head><title>Error</title></head><body>An error has occurred.</body></html>' },
];
const round: readonly Recorded[] = [
  tokenPost({ location: `${crm}/main.aspx`, setCookies: [`MSISAuth=${sessionCookie}; domain=crm.contoso.invalid; path=/; secure; HttpOnly`] }),
  { url: `${crm}/main.aspx`, status: 302, location: signInAddress(), cookies: 'ReqClientId=1234' },
  { url: signInAddress(), status: 200, html: workingPage, cookies: `MSISAuth=${ssoCookie}` },
];
export const looping: readonly Recorded[] = [...upToToken, ...round, ...round, ...round.slice(0, 2), { url: signInAddress(), status: 200, html: adfsError }];

const agents: Readonly<Record<Dialect, string>> = {
  chrome: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  'chrome-sanitized': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36',
  edge: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0.0.0 Safari/537.36 Edg/142.0.0.0',
  'firefox-old': 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:78.0) Gecko/20100101 Firefox/78.0',
  firefox: 'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0',
};

/** The recording as that browser saves it. */
export function har(dialect: Dialect, recorded: readonly Recorded[]): string {
  const firefox = dialect.startsWith('firefox');
  const log = {
    version: '1.2',
    creator: firefox ? { name: 'Firefox', version: '140.0' } : { name: 'WebInspector', version: '537.36' },
    ...(firefox ? { browser: { name: 'Firefox', version: '140.0' } } : {}),
    pages: [],
    entries: recorded.map((each, index) => entry(dialect, each, index)),
  };
  return JSON.stringify({ log });
}

function entry(
  dialect: Dialect,
  {
    method = 'GET',
    url,
    status,
    location,
    setCookies = [],
    cookies,
    form,
    html,
    json,
    challenges = [],
    authorization,
    failure,
    byUser = false,
    destination = 'document',
    origin,
  }: Recorded,
  index: number,
): unknown {
  const firefox = dialect.startsWith('firefox');
  const bare = dialect === 'chrome-sanitized';
  const at = startMs + index * 300;
  const text = form && new URLSearchParams(form).toString();
  const sent = [
    ['User-Agent', agents[dialect]],
    ['Accept', destination === 'document' || destination === 'iframe' ? 'text/html,application/xhtml+xml' : '*/*'],
    ...(dialect === 'firefox-old' ? [] : [['sec-fetch-dest', destination], ['sec-fetch-site', byUser ? 'none' : 'same-site']]),
    ...(origin ? [['Origin', origin]] : []),
    ...(form ? [['Content-Type', 'application/x-www-form-urlencoded']] : []),
    ...(cookies && !bare ? [['Cookie', cookies]] : []),
    ...(authorization && !bare ? [['Authorization', authorization]] : []),
  ]; // prettier-ignore
  const received = [
    ['Date', new Date(at + 20).toUTCString()],
    ['Server', url.startsWith(sts) ? 'Microsoft-HTTPAPI/2.0' : 'Microsoft-IIS/10.0'],
    ...(location ? [['Location', location]] : []),
    ...(setCookies.length > 0 && !bare ? (firefox ? [['Set-Cookie', setCookies.join('\n')]] : setCookies.map((line) => ['Set-Cookie', line])) : []),
    ...challenges.map((value) => ['WWW-Authenticate', value]),
    ...(html ? [['Content-Type', 'text/html; charset=utf-8']] : json ? [['Content-Type', 'application/json']] : destination === 'style' ? [['Content-Type',
      'text/css']] : []),
  ]; // prettier-ignore
  const named = (pairs: readonly (readonly (string | undefined)[])[]): unknown[] => pairs.map(([name, value]) => ({ name, value }));
  return {
    startedDateTime: firefox ? new Date(at).toISOString().replace('Z', '+00:00') : new Date(at).toISOString(),
    time: 40,
    ...(firefox
      ? {}
      : {
          _resourceType: destination === 'iframe' ? 'document' : destination === 'empty' ? 'xhr' : destination === 'style' ? 'stylesheet' : 'document',
          _initiator: { type: 'other' },
        }),
    request: {
      method,
      url,
      httpVersion: 'HTTP/1.1',
      headers: named(sent),
      queryString: [],
      cookies: [],
      headersSize: -1,
      bodySize: text?.length ?? 0,
      ...(text
        ? {
            postData: {
              mimeType: 'application/x-www-form-urlencoded',
              text,
              params: firefox ? [] : text.split('&').map((pair) => ({ name: pair.split('=')[0], value: pair.slice(pair.indexOf('=') + 1) })),
            },
          }
        : {}),
    },
    response: {
      status,
      statusText: '',
      httpVersion: 'HTTP/1.1',
      headers: named(received),
      cookies: [],
      content: {
        size: html?.length ?? 0,
        mimeType: html ? 'text/html' : json ? 'application/json' : 'x-unknown',
        ...(html ? (firefox ? { text: html } : { text: Buffer.from(html).toString('base64'), encoding: 'base64' }) : json ? { text: json } : {}),
      },
      redirectURL: location ?? '',
      headersSize: -1,
      bodySize: -1,
      ...(failure ? { _error: failure } : {}),
    },
    cache: {},
    timings: { dns: 2, connect: 10, ssl: 8, send: 0, wait: 20, receive: 1 },
  };
}
