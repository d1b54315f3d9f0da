import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, refused, sample, upToToken } from '../testing/sample-evidence';
import { stsEvent, stsPage } from '../testing/sample-sts-failures';
import { adfsDirectoryFailure as rule } from './adfs-directory-failure';

const down =
  "MSIS7012: An error occurred. ---> PolicyEvaluationException: POLICY0018: Query ';userPrincipalName;{0}' to attribute store 'Active Directory' " +
  "failed: 'The LDAP server is unavailable.'.";

test('confirmed where the page or an event names the directory', () => {
  for (const evidence of [stsPage(down), stsEvent(down), stsEvent('System.ArgumentOutOfRangeException: Not a valid Win32 FileTime.')]) {
    const { outcome, text } = judged(rule, evidence);
    expect(outcome).toBe('confirmed');
    expect(text).toMatch(/LDAP server is unavailable|Win32 FileTime/);
  }
});

test('suspected for a bare MSIS7012 after the credentials', () =>
  expect(judged(rule, stsPage('MSIS7012: An error occurred while processing the request.')).outcome).toBe('suspected'));

test('clear for another code, before any credentials, with a token, and when signed in', () => {
  expect(judged(rule, stsPage('MSIS5007: The caller authorization failed.')).outcome).toBe('clear');
  const before = { journey: failed('sts-page', { credentialSubmissions: 0 }), exchanges: upToToken('ifd').slice(0, 2) };
  expect(judged(rule, stsPage('MSIS7012: An error occurred.', before)).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when no page was seen', () => expect(judged(rule, stsPage('', { pages: [] })).outcome).toBe('cannot-tell'));
