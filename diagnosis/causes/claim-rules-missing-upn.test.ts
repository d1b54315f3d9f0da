import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, refused, sample, sibling, token, tokenPost, upToToken } from '../testing/sample-evidence';
import { claimRulesMissingUpn as rule } from './claim-rules-missing-upn';

const errorUrl = 'https://contoso.contoso.com/_common/error/errorhandler.aspx?ErrorCode=0x80040203';
const withCode = (errorCode: string | null, over = {}, cookies = [cookie('MSISAuth', { domain: 'contoso.com' })]) => {
  const crmError = { errorCode, text: 'Error Details: Invalid Argument', requestUri: '/main.aspx' };
  return sample('ifd', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    whoAmI: null,
    exchanges: [
      ...upToToken('ifd'),
      tokenPost('ifd', { location: 'https://contoso.contoso.com/main.aspx', cookiesSet: cookies }),
      exchange(6, {
        url: 'https://contoso.contoso.com/main.aspx',
        step: 'crm-session',
        redirectedFrom: 5,
        status: 302,
        location: errorUrl,
        cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }],
      }),
      exchange(7, { url: errorUrl, step: 'crm-page', redirectedFrom: 6, crmError }),
    ],
    pages: [],
    ...over,
  });
};

test('probable when CRM took the token and answers 0x80040203', () => {
  const { outcome, text } = judged(rule, withCode('0x80040203'), [sibling({ route: 'internal', signedIn: 'yes' })]);
  expect(outcome).toBe('probable');
  for (const words of ['0x80040203', 'session cookie', 'internal route', 'second account']) expect(text).toContain(words);
});

test('probable when the token is readable and lacks the UPN; clear when it has one', () => {
  expect(judged(rule, withCode('0x80040203', { token: token('ifd', { encrypted: false, claims: ['name', 'primarysid'] }) })).text).toContain('primarysid');
  expect(judged(rule, withCode('0x80040203', { token: token('ifd', { encrypted: false, claims: ['upn'] }) })).outcome).toBe('clear');
});

test('only suspected when the session cookie was not seen', () => expect(judged(rule, withCode('0x80040203', {}, [])).outcome).toBe('suspected'));

test('clear for another code, a refused token, and a sign-in that ended earlier', () => {
  expect(judged(rule, withCode('0x80040216')).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', {}, 'error-page', 'ID4175: x')).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('sts-page'), exchanges: [] })).outcome).toBe('clear');
});

test('cannot tell when the recording ends with the token', () => {
  expect(
    judged(rule, sample('ifd', { journey: failed('token-post'), exchanges: [...upToToken('ifd'), tokenPost('ifd', { status: 200 })], pages: [] })).outcome,
  ).toBe('cannot-tell');
});
