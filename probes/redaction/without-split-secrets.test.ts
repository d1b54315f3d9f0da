import { expect, test } from '@playwright/test';
import { createRedactor } from './redact';
import { withoutSplitSecrets } from './without-split-secrets';

const redactor = createRedactor();
redactor.add('Hunter2-Sommer!', 'password');
const clean = (text: string): string => redactor.text(text);
const letters = [...'Hunter2-Sommer!'];

test('a list that tells the password letter by letter, forwards, backwards or in pieces, is masked; its neighbours stay', () => {
  for (const pieces of [letters, letters.toReversed(), ['Hun', 'ter2', '-Sommer!'], ['first', ...letters, 'last']]) {
    const data = withoutSplitSecrets({ console: pieces.map((text, atMs) => ({ level: 'error', text, atMs })), names: pieces, why: 'as it is' }, clean);
    expect(data.console.map(({ text }) => text)).toEqual(pieces.map(() => '[masked]'));
    expect(data.console[0]).toMatchObject({ level: 'error', atMs: 0 });
    expect(data.names).toEqual(pieces.map(() => '[masked]'));
    expect(data.why).toBe('as it is');
  }
});

test('other lists stay as they are', () => {
  const data = {
    a: ['Hunter', 'is', 'here', 'in', 'Sommer'],
    b: [
      { c: [1, 2, 3], d: null },
      { c: [], d: 'x' },
      { c: [4], d: 'y' },
    ],
    e: [[], ['x']],
  };
  expect(withoutSplitSecrets(data, clean)).toEqual(data);
});
