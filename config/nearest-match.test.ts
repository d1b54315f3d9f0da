import { expect, test } from '@playwright/test';
import { nearestMatch } from './nearest-match';

const known = ['internal', 'ifd', 'sts', 'account', 'deadlineSeconds'];

test('a mistyped word finds the one that was meant', () => {
  expect(nearestMatch('intrenal', known)).toBe('internal');
  expect(nearestMatch('ifdd', known)).toBe('ifd');
  expect(nearestMatch('sst', known)).toBe('sts');
  expect(nearestMatch('Account', known)).toBe('account');
  expect(nearestMatch('deadline', known)).toBe('deadlineSeconds');
});

test('a word far from all others suggests nothing', () => {
  expect(nearestMatch('colour', known)).toBeNull();
  expect(nearestMatch('x', known)).toBeNull();
  expect(nearestMatch('', known)).toBeNull();
});
