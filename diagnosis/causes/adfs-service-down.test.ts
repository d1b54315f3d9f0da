import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, sample, tlsFacts, upToToken } from '../testing/sample-evidence';
import { adfsServiceDown as rule } from './adfs-service-down';

const journey = failed('sts-page', { credentialSubmissions: 0 });
const metadataDown = { ok: false, url: 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml', status: 503, why: 'HTTP 503' } as const;
const redirect = upToToken('ifd').slice(0, 1);
const down = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: 503 });

test('probable when sign-in and metadata answer 503: behind the one address may be a proxy, and that is said', () => {
  const { outcome, text } = judged(rule, sample('ifd', { journey, exchanges: [...redirect, down], stsMetadata: metadataDown }));
  expect(outcome).toBe('probable');
  expect(text).toContain('HTTP 503');
  expect(text).toContain('Behind one address this may be a Web Application Proxy');
});

test('probable when connections are refused', () => {
  const refused = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CONNECTION_REFUSED' });
  expect(
    judged(rule, sample('ifd', { journey, exchanges: [...redirect, refused], stsMetadata: { ...metadataDown, status: null, why: 'ECONNREFUSED' } })).outcome,
  ).toBe('probable');
});

test('probable when only the sign-in address fails', () => {
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, down] })).outcome).toBe('probable');
});

test('clear when the STS answers, or a name or certificate is in the way', () => {
  expect(judged(rule, sample('ifd', { journey, stsMetadata: metadataDown })).outcome).toBe('clear');
  const untrusted = sample('ifd', {
    journey,
    exchanges: redirect,
    stsMetadata: { ...metadataDown, status: null },
    tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'CERT_HAS_EXPIRED' })],
  });
  expect(judged(rule, untrusted).outcome).toBe('clear');
});

test('cannot tell when neither was seen', () =>
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, stsMetadata: null })).outcome).toBe('cannot-tell'));

test('suspected where the name has several addresses and nobody looked at each', () => {
  const dns = [{ host: 'sts.contoso.com', addresses: ['10.0.0.5', '10.0.0.6'], error: null, source: 'system' as const }];
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, down], stsMetadata: metadataDown, dns })).outcome).toBe('suspected');
});
