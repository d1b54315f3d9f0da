/** The STS behind Apache: sends everybody to the Windows sign-in and issues a token for the user that Apache names, as AD FS does at /adfs/ls/wia. */
import type * as http from 'node:http';
import { issueToken, type SigningKey } from '../foreign/saml-token';
import { escapeHtml } from '../foreign/virtual-hosts';
import { httpServer, type TestServer } from '../test-server';
import { userHeader } from './apache';

export const wiaPath = '/adfs/ls/wia';
export const signInPath = '/adfs/ls/';

export interface StsBehind extends TestServer {
  /** Users that got a token, in order. */
  readonly tokensFor: readonly string[];
}

export async function startStsBehind(key: SigningKey): Promise<StsBehind> {
  const tokensFor: string[] = [];
  const handler: http.RequestListener = (request, response) => {
    const url = new URL(request.url ?? '/', `https://${request.headers.host}`);
    const page = (title: string, body: string): void =>
      void response
        .writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' })
        .end(`<!doctype html><html><head><title>${title}</title></head><body>${body}</body></html>`);
    const wanted = url.searchParams;
    if (url.pathname === signInPath && wanted.get('wa') === 'wsignout1.0') return page('Sign out', '<p>You are signed out.</p>');
    if (url.pathname === signInPath && wanted.get('wa') === 'wsignin1.0')
      return void response.writeHead(302, { Location: `${url.origin}${wiaPath}${url.search}` }).end();
    const user = request.headers[userHeader];
    if (url.pathname !== wiaPath || typeof user !== 'string') return void response.writeHead(404).end();
    tokensFor.push(user);
    const realm = wanted.get('wtrealm') ?? '';
    const wresult = issueToken({ version: '1.1', issuer: `${url.origin}/adfs/services/trust`, audience: realm, user, key, minutes: 60 });
    const fields = { wa: 'wsignin1.0', wresult, wctx: wanted.get('wctx') ?? '' };
    const inputs = Object.entries(fields).map(([name, value]) => `<input type="hidden" name="${name}" value="${escapeHtml(value)}">`);
    page(
      'Working...',
      `<form method="POST" name="hiddenform" action="${escapeHtml(realm)}">${inputs.join('')}</form><script>document.forms[0].submit()</script>`,
    );
  };
  return { ...(await httpServer(handler)), tokensFor };
}
