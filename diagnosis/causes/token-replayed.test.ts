import { expect, test } from '@playwright/test';
import { judged } from '../testing/judged';
import { failed, refused, sample } from '../testing/sample-evidence';
import { serverEvent } from '../testing/sample-server-event';
import { tokenReplayed as rule } from './token-replayed';

const replay = 'System.IdentityModel.Tokens.SecurityTokenReplayDetectedException: The token has been used before.';

test("confirmed where CRM's answer or its log names the exception", () => {
  for (const evidence of [refused('ifd', {}, 'error-page', replay), refused('ifd', { serverEvents: [serverEvent({ codes: [], text: replay })] })]) {
    const { outcome, text } = judged(rule, evidence);
    expect(outcome).toBe('confirmed');
    expect(text).toContain('SecurityTokenReplayDetectedException');
  }
});

test('clear where CRM says something else, or nothing, and when signed in', () => {
  expect(judged(rule, refused('ifd', {}, 'error-page', 'ID4175: The issuer of the security token was not recognized.')).outcome).toBe('clear');
  expect(judged(rule, refused()).outcome).toBe('clear');
  expect(judged(rule, sample()).outcome).toBe('clear');
});

test('cannot tell when no token was posted', () =>
  expect(judged(rule, sample('ifd', { journey: failed('credentials', { tokenPosts: 0 }), exchanges: [], token: null })).outcome).toBe('cannot-tell'));
