import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, refused, sample } from '../testing/sample-evidence';
import { crmEncryptionKeyInaccessible as rule } from './crm-encryption-key-inaccessible';

const failing = { ok: false as const, url: 'x', status: 500, why: 'Expected the federation metadata (status 200), found status 500.' };
const withKeyset = (over = {}) => refused('ifd', { crmMetadata: failing, ...over }, 'error-page', 'Keyset does not exist');

test('confirmed when CRM refuses the token and its metadata, served before, now fails while the site is up, with words or without', () => {
  for (const evidence of [withKeyset(), refused('ifd', { crmMetadata: failing }, 'http-401')]) {
    const { outcome, text } = judged(rule, evidence);
    expect(outcome).toBe('confirmed');
    expect(text).toContain('HTTP 500');
    expect(text).toContain('the site itself is up');
  }
});

test('probable without a last good sign-in and without words; suspected when nothing shows the site up', () => {
  expect(judged(rule, refused('ifd', { crmMetadata: failing, lastGood: null }, 'http-500')).outcome).toBe('probable');
  const down = refused('ifd', { crmMetadata: failing, lastGood: null, wsdl: null }, 'http-500');
  expect(judged(rule, { ...down, exchanges: down.exchanges.filter(({ step }) => step !== 'crm-redirect') }).outcome).toBe('suspected');
});

test('probable by the words alone when the metadata was not reached', () => {
  expect(judged(rule, withKeyset({ crmMetadata: { ok: false, url: 'x', status: null, why: 'timeout' } })).outcome).toBe('probable');
});

test('clear when the metadata is served, a later check failed, or no token was refused', () => {
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { crmMetadata: failing }, 'error-page', 'ID4175: x')).outcome).toBe('clear');
  expect(judged(rule, sample('ifd', { journey: failed('sts-page'), exchanges: [], crmMetadata: failing })).outcome).toBe('clear');
});

test('cannot tell when the metadata failed for another reason or was not asked for', () => {
  expect(judged(rule, refused('ifd', { crmMetadata: { ok: false, url: 'x', status: 404, why: 'x' } })).outcome).toBe('cannot-tell');
  expect(judged(rule, refused('ifd', { crmMetadata: null })).outcome).toBe('cannot-tell');
});
