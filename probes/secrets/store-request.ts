/** One request to a secret store: JSON in and out, TLS verified, everything bounded, no redirects. No SDK: two addresses and a token are all that is needed. */
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import { isLoopbackHost } from '../network/loopback';
import { trustingContext } from '../network/trust';

export interface StoreRequest {
  readonly url: string;
  readonly method?: 'GET' | 'POST';
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as an HTML form. */
  readonly form?: Readonly<Record<string, string>>;
  /** PEM file of a private CA. */
  readonly caFile?: string | null;
  /** Addresses of a cloud's own machine (169.254.169.254) speak plain http; nobody else may. */
  readonly plainHttpHost?: string;
}

export type StoreAnswer =
  { readonly ok: true; readonly status: number; readonly json: unknown } | { readonly ok: false; readonly why: string; readonly absent?: boolean };

const timeoutMs = 10_000;
const maxBytes = 1_000_000;

/** Never throws, and never says what the answer was: it may be the secret. */
export async function askStore({ url: address, method = 'GET', headers = {}, form, caFile = null, plainHttpHost }: StoreRequest): Promise<StoreAnswer> {
  if (!URL.canParse(address)) return { ok: false, why: 'expected an https:// address, found something that is no address' };
  const url = new URL(address);
  const secure = url.protocol === 'https:';
  if (!secure && !(url.protocol === 'http:' && (isLoopbackHost(url.hostname) || url.hostname === plainHttpHost)))
    return { ok: false, why: `expected an https:// address, found ${url.protocol}//${url.host}` };
  if (url.username || url.password) return { ok: false, why: `the address of ${url.host} must not hold a user or a password` };
  let secureContext;
  try {
    if (caFile !== null) readFileSync(caFile);
    secureContext = secure ? trustingContext(caFile) : undefined;
  } catch (error) {
    return { ok: false, why: `the CA file ${caFile} cannot be used (${(error as NodeJS.ErrnoException).code ?? 'no certificate in it'})` };
  }
  const body = form ? new URLSearchParams(form).toString() : null;
  const signal = AbortSignal.timeout(timeoutMs);
  return new Promise((resolve) => {
    const request = (secure ? https : http).request(
      url,
      {
        method,
        signal,
        agent: false,
        // Names below localhost are this machine's own, whether the system's resolver knows it or not (RFC 6761).
        ...(url.hostname.endsWith('.localhost') ? { hostname: '127.0.0.1', servername: url.hostname } : {}),
        headers: {
          host: url.host,
          accept: 'application/json',
          connection: 'close',
          ...headers,
          ...(body === null ? {} : { 'content-type': 'application/x-www-form-urlencoded', 'content-length': String(Buffer.byteLength(body)) }),
        },
        ...(secure ? { secureContext, rejectUnauthorized: true } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        response.on('data', (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxBytes) request.destroy(new Error('too large'));
          else chunks.push(chunk);
        });
        response.on('error', failed);
        response.on('end', () => resolve({ ok: true, status: response.statusCode ?? 0, json: parsed(Buffer.concat(chunks)) }));
      },
    );
    const failed = (error: NodeJS.ErrnoException): void => {
      const why = signal.aborted ? `no complete answer within ${timeoutMs / 1000} s` : (error.code ?? error.message.split('\n')[0] ?? 'no answer');
      resolve({ ok: false, absent: ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENOTFOUND'].includes(error.code ?? ''), why: `${url.host}: ${why}` });
    };
    request.on('error', failed);
    request.end(body ?? undefined);
  });
}

/** The value at a path of names, when it is a string. */
export function stringAt(json: unknown, ...path: readonly string[]): string | null {
  const value = path.reduce<unknown>(
    (each, name) => (typeof each === 'object' && each !== null && Object.hasOwn(each, name) ? (each as Record<string, unknown>)[name] : undefined),
    json,
  );
  return typeof value === 'string' ? value : null;
}

function parsed(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}
