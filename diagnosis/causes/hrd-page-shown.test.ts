import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, page, sample } from '../testing/sample-evidence';
import { hrdPageShown as rule } from './hrd-page-shown';

const hrd = page(1, { kind: 'sts-home-realm', url: 'https://sts.contoso.com/adfs/ls/', title: 'Home Realm Discovery', recognisedBy: 'adfs-home-realm' });
const journey = failed('sts-page', { symptom: 'other', credentialSubmissions: 0 });

test('confirmed when the sign-in stops at the page, with and without a last good state', () => {
  const { outcome, text, refs } = judged(rule, sample('ifd', { journey, pages: [hrd] }));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('the sign-in form at once');
  expect(refs).toEqual(['page:1', 'last-good']);
  expect(judged(rule, sample('internal', { journey, pages: [hrd], lastGood: null })).outcome).toBe('confirmed');
});

test('clear when the page was passed, or never came', () => {
  const form = page(2, { kind: 'sts-forms', url: 'https://sts.contoso.com/adfs/ls/' });
  expect(judged(rule, sample('ifd', { journey: failed('credentials'), pages: [hrd, form] })).text).toContain('chosen');
  expect(judged(rule, sample('ifd', { journey: failed('credentials'), pages: [form] })).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, sample('ifd', { journey, pages: [] })).outcome).toBe('cannot-tell'));
