import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, refused, sample, tokenPost, upToToken } from '../testing/sample-evidence';
import { crmInternalError as rule } from './crm-internal-error';

const crm = 'https://internalcrm.contoso.com';
const behind = (over: Partial<Exchange>) =>
  sample('internal', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    pages: [],
    exchanges: [
      ...upToToken('internal'),
      tokenPost('internal', { location: `${crm}/main.aspx`, cookiesSet: [cookie('MSISAuth')] }),
      exchange(6, { url: `${crm}/main.aspx`, step: 'crm-session', redirectedFrom: 5, cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }], ...over }),
    ],
  });
const error = (errorCode: string) => ({ status: 302, location: '/_common/error/errorhandler.aspx', crmError: { errorCode, text: null, requestUri: null } });

test('suspected by a code of CRM behind a good session, whatever the words', () => {
  const { outcome, text, refs } = judged(rule, behind(error('0x80040216')));
  expect(outcome).toBe('suspected');
  expect(text).toContain('0x80040216');
  expect(refs).toContain('exchange:6');
});

test('suspected by HTTP 500 or 404 behind a good session', () => {
  expect(judged(rule, behind({ status: 500 })).outcome).toBe('suspected');
  expect(judged(rule, behind({ status: 404 })).outcome).toBe('suspected');
});

test('clear when the code is about the identity, or the token itself was refused', () => {
  expect(judged(rule, behind(error('0x80040203'))).outcome).toBe('clear');
  expect(judged(rule, behind(error('0x80040204'))).outcome).toBe('clear');
  expect(judged(rule, refused('internal')).outcome).toBe('clear');
  expect(judged(rule, behind({})).outcome).toBe('clear');
});

test("cannot tell when CRM's verdict on the token is not visible", () =>
  expect(
    judged(
      rule,
      sample('internal', { journey: failed('token-post'), pages: [], exchanges: [...upToToken('internal'), tokenPost('internal', { status: 403 })] }),
    ).outcome,
  ).toBe('cannot-tell'));

test('suspected when CRM names a failure of its own in the answer to the token', () => {
  const said = 'Ausnahmedetails: System.Data.SqlClient.SqlException: Cannot open database "MSCRM_CONFIG" requested by the login.';
  const exchanges = [...upToToken('ifd'), tokenPost('ifd', { status: 500, document: { title: 'Laufzeitfehler', text: said } })];
  const { outcome, text } = judged(rule, sample('ifd', { journey: failed('token-post'), pages: [], exchanges }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('SqlException: Cannot open database');
});
