import { request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import type { Lab } from './lab-types';

/** A plain HTTPS client with cookies, for tests that need no browser: it signs in with the form, one request at a time. */
export interface TestClient {
  get(url: string): Promise<TestAnswer>;
  post(url: string, fields: Readonly<Record<string, string>>): Promise<TestAnswer>;
  /** GET, then every redirect until another answer comes. */
  follow(url: string, most?: number): Promise<TestAnswer>;
  /** From CRM's address to CRM's answer to the token, with the account's password in the form; redirects after that are not followed. */
  signIn(url: string): Promise<TestAnswer>;
  /** Names of the cookies that would be sent to this address. */
  cookiesFor(url: string): string[];
}

export interface TestAnswer {
  readonly url: string;
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** Absolute, or null. */
  readonly location: string | null;
}

interface Cookie {
  readonly name: string;
  readonly value: string;
  readonly host: string;
  /** True for the host itself only. */
  readonly hostOnly: boolean;
  readonly path: string;
}

const unescapeHtml = (text: string): string =>
  text.replace(/&(lt|gt|quot|amp|#39|#x27);/g, (_all, name: string) => ({ lt: '<', gt: '>', quot: '"', amp: '&' })[name] ?? "'");

/** Name and value of every input, and the form's action. */
export function readForm(html: string): { action: string; fields: Record<string, string> } {
  const action = unescapeHtml(/<form[^>]*\baction="([^"]*)"/i.exec(html)?.[1] ?? '');
  const fields: Record<string, string> = {};
  for (const [input] of html.matchAll(/<input\b(?:[^>"]|"[^"]*")*>/gi)) {
    const name = /\bname="([^"]*)"/i.exec(input)?.[1];
    if (name) fields[name] = unescapeHtml(/\bvalue="([^"]*)"/i.exec(input)?.[1] ?? '');
  }
  return { action, fields };
}

export function createTestClient(lab: Lab, rootPem: string): TestClient {
  let jar: Cookie[] = [];

  const fits = (cookie: Cookie, url: URL): boolean =>
    (cookie.hostOnly ? url.hostname === cookie.host : url.hostname === cookie.host || url.hostname.endsWith(`.${cookie.host}`)) &&
    url.pathname.startsWith(cookie.path);

  const store = (line: string, url: URL): void => {
    const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
    const attribute = (name: string): string | null => attributes.find((text) => text.toLowerCase().startsWith(`${name}=`))?.slice(name.length + 1) ?? null;
    const domain = attribute('domain')?.replace(/^\./, '') ?? null;
    if (domain !== null && url.hostname !== domain && !url.hostname.endsWith(`.${domain}`)) return; // as a browser refuses it
    const cookie: Cookie = {
      name: pair.slice(0, pair.indexOf('=')),
      value: pair.slice(pair.indexOf('=') + 1),
      host: domain ?? url.hostname,
      hostOnly: domain === null,
      path: attribute('path') ?? '/',
    };
    jar = jar.filter(({ name, host, path }) => name !== cookie.name || host !== cookie.host || path !== cookie.path);
    const expires = attribute('expires');
    if (expires === null || new Date(expires) > new Date()) jar.push(cookie);
  };

  const send = (method: string, address: string, body?: string): Promise<TestAnswer> =>
    new Promise((resolve, reject) => {
      const url = new URL(address);
      const cookies = jar.filter((cookie) => fits(cookie, url)).map(({ name, value }) => `${name}=${value}`);
      const outgoing = request(url, {
        method,
        ca: rootPem,
        agent: false,
        maxHeaderSize: 65_536,
        lookup: (host, options, callback) =>
          void lab.dns.lookup(host).then(
            (address) => (options.all ? callback(null, [{ address, family: 4 }]) : callback(null, address, 4)),
            (error: NodeJS.ErrnoException) => callback(error, '', 4),
          ),
        headers: {
          ...(cookies.length > 0 ? { cookie: cookies.join('; ') } : {}),
          ...(body === undefined ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': Buffer.byteLength(body) }),
        },
      });
      outgoing.on('error', reject);
      outgoing.on('response', (response) => {
        for (const line of response.headers['set-cookie'] ?? []) store(line, url);
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('end', () =>
          resolve({
            url: address,
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString('utf8'),
            location: response.headers.location ? new URL(response.headers.location, address).href : null,
          }),
        );
      });
      outgoing.end(body);
    });

  const client: TestClient = {
    get: (url) => send('GET', url),
    post: (url, fields) => send('POST', url, new URLSearchParams(fields).toString()),
    async follow(url, most = 10) {
      let answer = await client.get(url);
      for (let round = 0; answer.location && round < most; round += 1) answer = await client.get(answer.location);
      return answer;
    },
    async signIn(url) {
      const crm = await client.get(url);
      if (!crm.location?.startsWith(lab.urls.sts)) throw new Error(`${url}: expected a redirect to AD FS, found ${crm.status} ${crm.location ?? crm.text}`);
      // Windows authentication needs NTLM; as some administrators do with a rewrite rule, ask for the form instead.
      const toForm = new URL(crm.location);
      toForm.searchParams.set('wauth', 'urn:oasis:names:tc:SAML:1.0:am:password');
      let answer = await client.follow(toForm.href);
      if (/type="password"/i.test(answer.text)) {
        const form = readForm(answer.text);
        // AD FS 2.x has field names of its own.
        const own = (name: RegExp): string => Object.keys(form.fields).find((field) => name.test(field)) ?? '';
        answer = await client.post(new URL(form.action || answer.url, answer.url).href, {
          ...form.fields,
          [own(/^UserName$|UsernameTextBox$/)]: lab.credentials.user,
          [own(/^Password$|PasswordTextBox$/)]: lab.credentials.password,
          ...('AuthMethod' in form.fields ? { AuthMethod: 'FormsAuthentication' } : {}),
        });
        if (answer.location) answer = await client.follow(answer.location);
      }
      if (!/name="hiddenform"/.test(answer.text)) return answer;
      const working = readForm(answer.text);
      return client.post(working.action, { wa: working.fields.wa ?? '', wresult: working.fields.wresult ?? '', wctx: working.fields.wctx ?? '' });
    },
    cookiesFor: (url) => jar.filter((cookie) => fits(cookie, new URL(url))).map(({ name }) => name),
  };
  return client;
}
