import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { cookie, exchange, failed, page, sample, tokenPost, upToToken } from '../testing/sample-evidence';
import { cookiesBlockedOrContextLost as rule } from './cookies-blocked-or-context-lost';

const journey = failed('crm-session', { symptom: 'redirect-loop', tokenPosts: 1 });
const back = (sent: readonly { name: string; bytes: number }[] = [], host = 'contoso.contoso.com') =>
  exchange(6, {
    url: `https://${host}/`,
    step: 'crm-session',
    redirectedFrom: 5,
    status: 302,
    location: 'https://sts.contoso.com/adfs/ls/?wa=wsignin1.0',
    cookiesSent: [...sent],
  });
const after = (set: ReturnType<typeof cookie>, ...next: ReturnType<typeof exchange>[]) =>
  sample('ifd', { journey, exchanges: [...upToToken('ifd'), tokenPost('ifd', { location: '/', cookiesSet: [set] }), ...next] });

test('confirmed when the browser refused the session cookie', () => {
  const { outcome, text } = judged(rule, after(cookie('MSISAuth', { domain: 'crm.contoso.invalid', blocked: ['InvalidDomain'] })));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('InvalidDomain');
});

test('confirmed when the cookie was set and not sent on the next request, in or out of its scope', () => {
  expect(judged(rule, after(cookie('MSISAuth', { domain: 'contoso.com' }), back())).text).toContain('although it is valid there');
  expect(judged(rule, after(cookie('MSISAuth'), back())).text).toContain('not valid there');
});

test('probable by MSIS7001', () => {
  const pages = [
    page(1, {
      kind: 'sts-error',
      url: 'https://sts.contoso.com/adfs/ls/',
      texts: { message: 'MSIS7001: The passive protocol context was not found or not valid.' },
    }),
  ];
  expect(judged(rule, sample('ifd', { journey, pages })).outcome).toBe('probable');
});

test('clear when the cookie was sent and still not accepted, and for a request that never left', () => {
  expect(judged(rule, after(cookie('MSISAuth', { domain: 'contoso.com' }), back([{ name: 'MSISAuth', bytes: 1987 }]))).text).toContain(
    "not the browser's doing",
  );
  expect(judged(rule, after(cookie('MSISAuth', { domain: 'contoso.com' }), { ...back(), status: null })).outcome).toBe('clear');
});

test('cannot tell when no cookie was recorded', () => {
  expect(judged(rule, sample('ifd', { journey, exchanges: [exchange(1, { url: 'https://contoso.contoso.com/' })] })).outcome).toBe('cannot-tell');
});
