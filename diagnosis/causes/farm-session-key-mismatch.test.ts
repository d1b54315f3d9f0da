import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { clocks, cookie, exchange, failed, refused, sample, stsUrl, tokenPost, upToToken } from '../testing/sample-evidence';
import { clockSkewCrmVsAdfs } from './clock-skew-crm-vs-adfs';
import { farmSessionKeyMismatch as rule } from './farm-session-key-mismatch';

const journey = failed('crm-session', { symptom: 'redirect-loop', tokenPosts: 1 });
const crm = 'https://internalcrm.contoso.com';
const session = [cookie('MSISAuth'), cookie('MSISAuth1', { bytes: 1204 })];
const both = [
  { name: 'MSISAuth', bytes: 1987 },
  { name: 'MSISAuth1', bytes: 1204 },
];
const sentBack = (over: Partial<Exchange> = {}) =>
  exchange(6, {
    url: `${crm}/main.aspx`,
    step: 'crm-session',
    status: 302,
    location: `${stsUrl}/adfs/ls/?wa=wsignin1.0`,
    cookiesSent: both,
    redirectedFrom: 5,
    ...over,
  });
const mismatch = (over: Partial<Exchange> = {}, more: Parameters<typeof sample>[1] = {}) =>
  sample('internal', {
    journey,
    pages: [],
    exchanges: [...upToToken('internal'), tokenPost('internal', { location: `${crm}/main.aspx`, cookiesSet: session }), sentBack(over)],
    ...more,
  });

test('probable when CRM does not recognise the whole session cookie it set a moment before', () => {
  const { outcome, refs } = judged(rule, mismatch());
  expect(outcome).toBe('probable');
  expect(refs).toContain('exchange:6');
});

test('the addresses of several front ends are told', () =>
  expect(
    judged(rule, mismatch({}, { dns: [{ host: 'internalcrm.contoso.com', addresses: ['10.0.0.10', '10.0.0.11'], error: null, source: 'dns' }] })).text,
  ).toContain('2 addresses'));

test('suspected when a part of the cookie did not come back', () =>
  expect(judged(rule, mismatch({ cookiesSent: both.slice(0, 1) })).outcome).toBe('suspected'));

test("probable by .NET's own words on CRM's page", () => {
  const document = { title: 'Runtime Error', text: 'Key not valid for use in specified state.' };
  expect(judged(rule, mismatch({ status: 500, location: null, document })).outcome).toBe('probable');
});

test('clear when the session ended by time, CRM set no session, or recognised it', () => {
  expect(judged(rule, mismatch({ startedAtMs: 3_600_000 })).outcome).toBe('clear');
  expect(judged(rule, refused('internal', {}, 'back-to-sts', null)).outcome).toBe('clear');
  expect(judged(rule, mismatch({ status: 404, location: null })).outcome).toBe('clear');
});

test('cannot tell when the token is not in the evidence', () =>
  expect(judged(rule, sample('internal', { journey, pages: [], exchanges: upToToken('internal') })).outcome).toBe('cannot-tell'));

test('a CRM whose clock is further ahead than the token lives loses its session by time: the clock is the cause', () => {
  const ahead = mismatch({}, { clocks: clocks(3_700_000, 'internal') });
  expect(judged(rule, ahead).outcome).toBe('clear');
  expect(judged(clockSkewCrmVsAdfs, ahead).outcome).toBe('probable');
});
