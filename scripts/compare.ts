import { compareNow, writeComparison } from '../runs/comparison-run';
import { readSide } from '../runs/comparison-sides';
import type { CommonOptions } from './common';
import { expectedChanges } from './expected-changes';
import { printedComparison } from './print-comparison';

/** `signin-probe compare BEFORE AFTER`: what is different, and whether it was meant to be. No browser, no network. */
export async function command([before = '', after = '']: string[], options: CommonOptions): Promise<number> {
  const { name, expect } = await expectedChanges(options);
  const [left, right] = [await readSide(before, options.out), await readSide(after, options.out)];
  const comparison = compareNow(left, right, { change: name, expect });
  const folder = await writeComparison(options.out, comparison);
  process.stdout.write(printedComparison(comparison, folder, options));
  return comparison.verdict === 'regression' ? 2 : 0;
}
