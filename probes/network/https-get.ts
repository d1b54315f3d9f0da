/** One GET with full TLS verification and a limit on everything: time, size, redirects (none). For metadata, WSDL and clocks. */
import { type Answer, httpsRequest, mayBeAsked } from './https-request';
import type { Lookup } from './lookup';

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

export type GetResult = Extract<Answer, { ok: true }> | { readonly ok: false; readonly why: string; readonly code: string };

/**
 * Resolves with the answer, whatever its status; a redirect is an answer too. `ok: false` with a code (ENOTFOUND, ECONNREFUSED, CERT_HAS_EXPIRED, ETIMEDOUT,
 * ETOOLARGE, EABORTED, EPROTOCOL) when there is none. Never throws. Plain http is spoken with the loopback host only.
 */
export async function httpsGet(address: string, { lookup, headers = {}, ...limits }: GetOptions): Promise<GetResult> {
  if (!URL.canParse(address)) return { ok: false, code: 'EPROTOCOL', why: 'Expected an https:// address, found something that is no address.' };
  const url = new URL(address);
  if (!mayBeAsked(url)) return failure(url, { ok: false, kind: 'plain-http' }, limits);
  if (limits.signal?.aborted) return { ok: false, code: 'EABORTED', why: `${url.host}: stopped before the request began.` };
  const place = await lookup.lookup(url.hostname);
  if (place.address === null)
    return { ok: false, code: place.error ?? 'ENOTFOUND', why: `${url.hostname} has no address (${place.error}, asked ${place.source}).` };
  const answer = await httpsRequest(url, { ...limits, address: place.address, headers: { accept: '*/*', 'accept-language': 'en-US', ...headers } });
  return answer.ok ? answer : failure(url, answer, limits);
}

function failure(url: URL, answer: Extract<Answer, { ok: false }>, { timeoutMs, maxBytes }: Pick<GetOptions, 'timeoutMs' | 'maxBytes'>): GetResult {
  const failed = (code: string, why: string): GetResult => ({ ok: false, code, why: `${url.host}: ${why}` });
  switch (answer.kind) {
    case 'plain-http': {
      const why = `Expected an https:// address, found ${url.protocol}//${url.host}; plain http is allowed on the loopback host only.`;
      return { ok: false, code: 'EPROTOCOL', why };
    }
    case 'stopped':
      return failed('EABORTED', 'the request was stopped.');
    case 'timeout':
      return failed('ETIMEDOUT', `no complete answer within ${timeoutMs} ms.`);
    case 'too-large':
      return failed('ETOOLARGE', `the answer is larger than ${maxBytes} bytes.`);
    case 'proxy':
      return failed('EPROXY', 'the proxy gave no tunnel.');
    case 'failed':
      return failed(answer.error.code ?? 'EUNKNOWN', failureText(answer.error));
  }
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
