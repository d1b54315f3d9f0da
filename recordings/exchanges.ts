/** Recorded documents as the exchanges of evidence: facts and sizes, no values of cookies, tokens or credentials. */
import type { Exchange } from '../contracts/evidence';
import { authorizationKind, challengeSchemes, readSetCookie } from '../federation/exchange-headers';
import { wsfedParameters } from '../federation/wsfed-parameters';
import { crmErrorOf } from '../pages/crm-error-address';
import type { PageFacts } from '../pages/page-facts';
import type { Document } from './documents';
import type { Flow, FlowDocument } from './flow';
import type { HarEntry } from './har-entries';
import type { Redactor } from './redactor';

/** One exchange per document; `startedMs` is the zero of the evidence's times. */
export function exchangesOf({ documents }: Flow, htmlOf: (document: Document) => PageFacts | null, startedMs: number, redactor: Redactor): Exchange[] {
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
      challenges: challengeSchemes(document.received('www-authenticate')),
      authorization: authorizationKind(document.sent('authorization')[0] ?? null),
      wsfed: redactedWsfed(wsfedOf(document, step), redactor),
      cookiesSet: cookiesSet(document),
      cookiesSent: cookiesSent(document),
      requestHeaderBytes: document.sentHeaderBytes,
      crmError: crmErrorOf(url, (text) => redactor.text(text)) ?? (location === null ? null : crmErrorOf(location, (text) => redactor.text(text))),
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

function cookiesSent({ sent, cookiesSent: listed }: HarEntry): Exchange['cookiesSent'] {
  const header = sent('cookie').join('; ');
  if (header === '') return listed.map(({ name, value }) => ({ name, bytes: value.length }));
  return header
    .split(/;\s*/)
    .filter(Boolean)
    .map((pair) => ({ name: pair.split('=')[0] ?? '', bytes: pair.length - (pair.indexOf('=') + 1) }));
}

/** Name, size and flags of the cookies an answer sets. */
function cookiesSet({ received, cookiesReceived, startedMs }: HarEntry): Exchange['cookiesSet'] {
  const lines = received('set-cookie').filter(Boolean);
  // no browser writes into a HAR that it refused a cookie;
  if (lines.length > 0) return lines.map((line) => ({ ...readSetCookie(line, startedMs), blocked: [] }));
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
