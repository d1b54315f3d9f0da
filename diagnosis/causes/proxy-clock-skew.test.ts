import { expect, test } from '@playwright/test';
import type { NodeFacts, RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { entityId, exchange, failed, sample, signing, stsUrl, upToToken } from '../testing/sample-evidence';
import { proxyClockSkew } from './proxy-clock-skew';

const url = `${stsUrl}/FederationMetadata/2007-06/FederationMetadata.xml`;
const inside: NodeFacts = {
  role: 'sts',
  host: 'sts.contoso.com',
  address: '10.0.0.5',
  status: 200,
  why: null,
  entityId,
  signerSha1: signing.sha1,
  keys: [signing.sha1],
  tlsSha1: null,
  date: '2026-03-02T08:00:00.000Z',
  durationMs: 40,
};
const proxy = (date: string | null): NodeFacts => ({
  ...inside,
  address: '192.0.2.7',
  status: 503,
  why: 'HTTP 503',
  entityId: null,
  signerSha1: null,
  keys: [],
  date,
});
const reading = (role: 'sts' | 'crm', offsetMs: number): RouteEvidence['clocks'][number] => ({
  ...sample('ifd').clocks[0]!,
  role,
  host: role === 'sts' ? 'sts.contoso.com' : 'auth.contoso.com',
  source: 'Date',
  offsetMs,
  uncertaintyMs: 1000,
});
const down = (over: Partial<RouteEvidence>): RouteEvidence =>
  sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    pages: [],
    exchanges: [...upToToken('ifd').slice(0, 1), exchange(2, { url: `${stsUrl}/adfs/ls/`, status: 503 })],
    stsMetadata: { ok: false, url, status: 503, why: 'HTTP 503' },
    clocks: [],
    ...over,
  });

test('probable when the address that answers 503 tells another time than the one that serves AD FS', () => {
  const { outcome, text } = judged(proxyClockSkew, down({ nodes: [proxy('2026-03-02T07:40:00.000Z'), inside] }));
  expect(outcome).toBe('probable');
  expect(text).toContain('the clock of 192.0.2.7 (HTTP 503) is 20 min behind that of 10.0.0.5');
});

test('suspected beside the clocks of CRM and of this machine, where nobody looked behind the address', () => {
  const { outcome, text } = judged(proxyClockSkew, down({ clocks: [reading('sts', 900_000), reading('crm', 2000)] }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('14 min 58 s ahead of');
  expect(text).toContain('Whether a proxy or AD FS itself answered is not visible');
});

test('clear where the clocks agree, or the STS answers', () => {
  expect(judged(proxyClockSkew, down({ nodes: [proxy('2026-03-02T08:01:00.000Z'), inside] })).outcome).toBe('clear');
  expect(judged(proxyClockSkew, down({ clocks: [reading('sts', 2000), reading('crm', 2000)] })).outcome).toBe('clear');
  expect(judged(proxyClockSkew, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('clear where one AD FS server agrees with the proxy: then that farm itself disagrees about the time', () => {
  const nodes = [proxy('2026-03-02T07:40:00.000Z'), inside, { ...inside, address: '10.0.0.6', date: '2026-03-02T07:40:01.000Z' }];
  expect(judged(proxyClockSkew, down({ nodes })).outcome).toBe('clear');
});

test('cannot tell where no time was read, where CRM was not, or where CRM and this machine disagree', () => {
  expect(judged(proxyClockSkew, down({ nodes: [proxy(null), inside] })).outcome).toBe('cannot-tell');
  expect(judged(proxyClockSkew, down({ clocks: [reading('sts', 900_000)] })).outcome).toBe('cannot-tell');
  expect(judged(proxyClockSkew, down({ clocks: [reading('sts', 900_000), reading('crm', 900_000)] })).outcome).toBe('cannot-tell');
});
