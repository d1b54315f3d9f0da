import type { IncomingMessage, ServerResponse } from 'node:http';

/** Largest form body read; AD FS forms are far smaller. */
const maxBodyBytes = 256 * 1024;

export interface Reply {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly cookies?: readonly string[];
  /** None means `Content-Length: 0`. */
  readonly body?: string;
  readonly contentType?: string;
}

/** Sends an answer the way AD FS 3.0 and later do: straight from HTTP.sys, the date by the server's own clock (field guide section 1.4). */
export function send(response: ServerResponse, now: Date, reply: Reply): void {
  const body = Buffer.from(reply.body ?? '', 'utf8');
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
  response.setHeader('Server', 'Microsoft-HTTPAPI/2.0');
  response.setHeader('Date', now.toUTCString());
  response.end(response.req.method === 'HEAD' ? undefined : body);
}

/** HTTP.sys' own pages, sent when no service listens on the address. */
export function httpSysPage(status: 404 | 503): Reply {
  const [title, text] =
    status === 503
      ? ['Service Unavailable', 'HTTP Error 503. The service is unavailable.']
      : ['Not Found', 'HTTP Error 404. The requested resource is not found.'];
  return {
    status,
    contentType: 'text/html; charset=us-ascii',
    body:
      '<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN""http://www.w3.org/TR/html4/strict.dtd">\r\n' +
      `<HTML><HEAD><TITLE>${title}</TITLE>\r\n<META HTTP-EQUIV="Content-Type" Content="text/html; charset=us-ascii"></HEAD>\r\n` +
      `<BODY><h2>${title}</h2>\r\n<hr><p>${text}</p>\r\n</BODY></HTML>\r\n`,
  };
}

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
