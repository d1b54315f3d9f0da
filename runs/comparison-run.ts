import { randomBytes } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Baseline } from '../contracts/baseline';
import { type ChangeKind, changeKinds, type Comparison, comparisonSchema } from '../contracts/comparison';
import { compare } from '../diagnosis/compare';
import { move } from '../system/move';
import { makeFolder } from '../system/make-folder';
import { nearestMatch } from '../config/nearest-match';
import { ProbeFault } from '../contracts/probe-fault';
import { renderComparisonHtml } from '../reports/comparison-html';
import { renderComparisonMarkdown } from '../reports/comparison-markdown';
import { toolVersion } from './tool-version';

export interface ComparisonOptions {
  readonly change: string | null;
  readonly expect: readonly ChangeKind[];
}

/**
 * Compares two sides now. Where nothing is worse but the outcome of a route afterwards is unknown (the probe's own fault, a browser that was
 * killed), there is no answer: ProbeFault.
 */
export function compareNow(before: Baseline, after: Baseline, { change, expect }: ComparisonOptions): Comparison {
  const at = new Date().toISOString();
  const id = `${at.replace(/[-:]/g, '').slice(0, 15)}Z-${randomBytes(2).toString('hex')}`;
  const comparison = compare(before, after, { id, at, tool: toolVersion, change, expect });
  const unknown = after.states.filter(({ verdict }) => verdict === 'unknown');
  const blamed = comparison.differences.filter(({ judged }) => judged === 'unannounced');
  if (
    unknown.length > 0 &&
    blamed.every(({ kind, target, routes }) => kind === 'sign-in' && unknown.some((state) => state.target === target && routes.includes(state.route)))
  )
    throw new ProbeFault(
      `Nothing can be said: the outcome afterwards is not known. ` +
        `${unknown.map(({ target, route, summary }) => `${target} ${route}: ${summary}`).join(' ')} Sign in again, then compare.`,
    );
  return comparison;
}

/** `<out>/comparisons/<id>/` with comparison.html, comparison.json and comparison.md; complete or not there. Returns its path. */
export async function writeComparison(outFolder: string, comparison: Comparison): Promise<string> {
  const checked = comparisonSchema.parse(comparison);
  const parent = join(resolve(outFolder), 'comparisons');
  let unfinished: string | null = null;
  const folder = join(parent, checked.comparison.id);
  try {
    const made = (unfinished = await makeFolder(parent, `.unfinished-${checked.comparison.id}-${process.pid}`));
    const put = (name: string, text: string): Promise<void> => writeFile(join(made, name), text, { mode: 0o600 });
    await Promise.all([
      put('comparison.json', `${JSON.stringify(checked, null, 2)}\n`),
      put('comparison.html', renderComparisonHtml(checked)),
      put('comparison.md', renderComparisonMarkdown(checked)),
    ]);
    await move(made, folder);
    return folder;
  } catch (error) {
    if (unfinished !== null) await rm(unfinished, { recursive: true, force: true });
    throw new ProbeFault(
      `The comparison cannot be written to ${parent} (${(error as NodeJS.ErrnoException).code ?? String(error)}). Name another folder with --out DIR.`,
    );
  }
}

/** `signing-certificate,dns` → the words; a ProbeFault with the nearest word for one that is unknown. */
export function readExpect(given: string): ChangeKind[] {
  return given
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '')
    .map((word) => {
      const known = changeKinds.find((kind) => kind === word.toLowerCase());
      if (known) return known;
      const near = nearestMatch(word, changeKinds);
      throw new ProbeFault(`--expect "${word}": ${near ? `did you mean "${near}"? ` : ''}Expected one or more of: ${changeKinds.join(', ')}.`);
    });
}
