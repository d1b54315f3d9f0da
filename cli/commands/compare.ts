import { changeKinds } from '../../contracts/comparison';
import { defineCommand, oneOf } from '../shared/define-command';
import { compareNow, writeComparison } from '../../runs/comparison-run';
import { readSide } from '../../runs/comparison-sides';
import type { CommonOptions } from '../shared/common';
import { expectedChanges } from '../shared/expected-changes';
import { printedComparison } from '../shared/print-comparison';

/** `signin-probe compare BEFORE AFTER`: what is different, and whether it was meant to be. No browser, no network. */
export const command = defineCommand({
  name: 'compare',
  group: 'Before and after a change',
  place: 3,
  args: '<before> <after>',
  description: 'what is different: each side a baseline’s name, a run folder, or the file of a report, evidence or baseline',
  example: 'signin-probe compare before-patch-day output/20261123T095452Z-3928 --expect tls-certificate,dns',
  options: (command) =>
    command
      .option('--expect <words>', `what is meant to change, separated by commas: ${changeKinds.join(', ')}`)
      .option('--format <format>', 'print instead of text: html, json or md', oneOf('html', 'json', 'md'))
      .option('--json', 'the same as --format json'),
  run,
});

async function run([before = '', after = '']: string[], options: CommonOptions): Promise<number> {
  const { name, expect } = await expectedChanges(options);
  const [left, right] = [await readSide(before, options.out), await readSide(after, options.out)];
  const comparison = compareNow(left, right, { change: name, expect });
  const folder = await writeComparison(options.out, comparison);
  process.stdout.write(printedComparison(comparison, folder, options));
  return comparison.verdict === 'regression' ? 2 : 0;
}
