import { test, expect } from '@playwright/test';
import { createSessionCookies } from './session-cookies';

const now = new Date('2026-03-02T20:07:22Z');
const token = { upn: 'probe@contoso.test', name: 'CONTOSO\\probe', primarySid: null, notOnOrAfter: new Date('2026-03-02T21:07:22Z') };
const headerOf = (lines: readonly string[]): string => lines.map((line) => line.split(';')[0]).join('; ');

test('a session is cut into MSISAuth and MSISAuth1 of at most 2000 characters and read back from both', () => {
  const sessions = createSessionCookies();
  const lines = sessions.open(token, '.contoso.test');
  expect(lines.map((line) => line.slice(0, line.indexOf('=')))).toEqual(['MSISAuth', 'MSISAuth1']);
  for (const line of lines) {
    expect(line.slice(line.indexOf('=') + 1, line.indexOf(';')).length).toBeLessThanOrEqual(2000);
    expect(line).toMatch(/; domain=\.contoso\.test; path=\/; secure; HttpOnly$/);
    expect(line).not.toContain('probe');
  }
  const reversed = headerOf([...lines].reverse());
  expect(sessions.read(`ReqClientId=1; ${reversed}`, now)).toEqual({ upn: token.upn, name: token.name, expires: token.notOnOrAfter, renewed: false });
});

test('with two front ends no request reads the session that the request before it opened; with one, all do', () => {
  for (const frontEnds of [1, 2] as const) {
    const sessions = createSessionCookies(() => frontEnds);
    const header = headerOf(sessions.open(token, null));
    expect(sessions.read(header, now) !== null).toBe(frontEnds === 1);
    expect(sessions.read(header, now)).not.toBeNull();
  }
});

test('a missing chunk, a foreign cookie of the same name, and an ended session are no session', () => {
  const sessions = createSessionCookies();
  const lines = sessions.open(token, null);
  expect(sessions.read(headerOf(lines.slice(0, 1)), now)).toBeNull();
  expect(sessions.read('MSISAuth=AAEAAJ', now)).toBeNull();
  expect(createSessionCookies().read(headerOf(lines), now)).toBeNull();
  expect(sessions.read(headerOf(lines), token.notOnOrAfter)).toBeNull();
  expect(sessions.read(undefined, now)).toBeNull();
});
