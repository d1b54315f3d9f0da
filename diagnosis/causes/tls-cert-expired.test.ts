import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { certificate, clocks, exchange, failed, sample, tlsFacts, upToToken } from '../testing/sample-evidence';
import { tlsCertExpired as rule } from './tls-cert-expired';

const journey = failed('tls', { credentialSubmissions: 0 });
const redirect = upToToken('ifd').slice(0, 1);
const ended = certificate('sts ended', { notAfter: '2026-03-01T00:00:00.000Z' });
const expired = sample('ifd', {
  journey,
  exchanges: redirect,
  tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'CERT_HAS_EXPIRED', chain: [ended] })],
});

test('confirmed when a certificate of the flow ended before the run', () => {
  const { outcome, text, refs } = judged(rule, expired);
  expect(outcome).toBe('confirmed');
  expect(text).toContain('2026-03-01 00:00 UTC');
  expect(refs).toEqual(expect.arrayContaining(['tls:sts.contoso.com', `certificate:${ended.sha1}`]));
});

test('says so when the clock of the probe is off', () => {
  expect(judged(rule, { ...expired, clocks: clocks(-8_000_000) }).text).toContain("The probe's own clock differs");
});

test('probable by the browser alone', () => {
  const failure = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CERT_DATE_INVALID' });
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, failure], tls: [] })).outcome).toBe('probable');
});

test('clear when all are valid, or the browser got past it', () => {
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
  expect(judged(rule, { ...expired, exchanges: upToToken('ifd') }).outcome).toBe('clear');
});

test('cannot tell when no certificate was read', () =>
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [] })).outcome).toBe('cannot-tell'));
