import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { exchange, failed, sample, upToToken } from '../testing/sample-evidence';
import { requestHeaderTooLong as rule } from './request-header-too-long';

const answered = (over: Partial<Exchange>) =>
  sample('ifd', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    exchanges: [
      ...upToToken('ifd'),
      exchange(6, { url: 'https://contoso.contoso.com/main.aspx', status: 400, server: 'Microsoft-HTTPAPI/2.0', requestHeaderBytes: 18_900, ...over }),
    ],
  });
const cookiesSent = Array.from({ length: 9 }, (_, index) => ({ name: `MSISAuth${index || ''}`, bytes: 2000 }));
const words = { title: 'Bad Request', text: 'Bad Request - Request Too Long HTTP Error 400. The size of the request headers is too long.' };

test('confirmed by status and size in whatever words; probable where the page was not read, which may name another reason', () => {
  const { outcome, text } = judged(rule, answered({ cookiesSent, document: { title: 'Ungültige Anforderung', text: 'HTTP-Fehler 400.' } }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('9 cookies');
  expect(judged(rule, answered({ cookiesSent })).outcome).toBe('probable');
  expect(judged(rule, answered({ authorization: 'Negotiate-Kerberos' })).text).toContain('Negotiate-Kerberos');
});

test('probable near the limit, or by the words where sizes were not recorded or small: the server may have a lower limit', () => {
  expect(judged(rule, answered({ requestHeaderBytes: 15_900 })).outcome).toBe('probable');
  expect(judged(rule, answered({ requestHeaderBytes: null, document: words })).outcome).toBe('probable');
  expect(judged(rule, answered({ requestHeaderBytes: 3_000, document: words })).outcome).toBe('probable');
});

test('clear for a small request, another 400, and without a 400', () => {
  expect(judged(rule, answered({ requestHeaderBytes: 3_000 })).outcome).toBe('clear');
  expect(judged(rule, answered({ document: { title: 'Bad Request', text: 'Bad Request - Invalid Hostname' } })).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell without sizes and words, or without any exchange', () => {
  expect(judged(rule, answered({ requestHeaderBytes: null })).outcome).toBe('cannot-tell');
  expect(judged(rule, sample('ifd', { journey: failed('dns'), exchanges: [] })).outcome).toBe('cannot-tell');
});
