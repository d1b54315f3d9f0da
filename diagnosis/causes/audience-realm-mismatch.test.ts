import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { crmMetadata, lastGood, refused, sample, token } from '../testing/sample-evidence';
import { audienceRealmMismatch as rule } from './audience-realm-mismatch';

test('confirmed when AppliesTo is not among the scopes', () => {
  const { outcome, text } = judged(rule, refused('ifd', { token: token('ifd', { appliesTo: 'https://old.contoso.com/' }) }, 'http-401'));
  expect(outcome).toBe('confirmed');
  expect(text).toContain('https://old.contoso.com/');
});

test('confirmed by ID1038', () => {
  expect(
    judged(
      rule,
      refused('ifd', {}, 'error-page', 'ID1038: The AudienceRestrictionCondition was not valid because the specified Audience is not present in AudienceUris.'),
    ).outcome,
  ).toBe('confirmed');
});

test('only suspected when CRM itself asked for a realm that differs in writing', () => {
  const scopes = { ...crmMetadata('ifd'), scopes: ['https://contoso.contoso.com'] } as ReturnType<typeof crmMetadata>;
  expect(judged(rule, refused('ifd', { crmMetadata: scopes, lastGood: null })).outcome).toBe('suspected');
  expect(judged(rule, refused('ifd', { crmMetadata: scopes, lastGood: lastGood('ifd', { crmScopes: ['https://contoso.contoso.com'] }) })).outcome).toBe(
    'clear',
  );
});

test('clear when AppliesTo is a scope or ID4175 is shown; cannot tell without scopes', () => {
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', {}, 'error-page', 'ID4175: x')).outcome).toBe('clear');
  expect(judged(rule, refused('ifd', { crmMetadata: null, lastGood: null })).outcome).toBe('cannot-tell');
  expect(judged(rule, sample()).outcome).toBe('clear');
});
