import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, sample, upToToken } from '../testing/sample-evidence';
import { wiaIntranetZoneNotConfigured as rule } from './wia-intranet-zone-not-configured';

const unanswered = (windowsCurrent: boolean, over = {}) =>
  sample('internal', {
    settings: { ...sample('internal').settings, windowsCurrent },
    journey: failed('credentials', {
      credentialSubmissions: 0,
      windowsPrompts: 1,
      withheld: windowsCurrent ? 'not given: the account is the current Windows account, which has no password to give' : null,
    }),
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: 'https://sts.contoso.com/adfs/ls/wia', step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] }),
    ],
    pages: [],
    ...over,
  });

test('probable for the current Windows account, suspected in a recording of somebody else', () => {
  const { outcome, text } = judged(rule, unanswered(true));
  expect(outcome).toBe('probable');
  expect(text).toContain('no Authorization header');
  expect(judged(rule, unanswered(false)).outcome).toBe('suspected');
});

test('clear when credentials were sent and refused, the probe kept them back, or nobody asked', () => {
  const refused = unanswered(true);
  expect(
    judged(rule, { ...refused, exchanges: refused.exchanges.map((each) => (each.seq === 3 ? { ...each, authorization: 'Negotiate-Kerberos' } : each)) })
      .outcome,
  ).toBe('clear');
  expect(judged(rule, unanswered(false, { journey: failed('credentials', { credentialSubmissions: 0, withheld: 'not submitted again' }) })).outcome).toBe(
    'clear',
  );
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
  expect(judged(rule, sample('internal')).outcome).toBe('clear');
});

test('cannot tell when the recording leaves it out, or the STS was never met', () => {
  const silent = page(1, { kind: 'sts-windows-challenge', url: 'https://sts.contoso.com/adfs/ls/wia', texts: { authorization: 'not recorded' } });
  expect(judged(rule, unanswered(false, { pages: [silent], journey: failed('credentials', { credentialSubmissions: 0 }) })).outcome).toBe('cannot-tell');
  expect(judged(rule, unanswered(true, { exchanges: [] })).outcome).toBe('cannot-tell');
});
