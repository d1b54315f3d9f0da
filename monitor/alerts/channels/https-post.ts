import * as http from 'node:http';
import * as https from 'node:https';
import { isIP, type Socket } from 'node:net';
import * as tls from 'node:tls';
import { isLoopbackHost, trustingContext, withoutBrackets } from '../../../probes/network';
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
  if (!url || !(url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHost(url.hostname))))
    return { ok: false, why: 'The secret behind the channel’s address is no https:// address (not shown).' };
  const secure = url.protocol === 'https:';
  const host = withoutBrackets(url.hostname);
  const timeout = AbortSignal.timeout(sendTimeoutMs);
  const deadline = signal ? AbortSignal.any([timeout, signal]) : timeout;
  let tunnel: Socket | null = null;
  try {
    if (proxy !== null && secure) tunnel = await connectThrough(proxy, `${url.hostname}:${url.port || 443}`, deadline);
    return await post();
  } catch (error) {
    return { ok: false, why: `${url.host}: ${timeout.aborted ? `no complete answer within ${sendTimeoutMs / 1000} s` : failureOf(error)}.` };
  } finally {
    tunnel?.destroy();
  }

  function post(): Promise<SendResult> {
    return new Promise((resolve, reject) => {
      const secured = { secureContext: trustingContext(caFile), servername: isIP(host) ? '' : host, rejectUnauthorized: true };
      const through = tunnel;
      const request = (secure ? https : http).request(address, {
        method: 'POST',
        // Its own connection for each message; with a tunnel, that one.
        agent: through ? undefined : false,
        signal: deadline,
        headers: {
          'content-type': 'application/json; charset=utf-8',
          'content-length': Buffer.byteLength(body),
          'user-agent': 'signin-probe',
          connection: 'close',
          ...headers,
        },
        ...(secure ? secured : {}),
        ...(through ? { createConnection: () => tls.connect({ socket: through, host, ...secured }) } : {}),
      } as https.RequestOptions);
      request.once('error', reject);
      request.once('response', (response) => {
        let text = '';
        let bytes = 0;
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          bytes += chunk.length;
          if (bytes <= maxAnswerBytes) text += chunk;
          else request.destroy(new Error(`an answer of more than ${maxAnswerBytes} bytes`));
        });
        response.once('error', reject);
        response.once('end', () => resolve(resultOf(new URL(address).host, response, text)));
      });
      request.end(body);
    });
  }
}

function resultOf(host: string, { statusCode = 0, headers }: http.IncomingMessage, text: string): SendResult {
  const said = oneLine(text); // whole: a secret that is cut would not be known again
  if (statusCode >= 200 && statusCode < 300) return { ok: true, note: `${host} answered ${statusCode}${said === '' ? '' : ` (${said})`}` };
  const seconds = Number(headers['retry-after']);
  return {
    ok: false,
    why:
      statusCode >= 300 && statusCode < 400
        ? `${host} answered ${statusCode}, a redirect, which is not followed; put the final address there.`
        : `${host} answered ${statusCode}${said === '' ? '' : `: ${said}`}.`,
    ...(Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 3600) * 1000 } : {}),
  };
}

/** CONNECT through an HTTP proxy. */
function connectThrough(proxy: string, authority: string, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const request = http.request(proxy, { method: 'CONNECT', path: authority, headers: { host: authority }, agent: false, signal });
    request.once('error', (error) => reject(new Error(`the proxy ${new URL(proxy).host} does not answer (${failureOf(error)})`)));
    request.once('connect', (response, socket) => {
      if (response.statusCode === 200) resolve(socket);
      else {
        socket.destroy();
        reject(new Error(`the proxy ${new URL(proxy).host} answered ${response.statusCode}`));
      }
    });
    request.end();
  });
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
