import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { generatedFiles, type GeneratedFile, generatedLists } from '../../scripts/generate/generated-files';

const root = resolve(__dirname, '../..');
const textOf = (path: string): string | null => {
  try {
    return readFileSync(join(root, path), 'utf8');
  } catch {
    return null;
  }
};
const stale = (files: readonly GeneratedFile[]): string[] => files.filter(({ path, text }) => textOf(path) !== text).map(({ path }) => path);

test('the lists of causes are up to date; `npm run generate` mends them', async () => {
  expect(stale(await generatedLists(root))).toEqual([]);
});

test('every other generated file is up to date; `npm run generate` mends it', async () => {
  expect(stale(await generatedFiles(root))).toEqual([]);
});
