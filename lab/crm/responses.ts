import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Clock } from '../clock';
import { escapeXml } from './xml-reading';

export interface Answer {
  readonly status: number;
  readonly contentType?: string;
  readonly body?: string;
  readonly location?: string;
  readonly cookies?: readonly string[];
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /** HTTP.sys itself answers, before IIS and ASP.NET see the request. */
  readonly byHttpSys?: boolean;
}

const html = 'text/html; charset=utf-8';

/** Writes an answer with the headers that identify CRM's IIS (field guide §1.4), e.g. `Microsoft-IIS/10.0`; Date comes from CRM's clock. */
export function sendAnswer(response: ServerResponse, answer: Answer, clock: Clock, iis: string, withBody: boolean): void {
  const body = answer.body ?? (answer.location ? movedBody(answer.location) : '');
  response.sendDate = false;
  response.statusCode = answer.status;
  response.setHeader('Cache-Control', 'private');
  response.setHeader('Content-Type', answer.contentType ?? html);
  response.setHeader('Server', answer.byHttpSys ? 'Microsoft-HTTPAPI/2.0' : iis);
  response.setHeader('Date', clock.now().toUTCString());
  if (!answer.byHttpSys) {
    response.setHeader('REQ_ID', randomUUID());
    response.setHeader('X-AspNet-Version', '4.0.30319');
    response.setHeader('X-Powered-By', 'ASP.NET');
  }
  if (answer.location) response.setHeader('Location', answer.location);
  if (answer.cookies?.length) response.setHeader('Set-Cookie', [...answer.cookies]);
  for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
  response.setHeader('Content-Length', Buffer.byteLength(body));
  response.end(withBody ? body : undefined);
}

const movedBody = (location: string): string =>
  `<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href="${escapeXml(location)}">here</a>.</h2>\r\n</body></html>\r\n`;

export const page = (body: string, cookies: readonly string[] = []): Answer => ({ status: 200, body, cookies });
export const redirect = (location: string, cookies: readonly string[] = []): Answer => ({ status: 302, location, cookies });
export const json = (status: number, value: unknown): Answer => ({
  status,
  contentType: 'application/json; odata.metadata=minimal',
  body: JSON.stringify(value),
  headers: { 'OData-Version': '4.0' },
});

/** HTTP.sys's answer while the app pool is stopped. */
export const serviceUnavailable: Answer = {
  status: 503,
  byHttpSys: true,
  contentType: 'text/html; charset=us-ascii',
  body:
    '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n<HTML><HEAD><TITLE>Service Unavailable</TITLE>\r\n' +
    '<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n<BODY><h2>Service Unavailable</h2>\r\n' +
    '<hr><p>HTTP Error 503. The service is unavailable.</p>\r\n</BODY></HTML>\r\n',
};

export const invalidHostname: Answer = {
  status: 400,
  byHttpSys: true,
  contentType: 'text/html; charset=us-ascii',
  body:
    '<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD>\r\n<BODY><h2>Bad Request - Invalid Hostname</h2>\r\n' +
    '<hr><p>HTTP Error 400. The request hostname is invalid.</p>\r\n</BODY></HTML>\r\n',
};

/** HTTP.sys's answer to a request whose headers are larger than MaxFieldLength and MaxRequestBytes allow. */
export const requestTooLong: Answer = {
  status: 400,
  byHttpSys: true,
  contentType: 'text/html; charset=us-ascii',
  body:
    '<HTML><HEAD><TITLE>Bad Request</TITLE></HEAD>\r\n<BODY><h2>Bad Request - Request Too Long</h2>\r\n' +
    '<hr><p>HTTP Error 400. The size of the request headers is too long.</p>\r\n</BODY></HTML>\r\n',
};

/** CRM in Windows mode (claims disabled): IIS asks for Windows credentials itself. */
export const windowsChallenge: Answer = {
  status: 401,
  headers: { 'WWW-Authenticate': ['Negotiate', 'NTLM'] },
  body:
    '<!DOCTYPE html><html><head><title>401 - Unauthorized: Access is denied due to invalid credentials.</title></head><body><h1>Server Error</h1>' +
    '<h2>401 - Unauthorized: Access is denied due to invalid credentials.</h2><h3>You do not have permission to view this directory or page using the ' +
    'credentials that you supplied.</h3></body></html>',
};

export const notFound: Answer = {
  status: 404,
  body:
    '<!DOCTYPE html><html><head><title>404 - File or directory not found.</title></head><body><h1>Server Error</h1>' +
    '<h2>404 - File or directory not found.</h2><h3>The resource you are looking for might have been removed, had its name changed, ' +
    'or is temporarily unavailable.</h3></body></html>',
};
