import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, refused, sample, sibling, tokenPost, upToToken } from '../testing/sample-evidence';
import { crmUserMissingDisabledOrNoRole as rule } from './crm-user-missing-disabled-or-no-role';

const crm = 'https://contoso.contoso.com';
const accepted = (last: Partial<Exchange> & Pick<Exchange, 'url'>) =>
  sample('ifd', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    whoAmI: null,
    exchanges: [
      ...upToToken('ifd'),
      tokenPost('ifd', { location: `${crm}/main.aspx`, cookiesSet: [cookie('MSISAuth', { domain: 'contoso.com' })] }),
      exchange(6, { step: 'crm-session', redirectedFrom: 5, cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }], ...last }),
    ],
    pages: [],
  });
const errorPage = (errorCode: string | null, text: string | null = null) =>
  accepted({ url: `${crm}/_common/error/errorhandler.aspx?ErrorCode=${errorCode ?? ''}`, crmError: { errorCode, text, requestUri: '/main.aspx' } });

test('probable by code alone, for each of the known ones', () => {
  for (const code of ['0x80040204', '0x80040225', '0x80042F09']) {
    const { outcome, text } = judged(rule, errorPage(code));
    expect(outcome, code).toBe('probable');
    expect(text).toContain('took the token');
  }
});

test('probable by the words when no number is shown', () =>
  expect(judged(rule, errorPage(null, 'The specified user is either disabled or is not a member of any business unit')).outcome).toBe('probable'));

test('suspected for a bare 403, or when the other route signed the account in', () => {
  expect(judged(rule, accepted({ url: `${crm}/main.aspx`, status: 403 })).outcome).toBe('suspected');
  expect(judged(rule, errorPage('0x80040204'), [sibling({ signedIn: 'yes' })]).outcome).toBe('suspected');
});

test('clear when CRM refused the token, when another code was shown, and when sign-in works', () => {
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, errorPage('0x80040216')).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when the answer to the token was not seen', () =>
  expect(judged(rule, sample('ifd', { journey: failed('token-post'), exchanges: upToToken('ifd') })).outcome).toBe('cannot-tell'));
