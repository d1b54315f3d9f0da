import { isAbsolute, join, relative } from 'node:path';
import type { Comparison } from '../../contracts/comparison';
import { renderComparisonHtml } from '../../reports/comparison-html';
import { renderComparisonMarkdown } from '../../reports/comparison-markdown';
import { renderComparisonText } from '../../reports/comparison-text';
import { safeJson } from '../../reports/safe-json';
import type { CommonOptions } from './common';

/** The comparison in the format asked for; as text unless asked. `folder`: where all formats were written. */
export function printedComparison(comparison: Comparison, folder: string, { format, json }: CommonOptions): string {
  switch (json ? 'json' : format) {
    case 'json':
      return `${safeJson(comparison)}\n`;
    case 'html':
      return renderComparisonHtml(comparison);
    case 'md':
      return renderComparisonMarkdown(comparison);
    default:
      return renderComparisonText(comparison, {
        color: process.stdout.isTTY,
        folder: shortest(join(folder, 'comparison.html')),
      });
  }
}

/** Relative to where the command was started, unless that leads out of it. */
function shortest(path: string): string {
  const short = relative(process.cwd(), path);
  return short.startsWith('..') || isAbsolute(short) ? path : short;
}
