import { expect, test } from '@playwright/test';
import type { NodeFacts, RouteEvidence } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { entityId, exchange, failed, sample, signing, stsUrl, upToToken } from '../testing/sample-evidence';
import { adfsServiceDown } from './adfs-service-down';
import { wapProxyTrustBroken as rule } from './wap-proxy-trust-broken';

const journey = failed('sts-page', { credentialSubmissions: 0 });
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
  date: null,
  durationMs: 40,
};
const outside: NodeFacts = { ...inside, address: '192.0.2.7', status: 503, why: 'HTTP 503', entityId: null, signerSha1: null, keys: [] };
const down = (nodes: NodeFacts[], over: Partial<RouteEvidence> = {}) =>
  sample('ifd', {
    journey,
    pages: [],
    exchanges: [...upToToken('ifd').slice(0, 1), exchange(2, { url: `${stsUrl}/adfs/ls/`, status: 503 })],
    stsMetadata: { ok: false, url, status: 503, why: 'HTTP 503' },
    nodes,
    dns: [{ host: 'sts.contoso.com', addresses: nodes.length > 0 ? nodes.map(({ address }) => address) : ['10.0.0.5'], error: null, source: 'system' }],
    ...over,
  });

test('suspected when one address answers 503 and another serves AD FS at the same time', () => {
  const { outcome, text, refs } = judged(rule, down([outside, inside]));
  expect(outcome).toBe('suspected');
  expect(text).toContain('192.0.2.7');
  expect(refs).toContain('exchange:2');
});

test('AD FS is then no more than suspected to be down', () => {
  expect(judged(adfsServiceDown, down([outside, inside])).outcome).toBe('suspected');
  expect(judged(adfsServiceDown, down([])).outcome).toBe('probable');
});

test('clear when the STS answers, or its metadata is served', () => {
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
  expect(judged(rule, down([], { stsMetadata: sample().stsMetadata })).outcome).toBe('clear');
});

test('cannot tell when nobody looked behind the address that fails', () => expect(judged(rule, down([])).outcome).toBe('cannot-tell'));
