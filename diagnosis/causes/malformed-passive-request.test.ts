import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { exchange, failed, page, refused, sample, upToToken } from '../testing/sample-evidence';
import { malformedPassiveRequest as rule } from './malformed-passive-request';

const bare = exchange(3, { url: 'https://sts.contoso.com/adfs/ls/', redirectedFrom: 2 });
const [crm, sts] = upToToken('ifd') as [ReturnType<typeof exchange>, ReturnType<typeof exchange>];
const stripped = [crm, { ...sts, status: 302, location: 'https://sts.contoso.com/adfs/ls/' }, bare];
const error = (message = 'An error occurred.', over = {}) =>
  sample('ifd', {
    journey: failed('sts-page', { credentialSubmissions: 0 }),
    exchanges: stripped,
    token: null,
    pages: [page(1, { kind: 'sts-error', url: 'https://sts.contoso.com/adfs/ls/', exchange: 3, texts: { message } })],
    ...over,
  });
const coded = 'MSIS7065: There are no registered protocol handlers on path /adfs/ls/ to process the incoming request.';

test('confirmed when the page carries MSIS7065 and the parameters CRM sent did not arrive', () => {
  const { outcome, text } = judged(rule, error(coded));
  expect(outcome).toBe('confirmed');
  for (const words of ['no wa and no wtrealm', 'contoso.contoso.com', 'HTTP 302']) expect(text).toContain(words);
});

test('probable when the code is hidden, or when it is shown for a request that was complete in the browser', () => {
  expect(judged(rule, error()).outcome).toBe('probable');
  expect(judged(rule, error(coded, { exchanges: upToToken('ifd').slice(0, 2) })).outcome).toBe('probable');
});

test('only suspected when the redirect of CRM was not seen', () => expect(judged(rule, error(undefined, { exchanges: [bare] })).outcome).toBe('suspected'));

test('clear for a complete request without the code, another code, or an issued token', () => {
  expect(judged(rule, error(undefined, { exchanges: upToToken('ifd').slice(0, 2) })).outcome).toBe('clear');
  expect(judged(rule, error('MSIS7102: Requested Authentication Method is not supported on the STS.')).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
});

test('cannot tell without pages or without the request', () => {
  expect(judged(rule, error(undefined, { pages: [] })).outcome).toBe('cannot-tell');
  expect(judged(rule, error(undefined, { exchanges: [crm] })).outcome).toBe('cannot-tell');
});
