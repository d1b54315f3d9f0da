import { expect, test } from '@playwright/test';
import type { Exchange, RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, sibling, tokenPost, upToToken } from '../testing/sample-evidence';
import { iisBindingHostHeader as rule } from './iis-binding-host-header';

const journey = failed('crm-redirect', { credentialSubmissions: 0, rounds: 0 });
const url = 'https://contoso.contoso.com/main.aspx';
const first = (over: Partial<Exchange>, more: Partial<RouteEvidence> = {}) =>
  sample('ifd', { journey, pages: [], wsdl: null, exchanges: [exchange(1, { url, ...over })], ...more });
const httpSys = { status: 400, server: 'Microsoft-HTTPAPI/2.0' };

test('probable when one name is refused and another name of CRM is right', () => {
  const { outcome, text, refs } = judged(rule, first(httpSys));
  expect(outcome).toBe('probable');
  expect(text).toContain('auth.contoso.com (federation metadata)');
  expect(refs).toContain('exchange:1');
  expect(judged(rule, first({ status: 404 }, { crmMetadata: null }), [sibling({ route: 'internal', signedIn: 'yes' })]).outcome).toBe('probable');
});

test('probable by the page of another site at the address', () =>
  expect(
    judged(rule, first({ document: { title: 'IIS Windows Server', text: '' } }, { pages: [page(1, { kind: 'unknown', url, exchange: 1 })] })).outcome,
  ).toBe('probable'));

test('probable when only the host the token is posted to has no binding', () => {
  const exchanges = [...upToToken('ifd'), tokenPost('ifd', { ...httpSys })];
  expect(judged(rule, sample('ifd', { journey: failed('token-post'), pages: [], exchanges })).outcome).toBe('probable');
});

test('suspected when no other name was seen, or it is at another address', () => {
  expect(judged(rule, first(httpSys, { crmMetadata: null })).outcome).toBe('suspected');
  const dns = [
    { host: 'contoso.contoso.com', addresses: ['10.0.0.99'], error: null, source: 'dns' as const },
    { host: 'auth.contoso.com', addresses: ['10.0.0.10'], error: null, source: 'dns' as const },
  ];
  expect(judged(rule, first(httpSys, { dns })).outcome).toBe('suspected');
});

test('clear when CRM redirects, or the headers are too long', () => {
  expect(judged(rule, sample('ifd', { journey: failed('credentials') })).outcome).toBe('clear');
  expect(judged(rule, first({ ...httpSys, requestHeaderBytes: 24_000 })).outcome).toBe('clear');
});

test('cannot tell when CRM was not asked', () => expect(judged(rule, sample('ifd', { journey, pages: [], exchanges: [] })).outcome).toBe('cannot-tell'));
