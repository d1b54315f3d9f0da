import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, lastGood, sample, sibling, upToToken } from '../testing/sample-evidence';
import { ntlmLoopbackCheck as rule } from './ntlm-loopback-check';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';

const refused = (over = {}) =>
  sample('internal', {
    journey: failed('credentials', { windowsPrompts: 2 }),
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: 'https://sts.contoso.com/adfs/ls/wia', step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] }),
    ],
    pages: [],
    ownAddresses: ['127.0.0.1', '10.0.0.5'],
    ...over,
  });
const elsewhere = { lastGood: lastGood('internal', { dns: [{ host: 'sts.contoso.com', addresses: ['10.0.0.7'] }] }) };
const accepted = [sibling({ password: 'accepted', signedIn: 'yes' })];

test('probable when the STS became an address of this machine and the form accepts the account', () => {
  const { outcome, text } = judged(rule, refused(elsewhere), accepted);
  expect(outcome).toBe('probable');
  expect(text).toContain('10.0.0.5');
  expect(text).toContain('10.0.0.7');
  expect(judged(wiaSpnMissingOrDuplicate, refused(elsewhere), accepted).outcome).toBe('suspected');
});

test('the move counts too when the last good sign-in used the form', () =>
  expect(judged(rule, refused({ lastGood: { ...elsewhere.lastGood, method: 'forms' } }), accepted).outcome).toBe('probable'));

test('suspected without history or without the contrast; a loopback address is always own', () => {
  expect(judged(rule, refused({ lastGood: null }), accepted).outcome).toBe('suspected');
  expect(judged(rule, refused(elsewhere)).outcome).toBe('suspected');
  expect(
    judged(rule, refused({ lastGood: null, ownAddresses: [], dns: [{ host: 'sts.contoso.com', addresses: ['127.0.0.1'], error: null, source: 'system' }] }))
      .outcome,
  ).toBe('suspected');
});

test('clear when Windows sign-in worked from this machine before, when the STS is another machine, or the account was refused', () => {
  expect(judged(rule, refused(), accepted).text).toContain('worked at the last good sign-in');
  expect(judged(rule, refused({ ...elsewhere, ownAddresses: ['10.0.0.99'] }), accepted).outcome).toBe('clear');
  expect(judged(rule, refused(elsewhere), [sibling({ password: 'refused' })]).outcome).toBe('clear');
  expect(judged(rule, sample('internal')).outcome).toBe('clear');
});

test('cannot tell without addresses', () => expect(judged(rule, refused({ ownAddresses: [], dns: [] }), accepted).outcome).toBe('cannot-tell'));
