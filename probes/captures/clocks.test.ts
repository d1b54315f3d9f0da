import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { captureClocks, clockReading } from './clocks';

const zero = Date.parse('2026-03-01T12:00:00.000Z');

function exchange(part: Partial<Exchange> & Pick<Exchange, 'seq' | 'url' | 'step'>): Exchange {
  return {
    method: 'GET',
    status: 200,
    failure: null,
    redirectedFrom: null,
    location: null,
    server: null,
    contentType: null,
    date: null,
    requestId: null,
    challenges: [],
    authorization: null,
    wsfed: null,
    cookiesSet: [],
    cookiesSent: [],
    requestHeaderBytes: null,
    crmError: null,
    document: null,
    startedAtMs: 0,
    durationMs: 0,
    ...part,
  };
}

test('a Date header stands for the middle of its second and of the request', () => {
  const reading = { host: 'sts', role: 'sts', source: 'Date', sentAtMs: zero, answeredAtMs: zero + 200 } as const;
  expect(clockReading({ ...reading, shown: 'Sun, 01 Mar 2026 12:10:00 GMT' })).toEqual({
    host: 'sts',
    role: 'sts',
    source: 'Date',
    offsetMs: 600_400,
    uncertaintyMs: 600,
  });
  expect(clockReading({ ...reading, shown: 'Sun, 01 Mar 2026 11:50:00 GMT' })?.offsetMs).toBe(-599_600);
  expect(clockReading({ ...reading, shown: 'yesterday' })).toBeNull();
});

test('an instant with milliseconds is off by half the round trip at most, one with .000 counts as cut', () => {
  const reading = { host: 'sts', role: 'sts', source: 'wsu:Created', sentAtMs: zero, answeredAtMs: zero + 80 } as const;
  expect(clockReading({ ...reading, shown: '2026-03-01T12:00:00.340Z' })).toMatchObject({ offsetMs: 300, uncertaintyMs: 40 });
  expect(clockReading({ ...reading, shown: '2026-03-01T12:00:00.000Z' })).toMatchObject({ offsetMs: 460, uncertaintyMs: 540 });
});

test('both servers are read from samples, exchanges, wct and the token; the best reading of each kind stays', () => {
  const clocks = captureClocks({
    target: { url: 'https://crm.contoso.com/main.aspx', stsOrigin: 'https://sts.contoso.com:8443' },
    journeyStartedAt: zero,
    sampled: [
      { host: 'sts.contoso.com', date: 'Sun, 01 Mar 2026 12:00:01 GMT', sentAtMs: zero, answeredAtMs: zero + 10 },
      { host: 'elsewhere.com', date: 'Sun, 01 Mar 2026 12:00:01 GMT', sentAtMs: zero, answeredAtMs: zero + 10 },
    ],
    exchanges: [
      exchange({
        seq: 1,
        step: 'crm-redirect',
        url: 'https://crm.contoso.com/main.aspx',
        status: 302,
        date: 'Sun, 01 Mar 2026 12:10:00 GMT',
        startedAtMs: 0,
        durationMs: 40,
      }),
      exchange({
        seq: 2,
        step: 'sts-page',
        url: 'https://sts.contoso.com:8443/adfs/ls/',
        status: 302,
        redirectedFrom: 1,
        wsfed: { wct: '2026-03-01T12:10:00Z' },
        startedAtMs: 40,
        durationMs: 600,
      }),
      exchange({
        seq: 3,
        step: 'sts-page',
        url: 'https://sts.contoso.com:8443/adfs/ls/wia',
        redirectedFrom: 2,
        wsfed: { wct: '2026-03-01T12:10:00Z' },
        date: 'Sun, 01 Mar 2026 12:00:02 GMT',
        startedAtMs: 700,
        durationMs: 400,
      }),
      exchange({
        seq: 4,
        step: 'token-post',
        url: 'https://auth.contoso.com/',
        method: 'POST',
        wsfed: { wresultBytes: 5000 },
        date: 'Sun, 01 Mar 2026 12:10:02 GMT',
        startedAtMs: 1200,
        durationMs: 20,
      }),
    ],
    token: { lifetime: { created: '2026-03-01T12:00:00.950Z', expires: '2026-03-01T13:00:00.950Z' } },
  });
  expect(clocks).toEqual([
    { host: 'sts.contoso.com', role: 'sts', source: 'Date', offsetMs: 1495, uncertaintyMs: 505 },
    { host: 'crm.contoso.com', role: 'crm', source: 'Date', offsetMs: 600_480, uncertaintyMs: 520 },
    { host: 'crm.contoso.com', role: 'crm', source: 'wct', offsetMs: 600_480, uncertaintyMs: 520 },
    { host: 'auth.contoso.com', role: 'crm', source: 'Date', offsetMs: 601_290, uncertaintyMs: 510 },
    { host: 'sts.contoso.com', role: 'sts', source: 'wsu:Created', offsetMs: 50, uncertaintyMs: 200 },
  ]);
});
