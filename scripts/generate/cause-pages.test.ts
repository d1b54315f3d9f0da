import { expect, test } from '@playwright/test';
import { stepsBegin, stepsEnd, withSteps } from './cause-pages';

const rule = {
  title: 'The key is gone',
  kb: '123',
  remedy: () => [{ text: 'Look at <host> first.', command: 'Get-Key *' }, { text: 'Wait.' }],
  checkAfterwards: () => [{ text: 'Try.' }],
};
const page = '# Old words\n\n`key-gone`\n\n## Remedy\n\nBy hand.\n\n## Sources\n\n- One\n';

test("a page gets the rule's title and steps, and keeps what was written by hand", () => {
  expect(withSteps(page, rule)).toBe(
    [
      '# The key is gone (KB 123)',
      '`key-gone`',
      '## Remedy',
      stepsBegin,
      'As a report gives them, here for contoso.com:',
      '1. Look at &lt;host&gt; first.',
      '   ```powershell\n   Get-Key *\n   ```',
      '2. Wait.',
      'Afterwards:',
      '1. Try.',
      stepsEnd,
      'By hand.',
      '## Sources',
      '- One\n',
    ].join('\n\n'),
  );
});

test('made again, a page stays as it is; with other steps the old ones are gone', () => {
  const once = withSteps(page, rule);
  expect(withSteps(once, rule)).toBe(once);
  const other = withSteps(once, { ...rule, remedy: () => [{ text: 'Other.' }] });
  expect(other).toContain('1. Other.');
  expect(other).not.toContain('Get-Key');
  expect(other).toContain('By hand.');
});

test('a page without a place for the steps is left alone', () => {
  expect(withSteps('# x\n', rule)).toBe('# x\n');
});
