import { join } from 'node:path';
import { format, resolveConfig } from 'prettier';
import { causeIdsText, faultsText, rulesText } from './cause-lists';
import { causePages, causeTableText, withNumber } from './cause-pages';
import { commandListText } from './command-list';

export interface GeneratedFile {
  /** From the project's root. */
  readonly path: string;
  readonly text: string;
}

/** Every file that is made out of others, as it should be. */
export async function generatedFiles(root: string): Promise<GeneratedFile[]> {
  const files = [
    { path: 'cli/command-list.ts', text: commandListText(root) },
    { path: 'contracts/causes.ts', text: causeIdsText(root) },
    { path: 'diagnosis/causes/index.ts', text: rulesText(root) },
    { path: 'lab/faults/index.ts', text: faultsText(root) },
    { path: 'docs/causes/README.md', text: causeTableText(root) },
    { path: 'README.md', text: withNumber(root, 'README.md') },
    ...causePages(root),
  ];
  return Promise.all(files.map(async ({ path, text }) => ({ path, text: path.endsWith('.md') ? text : await pretty(join(root, path), text) })));
}

async function pretty(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
