import { expect, test } from '@playwright/test';
import { nameCovers } from '../facts/host-names';
import { judged } from '../testing/judged';
import { exchange, failed, sample, tlsFacts, upToToken } from '../testing/sample-evidence';
import { tlsNameMismatch as rule } from './tls-name-mismatch';

const journey = failed('tls', { credentialSubmissions: 0 });
const redirect = upToToken('ifd').slice(0, 1);
const bad = (over: Parameters<typeof tlsFacts>[1]) =>
  sample('ifd', { journey, exchanges: redirect, tls: [tlsFacts('sts.contoso.com', { trusted: false, error: 'ERR_TLS_CERT_ALTNAME_INVALID', ...over })] });

test('confirmed when no name of the certificate covers the host, with the names in the claim', () => {
  const { outcome, text, refs } = judged(rule, bad({ names: ['login.contoso.com', 'www.contoso.com'] }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('login.contoso.com and www.contoso.com');
  expect(refs).toContain('tls:sts.contoso.com');
  expect(judged(rule, bad({ names: [] })).outcome).toBe('confirmed');
});

test('probable beside another fault of the same certificate, which is the one the client names', () =>
  expect(judged(rule, bad({ error: 'CERT_HAS_EXPIRED', names: ['*.fabrikam.com'] })).outcome).toBe('probable'));

test('probable by the browser alone', () => {
  const failure = exchange(2, { url: 'https://sts.contoso.com/adfs/ls/', status: null, failure: 'net::ERR_CERT_COMMON_NAME_INVALID' });
  expect(judged(rule, sample('ifd', { journey, exchanges: [...redirect, failure], tls: [] })).outcome).toBe('probable');
});

test('clear when the names cover the host and something else is wrong, or all is well', () => {
  expect(judged(rule, bad({ error: 'CERT_HAS_EXPIRED' })).outcome).toBe('clear');
  expect(judged(rule, bad({ error: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', names: ['*.contoso.com'] })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell when no certificate was read', () => {
  expect(judged(rule, sample('ifd', { journey, exchanges: redirect, tls: [] })).outcome).toBe('cannot-tell');
  expect(judged(rule, bad({ chain: [], names: [], error: 'ECONNREFUSED' })).outcome).toBe('cannot-tell');
});

test('a wildcard covers one level, and not the domain itself', () => {
  expect(nameCovers('*.contoso.com', 'auth.contoso.com')).toBe(true);
  expect(nameCovers('*.contoso.com', 'contoso.com')).toBe(false);
  expect(nameCovers('*.contoso.com', 'org.crm.contoso.com')).toBe(false);
  expect(nameCovers('STS.contoso.com', 'sts.contoso.com')).toBe(true);
});
