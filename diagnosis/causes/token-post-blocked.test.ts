import { expect, test } from '@playwright/test';
import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { failed, refused, rolled, sample, tokenPost, upToToken, type SampleRoute } from '../testing/sample-evidence';
import { adfsSigningCertRolled } from './adfs-signing-cert-rolled';
import { tokenPostBlocked as rule } from './token-post-blocked';

const posted = (answer: Partial<Exchange>, route: SampleRoute = 'internal', more: Partial<RouteEvidence> = {}) =>
  sample(route, { journey: failed('token-post'), pages: [], exchanges: [...upToToken(route), tokenPost(route, answer)], ...more });
const device = { server: 'BigIP', requestId: null };

test('probable when another server than CRM answers the POST and a GET to the same host passed', () => {
  const { outcome, text, refs } = judged(rule, posted({ status: 403, ...device }));
  expect(outcome).toBe('probable');
  expect(text).toContain('this one from BigIP');
  expect(refs).toContain('exchange:5');
  expect(judged(rule, posted({ status: 413 })).outcome).toBe('probable');
});

test("a device's 500 or 401 is a filter's answer, and never KB 2686840", () => {
  for (const status of [401, 500]) {
    expect(judged(rule, posted({ status, ...device }, 'ifd')).outcome).toBe('probable');
    expect(judged(adfsSigningCertRolled, posted({ status, ...device }, 'ifd', rolled)).outcome).toBe('cannot-tell');
  }
});

test("no filter's answer: CRM's token check in its own words, and a 401 or 500 that merely does not name its server", () => {
  const words = { title: 'ID4175', text: 'ID4175: Der Aussteller des Sicherheitstokens wurde von IssuerNameRegistry nicht erkannt.' };
  expect(judged(rule, posted({ status: 500, ...device, document: words })).outcome).toBe('clear');
  for (const status of [401, 500]) expect(judged(rule, posted({ status, server: null })).outcome).toBe('clear');
  expect(judged(rule, posted({ status: 403, server: null })).outcome).toBe('probable');
});

test("probable by ASP.NET's request validation", () =>
  expect(
    judged(
      rule,
      posted({
        status: 500,
        document: { title: 'Error', text: 'A potentially dangerous Request.Form value was detected from the client (wresult="<t:RequestSecurityTo...").' },
      }),
    ).outcome,
  ).toBe('probable'));

test('suspected when the connection is cut, or nothing shows who answered', () => {
  expect(judged(rule, posted({ status: null, failure: 'net::ERR_CONNECTION_RESET', server: null, requestId: null })).outcome).toBe('suspected');
  expect(judged(rule, posted({ status: 403 })).outcome).toBe('suspected');
});

test('clear when CRM itself refused or took the token, or no token left', () => {
  for (const face of ['error-page', 'http-401', 'http-500', 'back-to-sts'] as const) expect(judged(rule, refused('internal', {}, face)).outcome).toBe('clear');
  expect(judged(rule, posted({ status: 503 })).outcome).toBe('clear');
  expect(judged(rule, sample('internal', { journey: failed('credentials', { tokenPosts: 0 }), pages: [], exchanges: upToToken('internal') })).outcome).toBe(
    'clear',
  );
});

test('cannot tell when the POST is not in the evidence', () =>
  expect(judged(rule, sample('internal', { journey: failed('token-post'), pages: [], exchanges: upToToken('internal') })).outcome).toBe('cannot-tell'));
