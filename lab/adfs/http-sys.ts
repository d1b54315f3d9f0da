import type { IncomingMessage, ServerResponse } from 'node:http';
import type { IisHeaders } from './generation';
import { escapeXml } from './xml';

/** Largest form body read; AD FS forms are far smaller. */
const maxBodyBytes = 256 * 1024;

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly cookies?: readonly string[];
  /** None means `Content-Length: 0`. */
  readonly body?: string;
  readonly contentType?: string;
  /** HTTP.sys itself answers, before IIS and ASP.NET see the request. */
  readonly byHttpSys?: boolean;
}

/**
 * Sends an answer the way AD FS 3.0 and later do: straight from HTTP.sys, the date by the server's own clock (field guide section 1.4). With `iis`,
 * as AD FS 2.x does.
 */
export function send(response: ServerResponse, now: Date, reply: Reply, iis: IisHeaders | null = null): void {
  const location = reply.headers?.Location;
  const moved =
    iis && typeof location === 'string'
      ? `<html><head><title>Object moved</title></head><body>\r\n<h2>Object moved to <a href="${escapeXml(location)}">here</a>.</h2>\r\n</body></html>\r\n`
      : '';
  const body = Buffer.from(reply.body ?? moved, 'utf8');
  response.statusCode = reply.status;
  if (body.length > 0) {
    response.setHeader('Cache-Control', 'no-cache,no-store');
    response.setHeader('Pragma', 'no-cache');
    response.setHeader('Content-Type', reply.contentType ?? 'text/html; charset=utf-8');
    response.setHeader('Expires', '-1');
  }
  for (const [name, value] of Object.entries(reply.headers ?? {})) response.setHeader(name, value);
  if (reply.cookies?.length) response.setHeader('Set-Cookie', [...reply.cookies]);
  response.setHeader('Content-Length', body.length);
  response.setHeader('Server', iis && !reply.byHttpSys ? iis.server : 'Microsoft-HTTPAPI/2.0');
  if (iis && !reply.byHttpSys) {
    response.setHeader('X-AspNet-Version', iis.aspNetVersion);
    response.setHeader('X-Powered-By', 'ASP.NET');
  }
  response.setHeader('Date', now.toUTCString());
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** HTTP.sys' own pages, sent when no service listens on the address. */
export function httpSysPage(status: 400 | 404 | 503): Reply {
  const [title, heading, text] = {
    400: ['Bad Request', 'Bad Request - Request Too Long', 'HTTP Error 400. The size of the request headers is too long.'],
    404: ['Not Found', 'Not Found', 'HTTP Error 404. The requested resource is not found.'],
    503: ['Service Unavailable', 'Service Unavailable', 'HTTP Error 503. The service is unavailable.'],
  }[status];
  return {
    status,
    byHttpSys: true,
    contentType: 'text/html; charset=us-ascii',
    body:
      '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n' +
      `<HTML><HEAD><TITLE>${title}</TITLE>\r\n<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n` +
      `<BODY><h2>${heading}</h2>\r\n<hr><p>${text}</p>\r\n</BODY></HTML>\r\n`,
  };
}

/** IIS's page for an address without a file. */
export const iisNotFound: Reply = {
  status: 404,
  body:
    '<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "http://www.w3.org/TR/xhtml1/DTD/xhtml1-strict.dtd">' +
    '<html xmlns="http://www.w3.org/1999/xhtml"><head>' +
    '<title>404 - File or directory not found.</title></head><body><h1>Server Error</h1><h2>404 - File or directory not found.</h2></body></html>',
};

/** Reads a form body; null when it is larger than any form of AD FS. */
export async function readForm(request: IncomingMessage): Promise<URLSearchParams | null> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBodyBytes) return null;
    chunks.push(chunk);
  }
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'));
}
