import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, sample, tlsFacts, upToToken } from '../testing/sample-evidence';
import { tlsProtocolDisabled as rule } from './tls-protocol-disabled';

const journey = failed('tls', { credentialSubmissions: 0, symptom: 'no-answer' });
const redirect = upToToken('ifd').slice(0, 1);
const silent = (error: string) => tlsFacts('sts.contoso.com', { trusted: false, error, chain: [], names: [], protocol: null, cipher: null });
const failure = (code: string) => exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: code });

test('probable when the handshake is refused for its version, with what worked before', () => {
  const { outcome, text, refs } = judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [silent('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION')] }));
  expect(outcome).toBe('probable');
  expect(text).toContain('refused the TLS handshake');
  expect(refs).toContain('last-good');
});

test('probable by the browser alone', () =>
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, failure('net::ERR_SSL_VERSION_OR_CIPHER_MISMATCH')], tls: [] })).outcome).toBe(
    'probable',
  ));

test('suspected when the handshake breaks without saying why', () => {
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [silent('ERR_SSL_WRONG_VERSION_NUMBER')] })).outcome).toBe('suspected');
  const reset = sample('ifd', { journey, exchanges: [...redirect, failure('net::ERR_CONNECTION_RESET')], tls: [silent('ECONNRESET')] });
  expect(judged(rule, reset).outcome).toBe('suspected');
});

test('clear when a certificate was shown, nothing listens, or the host answered', () => {
  expect(
    judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'CERT_HAS_EXPIRED' })] })).outcome,
  ).toBe('clear');
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [silent('ECONNREFUSED')] })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell when no handshake was looked at', () =>
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [] })).outcome).toBe('cannot-tell'));
