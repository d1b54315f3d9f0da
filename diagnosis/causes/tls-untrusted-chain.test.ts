import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, sample, tlsFacts, upToToken } from '../testing/sample-evidence';
import { tlsUntrustedChain as rule } from './tls-untrusted-chain';

const journey = failed('tls', { credentialSubmissions: 0 });
const redirect = upToToken('ifd').slice(0, 1);
const bad = (error: string, incomplete = false) =>
  sample('ifd', { journey, exchanges: redirect, tls: [tlsFacts('sts.contoso.com', { trusted: false, error, incomplete })] });

test('confirmed when the chain does not end in a trusted root', () => {
  for (const error of ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT'])
    expect(judged(rule, bad(error)).outcome).toBe('confirmed');
  expect(judged(rule, bad('UNABLE_TO_VERIFY_LEAF_SIGNATURE', true)).text).toContain('does not send an intermediate');
});

test('probable by the browser alone, which calls every fault of a private CA so', () => {
  const failure = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CERT_AUTHORITY_INVALID' });
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, failure], tls: [] })).outcome).toBe('probable');
});

test('clear when the browser blames the authority and the certificate has only expired', () => {
  const failure = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CERT_AUTHORITY_INVALID' });
  expect(judged(rule, { ...bad('CERT_HAS_EXPIRED'), exchanges: [...redirect, failure] }).outcome).toBe('clear');
});

test('clear when chains are trusted, or the fault is another one', () => {
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
  expect(judged(rule, bad('CERT_HAS_EXPIRED')).text).toContain('another reason');
  expect(judged(rule, bad('ECONNREFUSED')).outcome).toBe('clear');
});

test('cannot tell when no certificate was read', () =>
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [] })).outcome).toBe('cannot-tell'));
