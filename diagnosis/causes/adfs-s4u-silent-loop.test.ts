import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, page, sample, upToToken } from '../testing/sample-evidence';
import { adfsS4uSilentLoop as rule } from './adfs-s4u-silent-loop';
import { wrongPassword } from './wrong-password';

const url = 'https://sts.contoso.com/adfs/ls/';
const pages = [page(1, { kind: 'sts-forms', url, action: 'typed the credentials' }), page(2, { kind: 'sts-forms', url, action: 'stopped' })];
const journey = failed('token-issue', { symptom: 'repeated-prompt' });
const loop = (over = {}) => sample('ifd', { journey, exchanges: upToToken('ifd'), pages, ...over });

test('suspected, never more, when MSISAuth was set and sent back and the form came again', () => {
  const { outcome, text, refs } = judged(rule, loop());
  expect(outcome).toBe('suspected');
  expect(text).toContain('carried that cookie');
  expect(refs).toEqual(['exchange:3', 'exchange:4', 'page:2']);
  expect(judged(wrongPassword, loop()).outcome).toBe('clear');
});

test('clear when a cookie of the relying party collides, the cookie was not sent back, or the password was refused', () => {
  const crmCookie = exchange(1, { url: 'https://contoso.contoso.com/', status: 302, cookiesSet: [cookie('MSISAuth', { domain: '.contoso.com' })] });
  expect(judged(rule, loop({ exchanges: [crmCookie, ...upToToken('ifd').slice(1)] })).text).toContain('collision');
  const [first, second, third, fourth] = upToToken('ifd');
  expect(judged(rule, loop({ exchanges: [first, second, third, { ...fourth!, cookiesSent: [] }] })).outcome).toBe('clear');
  expect(judged(rule, loop({ exchanges: [first, second, { ...third!, status: 200, cookiesSet: [] }] })).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when nothing was seen after the credentials', () => {
  const [first, second, third] = upToToken('ifd');
  expect(judged(rule, loop({ exchanges: [first, second, { ...third!, cookiesSet: [] }], pages: pages.slice(0, 1) })).outcome).toBe('cannot-tell');
});
