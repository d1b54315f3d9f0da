import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { cookie, failed, lastGood, refused, sample, token, tokenPost, upToToken } from '../testing/sample-evidence';
import { rpPassiveEndpointMismatch as rule } from './rp-passive-endpoint-mismatch';

const url = 'https://oldcrm.contoso.com/';
const sent = (answer = {}, over = {}) =>
  sample('ifd', {
    journey: failed('token-post', { symptom: 'no-answer' }),
    exchanges: [...upToToken('ifd'), tokenPost('ifd', { url, status: null, failure: 'net::ERR_NAME_NOT_RESOLVED', ...answer })],
    token: token('ifd', { postedTo: url }),
    ...over,
  });

test('confirmed when the token goes where CRM does not take any, be that host dead or foreign', () => {
  for (const answer of [{}, { status: 404, failure: null, server: 'nginx' }]) {
    const { outcome, text } = judged(rule, sent(answer));
    expect(outcome).toBe('confirmed');
    for (const words of ['https://oldcrm.contoso.com/', 'https://auth.contoso.com/']) expect(text).toContain(words);
  }
});

test('probable when only the last good sign-in tells where tokens went; suspected when a CRM host judged the token at another path', () => {
  expect(judged(rule, sent({}, { crmMetadata: null })).outcome).toBe('probable');
  const path = 'https://auth.contoso.com/old/';
  expect(judged(rule, sent({ url: path, status: 401, failure: null }, { token: token('ifd', { postedTo: path }) })).outcome).toBe('suspected');
});

test('clear for the published address with its port written out, for an accepted token, and before any token', () => {
  const port = 'https://auth.contoso.com:443/';
  expect(judged(rule, sent({ url: port, status: 500, failure: null }, { token: token('ifd', { postedTo: port }) })).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sent({ status: 302, failure: null, location: '/', cookiesSet: [cookie('MSISAuth')] })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('sts-page'), exchanges: [], token: null, pages: [] })).outcome).toBe('clear');
});

test('cannot tell without metadata and without a last good sign-in', () => {
  expect(judged(rule, sent({}, { crmMetadata: null, lastGood: null })).outcome).toBe('cannot-tell');
  expect(judged(rule, sent({}, { crmMetadata: null, lastGood: lastGood('ifd', { tokenPostedTo: null }) })).outcome).toBe('cannot-tell');
});
