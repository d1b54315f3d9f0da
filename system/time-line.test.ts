import { expect, test } from '@playwright/test';
import { createTimeLine } from './time-line';

test('a time line tells what was reached when, in order, wherever it was noted', () => {
  const line = createTimeLine();
  line.mark('first');
  line.add(performance.now() + 10_000, [
    { what: 'page 2', atMs: 900 },
    { what: 'page 1', atMs: 400 },
  ]);
  const lines = line.text().trimEnd().split('\n').slice(1);
  expect(lines.map((each) => each.replace(/^.* {2}/, ''))).toEqual(['the process began', 'first', 'page 1', 'page 2']);
  expect(lines.at(-1)).toContain('+500');
});
