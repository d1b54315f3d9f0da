/**
 * Mann-Whitney's test with Cliff's delta: whether the values of one side tend to be larger, without assuming anything about how they are spread
 * (Mann and Whitney 1947; Cliff 1993). Times of sign-ins have long tails, so means and standard deviations mislead.
 */
export interface RankTest {
  /** Mann-Whitney's U of the second sample: pairs in which its value is the larger one, ties counting half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  readonly exact: boolean;
  /** Cliff's delta of the second sample against the first, -1 … 1. */
  readonly delta: number;
  /** The smallest p that samples of these sizes can reach at all. */
  readonly leastP: number;
}

/** Up to so many values in all the distribution is counted out, ties included; beyond, the normal approximation is good. */
const exactUpTo = 40;

/** Compares two samples; both need a value at least, or the result is null. */
export function rankTest(first: readonly number[], second: readonly number[]): RankTest | null {
  const [n, m] = [first.length, second.length];
  if (n === 0 || m === 0) return null;
  const u = second.reduce((sum, b) => sum + first.reduce((pairs, a) => pairs + (b > a ? 1 : b === a ? 0.5 : 0), 0), 0);
  const delta = (2 * u) / (n * m) - 1;
  const leastP = Math.min(1, 2 / binomial(n + m, n));
  const exact = n + m <= exactUpTo;
  return { u, p: exact ? exactP(first, second, u) : normalP(first, second, u), exact, delta, leastP };
}

/** The share of all ways to choose the second sample out of the pooled values whose U lies as far from the middle, or farther. */
function exactP(first: readonly number[], second: readonly number[], u: number): number {
  const [n, m] = [first.length, second.length];
  const doubled = doubledMidranks([...first, ...second]);
  const largest = doubled.reduce((sum, rank) => sum + rank, 0);
  // ways[k][s]: how many choices of k values have doubled ranks that add up to s
  let ways = Array.from({ length: m + 1 }, (_, k) => Float64Array.from({ length: largest + 1 }, (_count, sum) => (k === 0 && sum === 0 ? 1 : 0)));
  for (const rank of doubled) {
    const without = ways;
    ways = without.map((row, k) => {
      const oneFewer = without[k - 1];
      return oneFewer ? row.map((count, sum) => count + (oneFewer[sum - rank] ?? 0)) : row;
    });
  }
  const middle = (n * m) / 2;
  const distance = Math.abs(u - middle);
  let extreme = 0;
  let all = 0;
  ways.at(m)?.forEach((count, sum) => {
    all += count;
    if (Math.abs((sum - m * (m + 1)) / 2 - middle) >= distance - 1e-9) extreme += count;
  });
  return Math.min(1, extreme / all);
}

/** Ranks 1 … N, ties sharing their mean, all doubled so that they are whole numbers. */
function doubledMidranks(values: readonly number[]): number[] {
  return values.map((value) => 2 * values.filter((other) => other < value).length + values.filter((other) => other === value).length + 1);
}

/** Normal approximation with corrections for ties and continuity. */
function normalP(first: readonly number[], second: readonly number[], u: number): number {
  const [n, m] = [first.length, second.length];
  const all = n + m;
  const ties = new Map<number, number>();
  for (const value of [...first, ...second]) ties.set(value, (ties.get(value) ?? 0) + 1);
  const tied = [...ties.values()].reduce((sum, count) => sum + (count ** 3 - count), 0);
  const variance = ((n * m) / 12) * (all + 1 - tied / (all * (all - 1)));
  if (variance === 0) return 1;
  const z = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5) / Math.sqrt(variance);
  return Math.min(1, 2 * upperTail(z));
}

/** P(Z > z) of the standard normal distribution; Abramowitz and Stegun 26.2.17, error below 1e-7. */
function upperTail(z: number): number {
  const t = 1 / (1 + 0.2316419 * z);
  const polynomial = t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI)) * polynomial;
}

function binomial(n: number, k: number): number {
  let result = 1;
  for (let i = 1; i <= k; i++) result = (result * (n - k + i)) / i;
  return result;
}

/** The middle value, or the mean of the two in the middle; NaN of none. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [lower = NaN, upper = NaN] = [sorted[sorted.length % 2 === 1 ? middle : middle - 1], sorted[middle]];
  return (lower + upper) / 2;
}
