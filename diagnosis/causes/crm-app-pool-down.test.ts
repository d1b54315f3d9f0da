import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, sample, tokenPost, upToToken } from '../testing/sample-evidence';
import { crmAppPoolDown as rule } from './crm-app-pool-down';

const journey = failed('crm-redirect', { credentialSubmissions: 0 });
const first = (over: Partial<Parameters<typeof exchange>[1]>) =>
  sample('ifd', { journey, exchanges: [exchange(1, { url: 'https://contoso.contoso.com/main.aspx', ...over })] });

test('confirmed by 503 before any redirect', () => {
  const { outcome, refs } = judged(rule, first({ status: 503, server: 'Microsoft-HTTPAPI/2.0' }));
  expect(outcome).toBe('confirmed');
  expect(refs).toContain('exchange:1');
});

test('probable when the connection is refused, suspected when only the token POST gets 503', () => {
  expect(judged(rule, first({ status: null, failure: 'net::ERR_CONNECTION_REFUSED' })).outcome).toBe('probable');
  expect(judged(rule, sample('ifd', { journey, exchanges: [...upToToken('ifd'), tokenPost('ifd', { status: 503 })] })).outcome).toBe('suspected');
});

test('clear when CRM redirected, or its name does not resolve', () => {
  expect(judged(rule, sample('ifd', { journey: failed('credentials') })).outcome).toBe('clear');
  expect(judged(rule, first({ status: null, failure: 'net::ERR_NAME_NOT_RESOLVED' })).outcome).toBe('clear');
});

test('cannot tell when CRM was not asked', () => expect(judged(rule, sample('ifd', { journey, exchanges: [] })).outcome).toBe('cannot-tell'));
