import { expect, test } from '@playwright/test';
import type { Exchange } from '../../contracts/evidence';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, page, refused, sample, stsUrl, tokenPost, upToToken } from '../testing/sample-evidence';
import { msisauthCookieCollision as rule } from './msisauth-cookie-collision';

const journey = failed('crm-session', { symptom: 'repeated-prompt', tokenPosts: 1 });
const crm = 'https://contoso.contoso.com';
const again = `${stsUrl}/adfs/ls/?wa=wsignin1.0&wtrealm=https%3a%2f%2fcontoso.contoso.com%2f`;
const own = { name: 'MSISAuth', bytes: 228 };
const crms = { name: 'MSISAuth', bytes: 1987 };
const form = page(3, { kind: 'sts-forms', url: again, exchange: 7 });
type Wishes = { domain?: string | null; reentry?: Partial<Exchange>; pages?: ReturnType<typeof page>[] };
const collision = ({ domain = '.contoso.com', reentry = {}, pages = [form] }: Wishes = {}) =>
  sample('ifd', {
    journey,
    pages,
    exchanges: [
      ...upToToken('ifd'),
      tokenPost('ifd', { location: `${crm}/main.aspx`, cookiesSet: [cookie('MSISAuth', { domain })] }),
      exchange(6, { url: `${crm}/main.aspx`, step: 'crm-session', status: 302, location: again, cookiesSent: [crms], redirectedFrom: 5 }),
      exchange(7, { url: again, step: 'token-issue', redirectedFrom: 6, wsfed: { wa: 'wsignin1.0' }, cookiesSent: [own, crms], ...reentry }),
    ],
  });

test("probable when CRM's cookie for the parent domain goes to AD FS beside its own and the form comes again", () => {
  const { outcome, text, refs } = judged(rule, collision());
  expect(outcome).toBe('probable');
  expect(text).toContain('.contoso.com');
  expect(refs).toEqual(expect.arrayContaining(['exchange:5', 'exchange:7', 'page:3']));
});

test("suspected when AD FS's own cookie was not there", () => expect(judged(rule, collision({ reentry: { cookiesSent: [crms] } })).outcome).toBe('suspected'));

test('clear when AD FS recognised the browser, was asked for fresh credentials, or the cookie stayed with CRM', () => {
  expect(judged(rule, collision({ pages: [] })).outcome).toBe('clear');
  expect(judged(rule, collision({ reentry: { wsfed: { wa: 'wsignin1.0', wfresh: '0' } } })).outcome).toBe('clear');
  expect(judged(rule, collision({ domain: null, reentry: { cookiesSent: [own] } })).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', {}, 'back-to-sts', null)).outcome).toBe('clear');
});

test('cannot tell when cookies were not recorded', () => {
  const evidence = collision();
  expect(judged(rule, { ...evidence, exchanges: evidence.exchanges.map((each) => ({ ...each, cookiesSent: [] })) }).outcome).toBe('cannot-tell');
});
