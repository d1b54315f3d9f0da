import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { root, sourceFiles } from '../testing/source-files';

const mostColumns = 200;
const documents = sourceFiles().filter((file) => file.endsWith('.md'));

/** Lines over the limit that could be broken: no row of a table, nothing in a code block, and no address that alone is what makes the line long. */
function tooLong(path: string): string[] {
  let inBlock = false;
  return readFileSync(join(root, path), 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (/^\s*(```|~~~)/.test(line)) inBlock = !inBlock;
      const free = inBlock || /^\s*\|/.test(line) || line.replace(/https?:\/\/\S+/g, '').length <= mostColumns / 2;
      return line.length > mostColumns && !free ? [`${path}:${index + 1} has ${line.length} columns`] : [];
    });
}

test('no line of a document is longer than 200 columns; break it at the end of a sentence (tables, code blocks and long addresses may be)', () => {
  expect(documents.length).toBeGreaterThan(50);
  expect(documents.flatMap(tooLong)).toEqual([]);
});
