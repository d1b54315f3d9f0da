import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, lastGood, page, sample, sibling, upToToken } from '../testing/sample-evidence';
import { wiaSpnMissingOrDuplicate as rule } from './wia-spn-missing-or-duplicate';

const wia = 'https://sts.contoso.com/adfs/ls/wia';
const refused = (over = {}, sent: string | null = 'Negotiate-NTLM') =>
  sample('internal', {
    journey: failed('credentials', { symptom: 'repeated-prompt' }),
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: wia, step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'], authorization: sent }),
    ],
    pages: [page(1, { kind: 'sts-windows-challenge', url: wia, status: 401, exchange: 3, texts: { challenges: 'Negotiate, NTLM' } })],
    ...over,
  });

test('probable when the form accepted the same password in the same run', () => {
  const { outcome, text } = judged(rule, refused(), [sibling({ password: 'accepted' })]);
  expect(outcome).toBe('probable');
  expect(text).toContain('Negotiate-NTLM');
});

test('suspected alone; a changed TLS certificate speaks for interception', () => {
  expect(judged(rule, refused()).outcome).toBe('suspected');
  const changed = refused({ lastGood: lastGood('internal', { tls: [{ host: 'sts.contoso.com', sha1: 'A'.repeat(40) }] }) });
  expect(judged(rule, changed, [sibling({ password: 'accepted' })]).text).toContain('channel binding');
});

test('found although the browser hides the final 401', () => {
  const hidden = refused({
    exchanges: [...upToToken('internal').slice(0, 2), exchange(3, { url: wia, step: 'credentials', status: null, failure: 'net::ERR_ABORTED' })],
  });
  expect(judged(rule, hidden).outcome).toBe('suspected');
});

test('clear when the form refused the password too, nothing was sent, or Windows sign-in was accepted', () => {
  expect(judged(rule, refused(), [sibling({ password: 'refused' })]).outcome).toBe('clear');
  expect(judged(rule, refused({ journey: failed('credentials', { credentialSubmissions: 0 }) }, null)).outcome).toBe('clear');
  expect(judged(rule, sample('internal', { journey: failed('token-post') })).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell when the STS was never met or the credentials were withheld', () => {
  expect(judged(rule, refused({ exchanges: [], pages: [] })).outcome).toBe('cannot-tell');
  expect(judged(rule, refused({ journey: failed('credentials', { credentialSubmissions: 0, withheld: 'not submitted again' }) }, null)).outcome).toBe(
    'cannot-tell',
  );
});

test('the domain’s words that no service has the name count, also where NTLM is offered beside and the probe has no password to give', () => {
  const texts = { challenges: 'Negotiate, NTLM', ticketFailure: 'Server not found in Kerberos database' };
  const evidence = refused(
    {
      journey: failed('credentials', { symptom: 'http-401', credentialSubmissions: 0, withheld: 'not given: the account is the current Windows account' }),
      pages: [page(1, { kind: 'sts-windows-challenge', url: wia, status: 401, exchange: 3, texts })],
    },
    null,
  );
  expect(judged(rule, evidence).outcome).toBe('probable');
});

test('clear where NTLM alone is offered: it needs no service principal name', () => {
  const ntlm = refused(
    {
      exchanges: [
        ...upToToken('internal').slice(0, 2),
        exchange(3, { url: wia, step: 'credentials', status: 401, challenges: ['NTLM'], authorization: 'NTLM' }),
      ],
    },
    'NTLM',
  );
  expect(judged(rule, ntlm).outcome).toBe('clear');
});
