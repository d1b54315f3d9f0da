/** One GET with full TLS verification and a limit on everything: time, size, redirects (none). For metadata, WSDL and clocks. */
import * as http from 'node:http';
import * as https from 'node:https';
import { isIP } from 'node:net';
import { isLoopbackHost, withoutBrackets } from './loopback';
import type { Lookup } from './lookup';
import { trustingContext } from './trust';

export interface GetOptions {
  readonly lookup: Lookup;
  /** PEM file of a private CA, trusted besides the system's. */
  readonly caFile: string | null;
  readonly timeoutMs: number;
  /** A larger body is an answer that is refused, not cut. */
  readonly maxBytes: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

export type GetResult =
  | {
      readonly ok: true;
      readonly status: number;
      readonly headers: http.IncomingHttpHeaders;
      readonly body: Buffer;
      readonly startedAt: string;
      readonly endedAt: string;
      /** When the request was sent and its answer's first byte came, for clock readings: connecting is not in between. Milliseconds since 1970. */
      readonly sentAtMs: number;
      readonly answeredAtMs: number;
    }
  | { readonly ok: false; readonly why: string; readonly code: string };

/**
 * Resolves with the answer, whatever its status; a redirect is an answer too. `ok: false` with a code (ENOTFOUND, ECONNREFUSED, CERT_HAS_EXPIRED, ETIMEDOUT,
 * ETOOLARGE, EABORTED, EPROTOCOL) when there is none. Never throws. Plain http is spoken with the loopback host only.
 */
export async function httpsGet(address: string, options: GetOptions): Promise<GetResult> {
  let url: URL;
  try {
    url = new URL(address);
  } catch {
    return { ok: false, code: 'EPROTOCOL', why: 'Expected an https:// address, found something that is no address.' };
  }
  if (url.protocol !== 'https:' && !(url.protocol === 'http:' && isLoopbackHost(url.hostname)))
    return {
      ok: false,
      code: 'EPROTOCOL',
      why: `Expected an https:// address, found ${url.protocol}//${url.host}; plain http is allowed on the loopback host only.`,
    };
  if (options.signal?.aborted) return { ok: false, code: 'EABORTED', why: `${url.host}: stopped before the request began.` };
  const answer = await options.lookup.lookup(url.hostname);
  if (answer.address === null)
    return { ok: false, code: answer.error ?? 'ENOTFOUND', why: `${url.hostname} has no address (${answer.error}, asked ${answer.source}).` };
  return request(url, answer.address, options);
}

function request(url: URL, address: string, { caFile, timeoutMs, maxBytes, headers = {}, signal }: GetOptions): Promise<GetResult> {
  const secure = url.protocol === 'https:';
  const host = withoutBrackets(url.hostname);
  const startedAt = new Date().toISOString();
  // One agent per request: a shared one would reuse another node's socket.
  const agent = secure ? new https.Agent({ keepAlive: false }) : new http.Agent({ keepAlive: false });
  return new Promise((resolve) => {
    let sentAtMs = Date.now();
    const finish = (result: GetResult): void => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      resolve(result);
      outgoing.destroy();
      agent.destroy();
    };
    const fail = (code: string, why: string): void => finish({ ok: false, code, why: `${url.host}: ${why}` });
    const onAbort = (): void => fail('EABORTED', 'the request was stopped.');
    const timer = setTimeout(() => fail('ETIMEDOUT', `no complete answer within ${timeoutMs} ms.`), timeoutMs);
    signal?.addEventListener('abort', onAbort, { once: true });

    const outgoing = (secure ? https : http).request({
      host: address,
      port: url.port || (secure ? 443 : 80),
      path: url.pathname + url.search,
      method: 'GET',
      agent,
      headers: { host: url.host, accept: '*/*', 'accept-language': 'en-US', connection: 'close', ...headers },
      ...(secure ? { secureContext: trustingContext(caFile), servername: isIP(host) ? '' : host, rejectUnauthorized: true } : {}),
    } as https.RequestOptions);
    outgoing.on('socket', (socket) => socket.once(secure ? 'secureConnect' : 'connect', () => (sentAtMs = Date.now())));
    outgoing.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'EUNKNOWN', failureText(error)));
    outgoing.on('response', (response) => {
      const answeredAtMs = Date.now();
      const chunks: Buffer[] = [];
      let bytes = 0;
      response.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) fail('ETOOLARGE', `the answer is larger than ${maxBytes} bytes.`);
        else chunks.push(chunk);
      });
      response.on('error', (error: NodeJS.ErrnoException) => fail(error.code ?? 'EUNKNOWN', failureText(error)));
      response.on('end', () =>
        finish({
          ok: true,
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
          startedAt,
          endedAt: new Date().toISOString(),
          sentAtMs,
          answeredAtMs,
        }),
      );
    });
    outgoing.end();
  });
}

function failureText(error: NodeJS.ErrnoException): string {
  const texts: Record<string, string> = {
    ECONNREFUSED: 'the connection was refused; nothing listens on that port.',
    ECONNRESET: 'the connection was cut.',
    CERT_HAS_EXPIRED: 'its TLS certificate has expired.',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for other names.',
  };
  return texts[error.code ?? ''] ?? `${error.message.split('\n')[0]}${error.code ? ` (${error.code})` : ''}.`;
}
