import { type Answer, httpsRequest, mayBeAsked } from '../../../probes/network';
import { oneLine } from '../../../reports/safe-text';
import { type SendResult, sendTimeoutMs } from './channel';

export interface PostWay {
  /** Absolute path of a PEM file. */
  readonly caFile: string | null;
  /** An HTTP proxy that connects to the outside; TLS is end to end. */
  readonly proxy: string | null;
  readonly signal?: AbortSignal | undefined;
}

const maxAnswerBytes = 64 * 1024;

/**
 * One POST of JSON. TLS is verified, redirects are not followed (the address is the secret's own). A status from 200 to 299 is success. Error texts
 * name the host alone: path and query may be the secret. Never throws.
 */
export async function httpsPost(
  address: string,
  body: string,
  headers: Readonly<Record<string, string>>,
  { caFile, proxy, signal }: PostWay,
): Promise<SendResult> {
  const url = URL.canParse(address) ? new URL(address) : null;
  if (!url || !mayBeAsked(url)) return { ok: false, why: 'The secret behind the channel’s address is no https:// address (not shown).' };
  const answer = await httpsRequest(url, {
    method: 'POST',
    caFile,
    proxy,
    timeoutMs: sendTimeoutMs,
    maxBytes: maxAnswerBytes,
    signal,
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': 'signin-probe', ...userOf(url), ...headers },
    body,
  });
  return answer.ok ? resultOf(url.host, answer) : { ok: false, why: `${url.host}: ${noAnswer(answer, proxy)}.` };
}

/** A user and a password in the address, as a browser would send them. */
function userOf({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  return { authorization: `Basic ${Buffer.from(`${decoded(username)}:${decoded(password)}`).toString('base64')}` };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function noAnswer(answer: Extract<Answer, { ok: false }>, proxy: string | null): string {
  switch (answer.kind) {
    case 'plain-http':
      return 'plain http is spoken with this machine only';
    case 'stopped':
      return 'it was stopped';
    case 'timeout':
      return `no complete answer within ${sendTimeoutMs / 1000} s`;
    case 'too-large':
      return `an answer of more than ${maxAnswerBytes} bytes`;
    case 'proxy': {
      const name = `the proxy ${URL.canParse(proxy ?? '') ? new URL(proxy ?? '').host : ''}`;
      return answer.status === null ? `${name} does not answer (${failureOf(answer.error)})` : `${name} answered ${answer.status}`;
    }
    case 'failed':
      return failureOf(answer.error);
  }
}

function resultOf(host: string, { status, headers, body }: Extract<Answer, { ok: true }>): SendResult {
  const said = oneLine(body.toString('utf8')); // whole: a secret that is cut would not be known again
  if (status >= 200 && status < 300) return { ok: true, note: `${host} answered ${status}${said === '' ? '' : ` (${said})`}` };
  const seconds = Number(headers['retry-after']);
  return {
    ok: false,
    why:
      status >= 300 && status < 400
        ? `${host} answered ${status}, a redirect, which is not followed; put the final address there.`
        : `${host} answered ${status}${said === '' ? '' : `: ${said}`}.`,
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 3600) * 1000 } : {}),
  };
}

/** A connection's failure in one clause, without the address. */
export function failureOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  const texts: Readonly<Record<string, string>> = {
    ECONNREFUSED: 'the connection was refused; nothing listens there',
    ECONNRESET: 'the connection was cut',
    ENOTFOUND: 'the name has no address',
    EAI_AGAIN: 'the name could not be looked up',
    ETIMEDOUT: 'no answer in time',
    CERT_HAS_EXPIRED: 'its TLS certificate has expired',
    ERR_TLS_CERT_ALTNAME_INVALID: 'its TLS certificate is for other names',
    DEPTH_ZERO_SELF_SIGNED_CERT: 'its TLS certificate is self-signed; name its CA as `ca`',
    SELF_SIGNED_CERT_IN_CHAIN: 'its TLS certificate is from an unknown CA; name it as `ca`',
    UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its TLS certificate is from an unknown CA; name it as `ca`',
    UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its TLS certificate is from an unknown CA; name it as `ca`',
  };
  // A mail library hands on the message without the code.
  const unknownAuthority = /unable to (verify|get)|self.signed certificate/.test(String(message)) ? texts.UNABLE_TO_VERIFY_LEAF_SIGNATURE : undefined;
  return texts[code ?? ''] ?? unknownAuthority ?? oneLine(`${String(message).split('\n')[0]}${code ? ` (${code})` : ''}`);
}
