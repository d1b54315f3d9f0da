import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generatedFiles } from './generated-files';

/** `npm run generate`: writes every file that is made out of others. */
const root = join(__dirname, '..', '..');
void generatedFiles(root).then((files) => {
  for (const { path, text } of files) {
    const old = readOrNull(join(root, path));
    if (old !== text) writeFileSync(join(root, path), text);
    console.log(`${old === text ? 'as it was' : 'written  '}  ${path}`);
  }
});

function readOrNull(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return null;
  }
}
