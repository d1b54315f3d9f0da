import type { CDPSession, Page, Request, Response } from 'playwright';
import type { Exchange } from '../../contracts/evidence';
import { authorizationKind, mayBeSession, readSetCookie } from '../../federation/exchange-headers';
import { wsfedParameters } from '../../federation/wsfed-parameters';
import { crmErrorOf } from '../../pages/crm-error-address';
import type { Redactor } from '../redaction/redact';
import { registerTraffic } from '../redaction/register-traffic';
import { within } from '../../system/within';

export type ExchangeStep = Exchange['step'];

/** One document request while the journey is under way; turned into an Exchange at the end, when its headers are complete. */
export interface SeenExchange {
  readonly seq: number;
  readonly request: Request;
  readonly url: string;
  readonly method: string;
  readonly step: ExchangeStep;
  readonly startedAtMs: number;
  response: Response | null;
  failure: string | null;
  durationMs: number | null;
  document: Exchange['document'];
  /** The scheme the guard answered a challenge with: such requests show no header to the page's events. */
  authorization: string | null;
}

export interface ExchangeCapture {
  readonly seen: readonly SeenExchange[];
  /** The exchange that brought the document now on screen. */
  last(): SeenExchange | null;
  of(request: Request): SeenExchange | null;
  /** Once the cookies and credentials of every answer so far are known to the redactor; bounded. */
  registered(): Promise<void>;
  /** All exchanges, headers read and redacted. Bounded: headers that do not come within a second are left out. */
  finish(): Promise<Exchange[]>;
}

interface BlockedCookie {
  readonly name: string;
  readonly url: string;
  readonly reasons: readonly string[];
}

/**
 * Records every document request of the main frame with its redirects. `stepOf` says which part of the flow a request belongs to at the
 * moment it is sent; `startedAt` is the journey's zero (performance.now()).
 */
export async function captureExchanges(
  page: Page,
  cdp: CDPSession,
  redactor: Redactor,
  startedAt: number,
  stepOf: (request: Request) => ExchangeStep,
): Promise<ExchangeCapture> {
  const seen: SeenExchange[] = [];
  const byRequest = new Map<Request, SeenExchange>();
  const blocked: BlockedCookie[] = [];
  const coming: Promise<void>[] = [];
  const elapsed = (): number => Math.round(performance.now() - startedAt);
  const isDocument = (request: Request): boolean => {
    try {
      return request.isNavigationRequest() && request.frame() === page.mainFrame();
    } catch {
      return false; // a request without a frame (service worker, download)
    }
  };

  page.on('request', (request) => {
    if (!isDocument(request)) return;
    const exchange: SeenExchange = {
      seq: seen.length + 1,
      request,
      url: request.url(),
      method: request.method(),
      step: stepOf(request),
      startedAtMs: elapsed(),
      response: null,
      failure: null,
      durationMs: null,
      document: null,
      authorization: null,
    };
    seen.push(exchange);
    byRequest.set(request, exchange);
  });
  page.on('response', (response) => {
    const exchange = byRequest.get(response.request());
    if (!exchange) return;
    exchange.response = response;
    coming.push(registerHeaders(response, redactor));
    exchange.durationMs = elapsed() - exchange.startedAtMs;
  });
  page.on('requestfailed', (request) => {
    const exchange = byRequest.get(request);
    if (!exchange) return;
    exchange.failure = request.failure()?.errorText ?? 'no answer';
    exchange.durationMs = elapsed() - exchange.startedAtMs;
  });

  // Only CDP says why the browser refused a cookie (InvalidDomain, SameSiteNoneInsecure …): the very cause of some loops.
  const urls = new Map<string, string>();
  await cdp.send('Network.enable');
  cdp.on('Network.requestWillBeSent', (event) => urls.set(event.requestId, event.request.url));
  cdp.on('Network.responseReceivedExtraInfo', (event) => {
    for (const cookie of event.blockedCookies) {
      const name = cookie.cookie?.name ?? cookie.cookieLine.split('=')[0]?.trim() ?? '';
      blocked.push({ name, url: urls.get(event.requestId) ?? '', reasons: cookie.blockedReasons });
    }
  });

  return {
    seen,
    last: () => seen.at(-1) ?? null,
    registered: () => Promise.all(coming).then(() => undefined),
    of: (request) => byRequest.get(request) ?? null,
    finish: () => Promise.all(seen.map((exchange) => toExchange(exchange, byRequest, blocked, redactor))),
  };
}

async function toExchange(seen: SeenExchange, byRequest: Map<Request, SeenExchange>, blocked: readonly BlockedCookie[], redactor: Redactor): Promise<Exchange> {
  const { request, response } = seen;
  const requestHeaders = await within(request.headersArray(), answerMs, []);
  const responseHeaders = response ? await within(response.headersArray(), answerMs, []) : [];
  const header = (name: string): string | null => responseHeaders.find((each) => each.name.toLowerCase() === name)?.value ?? null;
  const headers = (name: string): string[] => responseHeaders.filter((each) => each.name.toLowerCase() === name).flatMap((each) => each.value.split('\n'));
  const sent = (name: string): string | null => requestHeaders.find((each) => each.name.toLowerCase() === name)?.value ?? null;
  const previous = request.redirectedFrom();
  const body = request.method() === 'POST' ? (request.postData() ?? '') : '';
  const query = new URL(seen.url).search.slice(1);
  registerTraffic({ url: seen.url, body, requestHeaders, responseHeaders }, redactor);
  const location = header('location');
  const outside = (text: string | null): string | null => (text === null ? null : redactor.text(text));
  return {
    seq: seen.seq,
    step: seen.step,
    method: seen.method,
    url: redactor.url(seen.url),
    status: response?.status() ?? null,
    failure: seen.failure,
    redirectedFrom: previous ? (byRequest.get(previous)?.seq ?? null) : null,
    location: location === null ? null : redactor.url(location),
    server: outside(header('server')),
    contentType: outside(header('content-type')),
    date: outside(header('date')),
    requestId: outside(header('req_id') ?? header('x-ms-request-id') ?? header('request-id')),
    challenges: headers('www-authenticate').map((value) => value.split(/[\s,]/)[0] ?? value),
    authorization: authorizationKind(sent('authorization')) ?? seen.authorization,
    wsfed: redactor.deep(wsfedParameters(query) ?? (body ? wsfedParameters(body) : null)),
    cookiesSet: headers('set-cookie').map((line) => {
      const cookie = readSetCookie(line, Date.now());
      const refusals = blocked.filter((each) => each.name === cookie.name && each.url === seen.url).flatMap((each) => each.reasons);
      return redactor.deep({ ...cookie, blocked: [...new Set(refusals)] });
    }),
    cookiesSent: (sent('cookie') ?? '')
      .split(/;\s*/)
      .filter(Boolean)
      .map((pair) => ({ name: redactor.text(pair.split('=')[0] ?? ''), bytes: pair.length - (pair.indexOf('=') + 1) })),
    requestHeaderBytes: requestHeaders.length > 0 ? requestHeaders.reduce((sum, { name, value }) => sum + name.length + value.length + 4, 0) : null,
    crmError:
      crmErrorOf(seen.url, (text) => redactor.text(text)) ?? (location ? crmErrorOf(new URL(location, seen.url).href, (text) => redactor.text(text)) : null),
    document: seen.document,
    startedAtMs: seen.startedAtMs,
    durationMs: seen.durationMs,
  };
}

/** Before anything is said or written about it. */
async function registerHeaders(response: Response, redactor: Redactor): Promise<void> {
  const request = response.request();
  const [requestHeaders, responseHeaders] = await Promise.all([within(request.headersArray(), answerMs, []), within(response.headersArray(), answerMs, [])]);
  registerTraffic({ url: request.url(), body: '', requestHeaders, responseHeaders }, redactor);
}

async function keptCookies({ response }: SeenExchange): Promise<Omit<Exchange['cookiesSet'][number], 'blocked'>[]> {
  const headers = await within(response?.headersArray() ?? Promise.resolve([]), answerMs, []);
  return headers
    .filter(({ name }) => name.toLowerCase() === 'set-cookie')
    .flatMap(({ value }) => value.split('\n'))
    .map((line) => readSetCookie(line, Date.now()))
    .filter(({ removes }) => !removes);
}

/**
 * Whether the answer sets a cookie that can carry a session (whether or not the browser keeps it). What the same host gave the visitor in one of
 * the exchanges `before` is no proof: anybody gets that.
 */
export async function setsSessionCookie(exchange: SeenExchange, before: readonly SeenExchange[]): Promise<boolean> {
  const set = (await keptCookies(exchange)).filter(mayBeSession);
  if (set.length === 0) return false;
  const { host } = new URL(exchange.url);
  const known = await Promise.all(before.filter(({ url }) => new URL(url).host === host).map(keptCookies));
  const names = new Set(known.flat().map(({ name }) => name));
  return set.some(({ name }) => !names.has(name));
}

/** AD FS answers a password it accepts with a redirect and its session cookie MSISAuth, and a refused one with the form (field guide §4.2, §7.2). */
export async function acceptsPassword(exchange: SeenExchange): Promise<boolean> {
  if (exchange.method !== 'POST' || exchange.response?.status() !== 302) return false;
  return (await keptCookies(exchange)).some(({ name }) => name === 'MSISAuth');
}

/** The browser's answer to a question about a request. */
const answerMs = 1_000;
