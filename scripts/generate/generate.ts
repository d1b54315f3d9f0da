import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles, type GeneratedFile, generatedLists } from './generated-files';

/** `npm run generate`: writes every file that is made out of others; the lists of causes first, which the rest is loaded by. */
const root = join(__dirname, '..', '..');

function write(files: readonly GeneratedFile[]): void {
  for (const { path, text } of files) {
    const old = readOrNull(join(root, path));
    if (old !== text) writeFileSync(join(root, path), text);
    console.log(`${old === text ? 'as it was' : 'written  '}  ${path}`);
  }
}

void generatedLists(root)
  .then(write)
  .then(() => generatedFiles(root))
  .then(write);

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
