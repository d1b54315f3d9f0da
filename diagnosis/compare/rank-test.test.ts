import { expect, test } from '@playwright/test';
import { median, rankTest } from './rank-test';

test('the exact p is that of the published tables', () => {
  expect(rankTest([1, 2, 3], [4, 5, 6])).toMatchObject({ u: 9, p: 0.1, exact: true, delta: 1, leastP: 0.1 });
  expect(rankTest([1, 2, 3, 4, 5], [6, 7, 8, 9, 10])?.p).toBeCloseTo(2 / 252, 12);
  // SciPy's documentation of mannwhitneyu: ages of diagnosis, U = 17 and 3, exact p = 0.1111.
  const ages = rankTest([19, 22, 16, 29, 24], [20, 11, 17, 12]);
  expect(ages).toMatchObject({ u: 3 });
  expect(ages?.p).toBeCloseTo(1 / 9, 12);
  expect(ages?.delta).toBeCloseTo(-0.7, 12);
});

/** Every way to choose the second sample, one by one. */
function byEnumeration(first: readonly number[], second: readonly number[]): number {
  const pooled = [...first, ...second];
  const uOf = (b: readonly number[], a: readonly number[]): number => b.reduce((sum, y) => sum + a.reduce((n, x) => n + (y > x ? 1 : y === x ? 0.5 : 0), 0), 0);
  const middle = (first.length * second.length) / 2;
  const seen = Math.abs(uOf(second, first) - middle);
  let [all, extreme] = [0, 0];
  for (let mask = 0; mask < 2 ** pooled.length; mask++) {
    const chosen = pooled.filter((_, index) => mask & (1 << index));
    if (chosen.length !== second.length) continue;
    all += 1;
    if (
      Math.abs(
        uOf(
          chosen,
          pooled.filter((_, index) => !(mask & (1 << index))),
        ) - middle,
      ) >=
      seen - 1e-9
    )
      extreme += 1;
  }
  return extreme / all;
}

test('with ties the exact p is what counting out all choices gives', () => {
  for (const [a, b] of [
    [
      [1, 1, 2],
      [2, 3, 3],
    ],
    [
      [5, 5, 5, 7],
      [5, 6, 7, 7, 9],
    ],
    [
      [1, 2, 2, 8, 8],
      [2, 2, 3, 8, 8, 9],
    ],
    [
      [4, 4],
      [4, 4, 4],
    ],
  ] as const) {
    expect(rankTest(a, b)?.p).toBeCloseTo(byEnumeration(a, b), 12);
    expect(rankTest(b, a)?.p).toBeCloseTo(byEnumeration(a, b), 12);
  }
});

test('beyond forty values the normal approximation takes over, near to what the exact test says below', () => {
  const first = Array.from({ length: 20 }, (_, index) => 100 + ((index * 37) % 90));
  const second = Array.from({ length: 20 }, (_, index) => 120 + ((index * 53) % 90));
  const [exact, approximate] = [rankTest(first, second), rankTest([...first, 145], second)];
  expect([exact?.exact, approximate?.exact]).toEqual([true, false]);
  expect(approximate?.p).toBeGreaterThan((exact?.p ?? 0) * 0.5);
  expect(approximate?.p).toBeLessThan((exact?.p ?? 0) * 2);
});

test('equal values are no difference, one value can never tell, and none gives no answer', () => {
  expect(rankTest([7, 7, 7, 7, 7], [7, 7, 7, 7, 7])).toMatchObject({ p: 1, delta: 0 });
  expect(rankTest([1], [2])?.leastP).toBe(1);
  expect(rankTest([], [1])).toBeNull();
});

test('the median of an even number of values lies between the middle two', () => {
  expect(median([9, 1, 4, 2])).toBe(3);
  expect(median([5])).toBe(5);
});
