import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { certificate, exchange, failed, sample, sibling, tlsFacts, upToToken } from '../testing/sample-evidence';
import { wiaExtendedProtectionTlsInterception as rule } from './wia-extended-protection-tls-interception';
import { wiaSpnMissingOrDuplicate } from './wia-spn-missing-or-duplicate';

const sts = 'sts.contoso.com';
const inspected = certificate(`tls ${sts} inspected`, { subject: `CN=${sts}`, issuer: 'CN=Contoso TLS Inspection CA', selfSigned: false });
const refused = (over = {}) =>
  sample('internal', {
    journey: failed('credentials', { windowsPrompts: 2 }),
    exchanges: [
      ...upToToken('internal').slice(0, 2),
      exchange(3, { url: `https://${sts}/adfs/ls/wia`, step: 'credentials', status: 401, challenges: ['Negotiate', 'NTLM'] }),
    ],
    pages: [],
    tls: [...sample('internal').tls.filter(({ host }) => host !== sts), tlsFacts(sts, { chain: [inspected] })],
    ...over,
  });
const accepted = [sibling({ password: 'accepted', signedIn: 'yes' })];

test('probable when another authority issued the certificate since the last good sign-in and the form works', () => {
  const { outcome, text } = judged(rule, refused(), accepted);
  expect(outcome).toBe('probable');
  expect(text).toContain('Contoso TLS Inspection CA');
  expect(judged(wiaSpnMissingOrDuplicate, refused(), accepted).outcome).toBe('suspected');
});

test('suspected without the contrast, for a renewal by the same authority, and by the name of the issuer alone', () => {
  expect(judged(rule, refused()).outcome).toBe('suspected');
  const [usual] = sample('internal').tls;
  const renewed = certificate('renewed', { subject: `CN=${sts}`, issuer: usual!.chain[0]!.issuer, selfSigned: false });
  expect(judged(rule, refused({ tls: [usual!, tlsFacts(sts, { chain: [renewed] })] }), accepted).outcome).toBe('suspected');
  expect(judged(rule, refused({ lastGood: null }), accepted).outcome).toBe('suspected');
});

test('clear when the certificate is the known one, the password was refused, or Windows sign-in works', () => {
  expect(judged(rule, refused({ tls: sample('internal').tls }), accepted).outcome).toBe('clear');
  expect(judged(rule, refused(), [sibling({ password: 'refused' })]).outcome).toBe('clear');
  expect(judged(rule, sample('internal')).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('token-post') })).outcome).toBe('clear');
});

test('cannot tell without a certificate, or without anything to compare it with', () => {
  expect(judged(rule, refused({ tls: [] }), accepted).outcome).toBe('cannot-tell');
  expect(judged(rule, refused({ tls: sample('internal').tls, lastGood: null }), accepted).outcome).toBe('cannot-tell');
});
