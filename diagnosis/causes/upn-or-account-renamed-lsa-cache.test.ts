import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, refused, sample, tokenPost, upToToken } from '../testing/sample-evidence';
import { upnOrAccountRenamedLsaCache as rule } from './upn-or-account-renamed-lsa-cache';

const crm = 'https://contoso.contoso.com';
const mapped = (errorCode: string, over = {}) =>
  sample('ifd', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    exchanges: [
      ...upToToken('ifd'),
      tokenPost('ifd', { location: `${crm}/main.aspx`, cookiesSet: [cookie('MSISAuth', { domain: 'contoso.com' })] }),
      exchange(6, {
        url: `${crm}/_common/error/errorhandler.aspx`,
        step: 'crm-session',
        redirectedFrom: 5,
        crmError: { errorCode, text: null, requestUri: '/' },
      }),
    ],
    pages: [],
    ...over,
  });

test('suspected, never more, when CRM does not accept the user of an account that signed in before', () => {
  const { outcome, text } = judged(rule, mapped('0x80040204'));
  expect(outcome).toBe('suspected');
  expect(text).toContain('2026-03-01');
  expect(judged(rule, mapped('0x80040225')).outcome).toBe('suspected');
});

test('clear when the user was found, the token was refused, or sign-in works', () => {
  expect(judged(rule, mapped('0x80042F09')).outcome).toBe('clear');
  expect(judged(rule, mapped('0x80040216')).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('without a last good sign-in it stays suspected and says what is not known', () => {
  const { outcome, text } = judged(rule, mapped('0x80040204', { lastGood: null }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('Whether this account ever signed in is not known here');
});
