import { expect, test } from '@playwright/test';
import { claim, clear, defineRule, found } from './define-rule';
import { sample } from './testing/sample-evidence';

const text = {
  id: 'wrong-password',
  title: 'x',
  stage: 'credentials',
  rank: 0,
  liesWith: 'account',
  ceiling: 'probable',
  needs: ['pages'],
  remedy: () => [],
} as const;

test('a judgement never exceeds the ceiling of its cause', () => {
  const rule = defineRule({ ...text, judge: () => found('confirmed', [claim('x')]) });
  expect(rule.judge(sample())).toMatchObject({ kind: 'found', certainty: 'probable' });
  expect(rule).toMatchObject({ nature: 'breaks', kb: null });
});

test('a rule sees the base and the parts it named, nothing else', () => {
  const rule = defineRule({ ...text, judge: (evidence) => clear(Object.keys(evidence).sort().join(' ')) });
  expect(rule.judge({ ...sample(), siblings: [] })).toEqual({
    kind: 'clear',
    why: 'journey method pages route serverEvents settings siblings startedAt target',
  });
});

test('reading a part that was not named does not compile', () => {
  const rule = defineRule({
    ...text,
    judge: (evidence) => {
      // @ts-expect-error -- `exchanges` is not in needs
      return clear(String(evidence.exchanges));
    },
  });
  expect(rule.judge(sample())).toEqual({ kind: 'clear', why: 'undefined' });
});
