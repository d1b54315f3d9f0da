import { expect, test } from '@playwright/test';
import { Sessions } from './sessions';

const minute = 60_000;

function sessionsAt(): { sessions: Sessions; pass: (minutes: number) => void } {
  let at = Date.parse('2026-11-23T12:00:00Z');
  const sessions = new Sessions({ idleMs: 10 * minute, maxMs: { operator: 60 * minute, viewer: 120 * minute } }, () => new Date(at));
  return { sessions, pass: (minutes) => void (at += minutes * minute) };
}

test('a session that nobody uses ends after its idle time, and looking without a person does not keep it', () => {
  const { sessions, pass } = sessionsAt();
  const token = sessions.begin({ user: 'olga', role: 'operator', by: { kind: 'oidc' } });
  pass(9);
  expect(sessions.find(token, false)?.user).toBe('olga');
  pass(1);
  expect(sessions.find(token, true)).toBeNull();
});

test('a session in use ends at its longest age, a viewer’s at its own', () => {
  const { sessions, pass } = sessionsAt();
  const [operator, viewer] = (['operator', 'viewer'] as const).map((role) => sessions.begin({ user: role, role, by: { kind: 'oidc' } }));
  const lives: [number, boolean, boolean][] = [];
  for (let passed = 0; passed <= 120; passed += 6) {
    lives.push([passed, sessions.find(operator, true) !== null, sessions.find(viewer, true) !== null]);
    pass(6);
  }
  expect(lives.filter(([, one]) => one).at(-1)?.[0]).toBe(54);
  expect(lives.filter(([, , one]) => one).at(-1)?.[0]).toBe(114);
});

test('a token that was never given, an empty one and one that was ended find nothing', () => {
  const { sessions } = sessionsAt();
  const token = sessions.begin({ user: 'olga', role: 'operator', by: { kind: 'oidc' } });
  expect(sessions.find(undefined, true)).toBeNull();
  expect(sessions.find('', true)).toBeNull();
  expect(sessions.find(`${token}x`, true)).toBeNull();
  sessions.end(token);
  expect(sessions.find(token, true)).toBeNull();
});

test('a clock that jumps prolongs no session: set back it ends it, a correction of seconds does not', () => {
  const hour = 3_600_000;
  const limits = { idleMs: hour, maxMs: { operator: 12 * hour, viewer: 12 * hour } };
  let at = Date.parse('2026-03-02T12:00:00Z');
  const sessions = new Sessions(limits, () => new Date(at));
  const begin = () => sessions.begin({ user: 'olga', role: 'operator', by: { kind: 'oidc' } });
  const jumps: readonly [ms: number, stays: boolean][] = [
    [-30_000, true],
    [30_000, true],
    [-2 * hour, false],
    [-48 * hour, false],
    [-365 * 24 * hour, false],
    [2 * hour, false],
    [48 * hour, false],
  ];
  const kept = jumps.map(([jump]) => {
    const token = begin();
    at += jump;
    const there = sessions.find(token, true) !== null;
    at -= jump;
    return there;
  });
  test.info().annotations.push({ type: 'attempts', description: String(jumps.length) });
  expect(kept).toEqual(jumps.map(([, stays]) => stays));
});
