import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, sample, upToToken } from '../testing/sample-evidence';
import { localNetworkAccessDenied as rule } from './local-network-access-denied';

const line = (host: string) => ({
  level: 'error',
  atMs: 900,
  text:
    `Access to fetch at 'https://${host}/adfs/ls/' from origin 'https://contoso.contoso.com' has been blocked by CORS policy: ` +
    `Permission was denied for this request to access the \`local\` address space.`,
});
const stopped = (host: string | null, over = {}) =>
  sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    exchanges: upToToken('ifd').slice(0, 2),
    console: host ? [line(host)] : [],
    ...over,
  });

test('confirmed where the refused request was to the STS or CRM, suspected for another host', () => {
  const { outcome, text } = judged(rule, stopped('sts.contoso.com'));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('address space');
  expect(judged(rule, stopped('pictures.contoso.com')).outcome).toBe('suspected');
});

test('clear where the console says nothing of it, and when signed in', () => {
  expect(judged(rule, stopped(null)).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { console: [line('sts.contoso.com')] })).outcome).toBe('clear');
});

test('cannot tell without any exchange', () => expect(judged(rule, stopped('sts.contoso.com', { exchanges: [] })).outcome).toBe('cannot-tell'));
