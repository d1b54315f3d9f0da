import { expect, test } from '@playwright/test';
import { z } from 'zod';
import { renderHar } from './har';
import { brokenSample, healthySample, sampleReports, unknownSample } from './testing/sample-reports';

const pair = z.object({ name: z.string(), value: z.string(), comment: z.string().optional() });
const cookie = z.object({
  ...pair.shape,
  path: z.string().optional(),
  domain: z.string().optional(),
  httpOnly: z.boolean().optional(),
  secure: z.boolean().optional(),
});
const instant = z.iso.datetime({ offset: true });

/** HAR 1.2: what the specification requires. */
const harSchema = z.object({
  log: z.object({
    version: z.literal('1.2'),
    creator: z.object({ name: z.string(), version: z.string() }),
    browser: z.object({ name: z.string(), version: z.string() }),
    pages: z.array(
      z.object({ startedDateTime: instant, id: z.string(), title: z.string(), pageTimings: z.object({ onContentLoad: z.number(), onLoad: z.number() }) }),
    ),
    entries: z.array(
      z.object({
        pageref: z.string(),
        startedDateTime: instant,
        time: z.number().min(0),
        request: z.object({
          method: z.string(),
          url: z.string(),
          httpVersion: z.string(),
          cookies: z.array(cookie),
          headers: z.array(pair),
          queryString: z.array(pair),
          postData: z.object({ mimeType: z.string(), params: z.array(pair), text: z.string() }).optional(),
          headersSize: z.number().int(),
          bodySize: z.number().int(),
        }),
        response: z.object({
          status: z.number().int(),
          statusText: z.string(),
          httpVersion: z.string(),
          cookies: z.array(cookie),
          headers: z.array(pair),
          content: z.object({ size: z.number().int(), mimeType: z.string() }),
          redirectURL: z.string(),
          headersSize: z.number().int(),
          bodySize: z.number().int(),
        }),
        cache: z.object({}),
        timings: z.object({ send: z.number(), wait: z.number(), receive: z.number() }),
      }),
    ),
  }),
});

for (const [name, sample] of Object.entries(sampleReports))
  test(`exchange.har of the ${name} sample is valid HAR 1.2 with every exchange in it`, () => {
    const { log } = harSchema.parse(JSON.parse(renderHar(sample())));
    expect(log.entries).toHaveLength(sample().results.flatMap(({ exchange }) => exchange).length);
    for (const { pageref } of log.entries) expect(log.pages.map(({ id }) => id)).toContain(pageref);
    for (const { time, timings } of log.entries) expect(timings.send + timings.wait + timings.receive).toBe(time);
  });

test('no cookie value, token or authorization header is in it', () => {
  const { log } = harSchema.parse(JSON.parse(renderHar(healthySample())));
  for (const { request, response } of log.entries) {
    for (const { value } of [...request.cookies, ...response.cookies]) expect(value).toBe('');
    expect(request.headers).toEqual([]);
    expect(response.headers.map(({ name }) => name.toLowerCase())).not.toContain('set-cookie');
  }
  const post = log.entries.find(({ request }) => request.postData?.params.some(({ name }) => name === 'wresult'));
  expect(post?.request.postData?.params.find(({ name }) => name === 'wresult')).toMatchObject({ value: '', comment: '6218 bytes; the value is not kept' });
});

test('redirects, challenges and failures are told the way HAR tells them', () => {
  const broken = harSchema.parse(JSON.parse(renderHar(brokenSample()))).log.entries;
  expect(broken[0]?.response.redirectURL).toContain('https://sts.contoso.com/adfs/ls/');
  expect(broken[0]?.startedDateTime).toBe('2025-11-18T02:47:06.071Z');
  expect(broken[2]?.response.headers.filter(({ name }) => name === 'WWW-Authenticate').map(({ value }) => value)).toEqual(['Negotiate', 'NTLM']);
  expect(broken[1]?.request.queryString.map(({ name }) => name)).toContain('wtrealm');
  expect(renderHar(unknownSample())).toContain('"_error": "net::ERR_ABORTED"');
});
