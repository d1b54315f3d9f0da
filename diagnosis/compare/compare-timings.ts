import type { RouteState } from '../../contracts/baseline';
import type { TimingComparison } from '../../contracts/comparison';
import { median, rankTest } from './rank-test';

/** Noise is called slower at most once in a hundred comparisons of unchanged systems. */
const significance = 0.01;
/** Cliff's delta from which an effect counts as large. */
const largeDelta = 0.474;
/** Below this difference of the medians nobody waits longer, whatever the test says. */
const noticeableShare = 0.2;
const noticeableMs = 100;

const measures = [
  ['total', 'totalMs'],
  ['sts', 'stsMs'],
  ['token-post', 'tokenPostMs'],
  ['crm-page', 'crmPageMs'],
] as const;

/** Times of one route on both sides. Only the whole sign-in (`total`) is judged by the comparison; the others say where the time goes. */
export function compareTimings(before: RouteState, after: RouteState): TimingComparison[] {
  return measures.flatMap(([what, key]): TimingComparison[] => {
    const [a, b] = [before.timings[key], after.timings[key]];
    const test = rankTest(a, b);
    if (test === null) return [];
    const [left, right] = [summaryOf(a), summaryOf(b)];
    const difference = right.medianMs - left.medianMs;
    const noticeable = Math.abs(difference) >= noticeableMs && Math.abs(difference) >= noticeableShare * Math.min(left.medianMs, right.medianMs);
    const certain = test.p <= significance && Math.abs(test.delta) >= largeDelta;
    const judged = test.leastP > significance ? 'too-few' : certain && noticeable ? (difference > 0 ? 'slower' : 'faster') : 'no-difference';
    const figures =
      `median ${seconds(left.medianMs)} before (${signIns(a.length)}), ${seconds(right.medianMs)} after (${signIns(b.length)}); ` +
      `p ${test.p < 0.001 ? 'below 0.001' : test.p.toFixed(3)}, Cliff's delta ${test.delta.toFixed(2)}`;
    const text = {
      'too-few':
        `${signIns(a.length)} before and ${a.length === b.length ? 'as many' : signIns(b.length)} after are too few to tell slower from noise; ` +
        `with --repeat 10 on both sides it can be told.`,
      slower: `Slower, and not by chance: ${figures}.`,
      faster: `Faster, and not by chance: ${figures}.`,
      'no-difference': `No difference beyond chance and what anybody would notice: ${figures}.`,
    }[judged];
    return [{ target: before.target, route: before.route, what, before: left, after: right, p: test.p, delta: test.delta, judged, text }];
  });
}

function summaryOf(values: readonly number[]): TimingComparison['before'] {
  return { signIns: values.length, medianMs: median(values), leastMs: Math.min(...values), mostMs: Math.max(...values) };
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(2)} s`;
const signIns = (count: number): string => `${count} sign-in${count === 1 ? '' : 's'}`;
