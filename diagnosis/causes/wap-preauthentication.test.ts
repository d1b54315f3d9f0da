import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, refused, sample } from '../testing/sample-evidence';
import { wapPreauthentication as rule } from './wap-preauthentication';

const asked = exchange(2, {
  url: 'https://sts.contoso.com/adfs/ls/?version=1.0&action=signin&realm=urn%3AAppProxy%3Acom&appRealm=b2f5d3a1&returnUrl=https%3A%2F%2Fcontoso.contoso.com%2F',
  step: 'sts-page',
});
const refusedBy = (message: string) => [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 2, texts: { message } })];
const proxied = (message: string, over = {}) =>
  sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0, tokenPosts: 0 }),
    token: null,
    whoAmI: null,
    exchanges: [asked],
    pages: refusedBy(message),
    ...over,
  });

test('confirmed with MSIS7009 to the request of a proxy, suspected without a code', () => {
  const { outcome, text } = judged(rule, proxied('MSIS7009: The request was malformed or not valid.'));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('urn:AppProxy:com');
  expect(judged(rule, proxied('An error occurred.')).outcome).toBe('suspected');
});

test("clear for a request of CRM's own, without an error page, with a token, and when signed in", () => {
  expect(
    judged(rule, proxied('MSIS7009', { exchanges: [exchange(2, { url: 'https://sts.contoso.com/adfs/ls/?wa=wsignin1.0', step: 'sts-page' })] })).outcome,
  ).toBe('clear');
  expect(judged(rule, proxied('', { pages: [] })).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell without any exchange', () => expect(judged(rule, proxied('', { exchanges: [], pages: [] })).outcome).toBe('cannot-tell'));
