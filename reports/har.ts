/**
 * `exchange.har`: HAR 1.2 for browsers' developer tools and other viewers. Built from what the report keeps: no cookie values, no bodies,
 * no authorization headers; what is not known is said as the format wants it (-1, empty).
 */
import type { Exchange } from '../contracts/evidence';
import type { Report, Result } from '../contracts/report';
import { routeLabels, statusPhrases } from './words/labels';
import { instantMs } from './words/time';
import { safeJson } from './safe-json';

interface Pair {
  readonly name: string;
  readonly value: string;
}

const queryOf = (address: string): Pair[] => {
  try {
    return [...new URL(address).searchParams].map(([name, value]) => ({ name, value }));
  } catch {
    return [];
  }
};

const headersOf = (list: readonly (readonly [string, string | null])[]): Pair[] => list.flatMap(([name, value]) => (value === null ? [] : [{ name, value }]));

const notKept = 'the value is not kept';

const postData = (exchange: Exchange): Record<string, unknown> => {
  if (exchange.method !== 'POST') return {};
  const { wresultBytes, ...texts } = exchange.wsfed ?? {};
  const params = [
    ...Object.entries(texts).flatMap(([name, value]) => (typeof value === 'string' ? [{ name, value }] : [])),
    ...(wresultBytes === undefined ? [] : [{ name: 'wresult', value: '', comment: `${wresultBytes} bytes; ${notKept}` }]),
  ];
  return { postData: { mimeType: 'application/x-www-form-urlencoded', params, text: '', comment: 'the body is not kept' } };
};

const responseCookie = ({ name, bytes, domain, path, flags, blocked }: Exchange['cookiesSet'][number]): Record<string, unknown> => ({
  name,
  value: '',
  ...(path === null ? {} : { path }),
  ...(domain === null ? {} : { domain }),
  httpOnly: flags.includes('HttpOnly'),
  secure: flags.includes('Secure'),
  comment: `${bytes} bytes; ${notKept}${blocked.length > 0 ? `; refused by the browser: ${blocked.join(', ')}` : ''}`,
});

const entry = (exchange: Exchange, pageref: string, startMs: number): Record<string, unknown> => {
  const time = exchange.durationMs ?? 0;
  return {
    pageref,
    startedDateTime: new Date(startMs + exchange.startedAtMs).toISOString(),
    time,
    request: {
      method: exchange.method,
      url: exchange.url,
      httpVersion: 'unknown',
      cookies: exchange.cookiesSent.map(({ name, bytes }) => ({ name, value: '', comment: `${bytes} bytes; ${notKept}` })),
      headers: [],
      queryString: queryOf(exchange.url),
      ...postData(exchange),
      headersSize: exchange.requestHeaderBytes ?? -1,
      bodySize: exchange.method === 'POST' ? -1 : 0,
    },
    response: {
      status: exchange.status ?? 0,
      statusText: exchange.status === null ? '' : (statusPhrases[exchange.status] ?? ''),
      httpVersion: 'unknown',
      cookies: exchange.cookiesSet.filter(({ removes }) => !removes).map(responseCookie),
      headers: headersOf([
        ['Location', exchange.location],
        ['Server', exchange.server],
        ['Content-Type', exchange.contentType],
        ['Date', exchange.date],
        ['REQ_ID', exchange.requestId],
        ...exchange.challenges.map((scheme) => ['WWW-Authenticate', scheme] as const),
      ]),
      content: { size: 0, mimeType: exchange.contentType ?? '', comment: 'the body is not kept' },
      redirectURL: exchange.location ?? '',
      headersSize: -1,
      bodySize: -1,
      ...(exchange.failure === null ? {} : { _error: exchange.failure }),
    },
    cache: {},
    timings: { send: 0, wait: time, receive: 0 },
    comment: `exchange ${exchange.seq}, ${exchange.step}`,
  };
};

const startOf = (result: Result, report: Report): number => instantMs(result.attempts.at(-1)?.startedAt ?? '') ?? instantMs(report.run.startedAt) ?? 0;

/** HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/): one page per target × route, one entry per exchange. */
export const renderHar = (report: Report): string => {
  const pages = report.results.map((result, index) => ({
    startedDateTime: new Date(startOf(result, report)).toISOString(),
    id: `page_${index + 1}`,
    title: `${result.target}, ${routeLabels[result.route]}`,
    pageTimings: { onContentLoad: -1, onLoad: result.timings.totalMs },
    comment: result.summary,
  }));
  const entries = report.results.flatMap((result, index) => result.exchange.map((exchange) => entry(exchange, `page_${index + 1}`, startOf(result, report))));
  const log = {
    version: '1.2',
    creator: { name: 'signin-probe', version: report.run.tool },
    browser: { name: report.run.browser, version: '' },
    pages,
    entries,
  };
  return `${safeJson({ log }, 2)}\n`;
};
