import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, sample, tlsFacts, upToToken } from '../testing/sample-evidence';
import { adfsServiceDown as rule } from './adfs-service-down';

const journey = failed('sts-page', { credentialSubmissions: 0 });
const metadataDown = { ok: false, url: 'https://sts.contoso.com/FederationMetadata/2007-06/FederationMetadata.xml', status: 503, why: 'HTTP 503' } as const;
const redirect = upToToken('ifd').slice(0, 1);
const down = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: 503 });

test('confirmed when sign-in and metadata answer 503', () => {
  const { outcome, text } = judged(rule, sample('ifd', { journey, exchanges: [...redirect, down], stsMetadata: metadataDown }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('HTTP 503');
});

test('confirmed when connections are refused', () => {
  const refused = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CONNECTION_REFUSED' });
  expect(
    judged(rule, sample('ifd', { journey, exchanges: [...redirect, refused], stsMetadata: { ...metadataDown, status: null, why: 'ECONNREFUSED' } })).outcome,
  ).toBe('confirmed');
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
