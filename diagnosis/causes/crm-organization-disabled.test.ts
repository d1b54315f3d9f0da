import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, refused, sample, sibling, tokenPost, upToToken } from '../testing/sample-evidence';
import { crmOrganizationDisabled as rule } from './crm-organization-disabled';

const crm = 'https://internalcrm.contoso.com';
const behind = (over: Partial<Exchange>) =>
  sample('internal', {
    journey: failed('crm-page', { tokenPosts: 1 }),
    pages: [],
    exchanges: [
      ...upToToken('internal'),
      tokenPost('internal', { location: `${crm}/Contoso/main.aspx`, cookiesSet: [cookie('MSISAuth')] }),
      exchange(6, { url: `${crm}/Contoso/main.aspx`, step: 'crm-session', redirectedFrom: 5, cookiesSent: [{ name: 'MSISAuth', bytes: 1987 }], ...over }),
    ],
  });

test("suspected by 404 from the organization's address behind a good session", () => {
  const { outcome, text, refs } = judged(rule, behind({ status: 404 }));
  expect(outcome).toBe('suspected');
  expect(text).toContain('404');
  expect(refs).toContain('exchange:6');
});

test('suspected when the page says so', () =>
  expect(judged(rule, behind({ document: { title: '', text: 'The organization has been disabled by the administrator.' } })).outcome).toBe('suspected'));

test('clear when the organization answers, another route signed in, or the token was refused', () => {
  expect(judged(rule, behind({})).outcome).toBe('clear');
  expect(judged(rule, behind({ status: 404 }), [sibling({ signedIn: 'yes' })]).outcome).toBe('clear');
  expect(judged(rule, refused('internal')).outcome).toBe('clear');
});

test("cannot tell when CRM's verdict on the token is not visible", () =>
  expect(
    judged(
      rule,
      sample('internal', { journey: failed('token-post'), pages: [], exchanges: [...upToToken('internal'), tokenPost('internal', { status: 403 })] }),
    ).outcome,
  ).toBe('cannot-tell'));
