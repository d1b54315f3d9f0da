/** One request to a secret store: JSON in and out, TLS verified, everything bounded, no redirects. No SDK: two addresses and a token are all that is needed. */
import { readFileSync } from 'node:fs';
import { type Answer, httpsRequest, mayBeAsked } from '../network/https-request';
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
  if (!mayBeAsked(url, plainHttpHost)) return { ok: false, why: `expected an https:// address, found ${url.protocol}//${url.host}` };
  if (url.username || url.password) return { ok: false, why: `the address of ${url.host} must not hold a user or a password` };
  try {
    if (caFile !== null) readFileSync(caFile);
    trustingContext(caFile);
  } catch (error) {
    return { ok: false, why: `the CA file ${caFile} cannot be used (${(error as NodeJS.ErrnoException).code ?? 'no certificate in it'})` };
  }
  const answer = await httpsRequest(url, {
    method,
    caFile,
    timeoutMs,
    maxBytes,
    plainHttpHost,
    // Names below localhost are this machine's own, whether the system's resolver knows it or not (RFC 6761).
    address: url.hostname.endsWith('.localhost') ? '127.0.0.1' : null,
    headers: { accept: 'application/json', ...headers, ...(form ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
    body: form ? new URLSearchParams(form).toString() : null,
  });
  if (answer.ok) return { ok: true, status: answer.status, json: parsed(answer.body) };
  const { code, why } = failureOf(answer);
  return { ok: false, absent: ['ECONNREFUSED', 'ENETUNREACH', 'EHOSTUNREACH', 'ENOTFOUND'].includes(code), why: `${url.host}: ${why}` };
}

function failureOf(answer: Extract<Answer, { ok: false }>): { readonly code: string; readonly why: string } {
  if (answer.kind === 'timeout') return { code: '', why: `no complete answer within ${timeoutMs / 1000} s` };
  if (answer.kind === 'too-large') return { code: '', why: 'too large' };
  const { code = '', message = '' } = answer.kind === 'failed' ? answer.error : {};
  return { code, why: code || message.split('\n')[0] || 'no answer' };
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
