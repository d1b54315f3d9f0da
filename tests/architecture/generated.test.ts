import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import { generatedFiles } from '../../scripts/generate/generated-files';

const root = resolve(__dirname, '../..');

test('every generated file is up to date; `npm run generate` mends it', async () => {
  const files = await generatedFiles(root);
  const stale = files.filter(({ path, text }) => readFileSync(join(root, path), 'utf8') !== text).map(({ path }) => path);
  expect(stale).toEqual([]);
});
