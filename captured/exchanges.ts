/** Recorded documents as the exchanges of evidence: facts and sizes, no values of cookies, tokens or credentials. */
import type { Exchange } from '../contracts/evidence';
import { wsfedParameters } from '../federation/wsfed-parameters';
import type { Document } from './documents';
import type { Flow, FlowDocument } from './flow';
import type { HarEntry } from './har-entries';
import type { HtmlDocument } from './html-document';
import type { Redactor } from './redactor';

/** One exchange per document; `startedMs` is the zero of the evidence's times. */
export function exchangesOf({ documents }: Flow, htmlOf: (document: Document) => HtmlDocument | null, startedMs: number, redactor: Redactor): Exchange[] {
  const seqOf = new Map(documents.map(({ document, seq }) => [document, seq]));
  return documents.map(({ document, seq, step }) => {
    const { url, method, status, location, redirectedFrom } = document;
    const first = (name: string): string | null => document.received(name)[0] ?? null;
    const html = htmlOf(document);
    const written = first('location') ?? location;
    return {
      seq,
      step,
      method,
      url: redactor.url(url),
      status,
      failure: status === null ? (document.failure ?? 'no answer recorded') : null,
      redirectedFrom: redirectedFrom ? (seqOf.get(redirectedFrom) ?? null) : null,
      location: written === null ? null : redactor.url(written),
      server: first('server'),
      contentType: document.contentType,
      date: first('date'),
      requestId: first('req_id') ?? first('x-ms-request-id') ?? first('request-id'),
      challenges: challengesOf(document),
      authorization: authorizationKind(document.sent('authorization')[0] ?? null),
      wsfed: redactedWsfed(wsfedOf(document, step), redactor),
      cookiesSet: cookiesSet(document),
      cookiesSent: cookiesSent(document),
      requestHeaderBytes: document.sentHeaderBytes,
      crmError: crmErrorOf(url, redactor) ?? (location === null ? null : crmErrorOf(location, redactor)),
      document: html && location === null ? { title: redactor.text(html.title), text: redactor.text(html.text) } : null,
      startedAtMs: Math.round(document.startedMs - startedMs),
      durationMs: document.durationMs === null ? null : Math.round(document.durationMs),
    };
  });
}

/** Parameters of the query, or of the posted form. A token's POST whose body was not recorded is still a sign-in response. */
function wsfedOf({ url, body, method }: Document, step: FlowDocument['step']): Exchange['wsfed'] {
  const found = wsfedParameters(new URL(url).search.slice(1)) ?? (method === 'POST' && body !== null ? wsfedParameters(body) : null);
  return found ?? (step === 'token-post' ? { wa: 'wsignin1.0' } : null);
}

const redactedWsfed = (wsfed: Exchange['wsfed'], redactor: Redactor): Exchange['wsfed'] => (wsfed === null ? null : redactor.deep(wsfed));

export const challengesOf = ({ received }: Pick<HarEntry, 'received'>): string[] => received('www-authenticate').flatMap((value) => value.split(/,\s*(?=[A-Za-z]+(?:\s|$))/)).map((value) => value.trim().split(/[\s,]/)[0] ?? value); // prettier-ignore

export function cookiesSent({ sent, cookiesSent: listed }: HarEntry): Exchange['cookiesSent'] {
  const header = sent('cookie').join('; ');
  if (header === '') return listed.map(({ name, value }) => ({ name, bytes: value.length }));
  return header
    .split(/;\s*/)
    .filter(Boolean)
    .map((pair) => ({ name: pair.split('=')[0] ?? '', bytes: pair.length - (pair.indexOf('=') + 1) }));
}

const flagsKept = ['Secure', 'HttpOnly', 'Partitioned'];

/** Name, size and flags of the cookies an answer sets. */
export function cookiesSet({ received, cookiesReceived, startedMs }: HarEntry): Exchange['cookiesSet'] {
  const lines = received('set-cookie').filter(Boolean);
  if (lines.length > 0) return lines.map((line) => readSetCookie(line, startedMs));
  return cookiesReceived.map(({ name, value, path, domain, httpOnly, secure, sameSite, expires }) => ({
    name,
    bytes: Buffer.byteLength(value),
    domain,
    path,
    flags: [...(secure ? ['Secure'] : []), ...(httpOnly ? ['HttpOnly'] : []), ...(sameSite ? [`SameSite=${sameSite}`] : [])],
    // A value may be empty because somebody blanked it before sharing the file.
    removes: value === '' && expires !== null && Date.parse(expires) < startedMs,
    blocked: [],
  }));
}

function readSetCookie(line: string, nowMs: number): Exchange['cookiesSet'][number] {
  const [pair = '', ...attributes] = line.split(';').map((part) => part.trim());
  const equals = pair.indexOf('=');
  const bytes = Buffer.byteLength(pair) - equals - 1;
  const attribute = (wanted: string): string | null => attributes.find((each) => each.toLowerCase().startsWith(`${wanted}=`))?.slice(wanted.length + 1) ?? null;
  const flags = flagsKept.filter((flag) => attributes.some((each) => each.toLowerCase() === flag.toLowerCase()));
  const sameSite = attribute('samesite');
  const expires = attribute('expires');
  return {
    name: equals < 0 ? '' : pair.slice(0, equals),
    bytes,
    domain: attribute('domain'),
    path: attribute('path'),
    flags: sameSite ? [...flags, `SameSite=${sameSite}`] : flags,
    removes: bytes === 0 || attribute('max-age') === '0' || (expires !== null && Date.parse(expires) < nowMs - 86_400_000),
    blocked: [], // no browser writes into a HAR that it refused a cookie
  };
}

/** Which scheme the browser answered with. NTLM messages begin with "NTLMSSP", in base64 "TlRMTVNT". */
function authorizationKind(value: string | null): string | null {
  if (value === null) return null;
  const [scheme = '', blob = ''] = value.trim().split(/\s+/);
  if (!/^negotiate$/i.test(scheme)) return scheme.slice(0, 20);
  return blob.startsWith('TlRMTVNT') || Buffer.from(blob, 'base64').includes('NTLMSSP') ? 'Negotiate-NTLM' : 'Negotiate-Kerberos';
}

/** The facts CRM's error page has in its address (field guide §10). */
export function crmErrorOf(address: string, redactor: Redactor): Exchange['crmError'] {
  const url = new URL(address);
  if (!/\/_common\/error\//i.test(url.pathname)) return null;
  const parameter = (name: string): string | null => {
    for (const [key, value] of url.searchParams) if (key.toLowerCase() === name && value) return redactor.text(value).slice(0, 2000);
    return null;
  };
  return { errorCode: parameter('errorcode'), text: parameter('parm0'), requestUri: parameter('requesturi') };
}
