import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, upToToken } from '../testing/sample-evidence';
import { crmIfdDomainMalformed as rule } from './crm-ifd-domain-malformed';

const url = 'https://contoso.contoso.com/main.aspx';
const failing = (text: string, over = {}) =>
  sample('ifd', {
    journey: failed('crm-redirect', { credentialSubmissions: 0, tokenPosts: 0 }),
    token: null,
    whoAmI: null,
    exchanges: [exchange(1, { url, step: 'crm-redirect', status: 500, document: { title: 'Error', text } })],
    pages: [page(1, { kind: 'http-error', url, status: 500, exchange: 1, texts: { message: text } })],
    ...over,
  });
const stack =
  '[UriFormatException: Invalid URI] Microsoft.Crm.Authentication.Claims.CrmFederatedAuthenticationModule.UpdateRedirectingEventArgsNonPathBasedUrl(…)';

test("confirmed by the method of CRM's module, suspected by the exception alone, cannot tell without a word", () => {
  const { outcome, text } = judged(rule, failing(stack));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('UpdateRedirectingEventArgs');
  expect(judged(rule, failing('[UriFormatException: Invalid URI: The hostname could not be parsed.]')).outcome).toBe('suspected');
  expect(judged(rule, failing('Runtime Error')).outcome).toBe('cannot-tell');
  expect(judged(rule, failing('', { exchanges: [], pages: [] })).outcome).toBe('cannot-tell');
});

test('clear where CRM redirected to the STS, did not fail, or people are signed in', () => {
  expect(judged(rule, failing(stack, { exchanges: upToToken('ifd') })).outcome).toBe('clear');
  expect(judged(rule, failing(stack, { exchanges: [exchange(1, { url, step: 'crm-redirect', status: 404 })] })).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});
