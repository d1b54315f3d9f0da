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

/**
 * The lists of causes. They follow from names of files, and no rule is loaded: a list that names a file which is gone would keep everything else from
 * loading.
 */
export const generatedLists = (root: string): Promise<GeneratedFile[]> =>
  formatted(root, [
    { path: 'contracts/causes.ts', text: causeIdsText(root) },
    { path: 'diagnosis/causes/index.ts', text: rulesText(root) },
    { path: 'lab/faults/index.ts', text: faultsText(root) },
  ]);

/** Every other file that is made out of others, as it should be. Loads rules and commands, so that the lists must be up to date. */
export const generatedFiles = async (root: string): Promise<GeneratedFile[]> =>
  formatted(root, [
    { path: 'cli/command-list.ts', text: commandListText(root) },
    { path: 'docs/causes/README.md', text: causeTableText(root) },
    { path: 'README.md', text: withNumber(root, 'README.md') },
    ...causePages(root),
  ]);

const formatted = (root: string, files: readonly GeneratedFile[]): Promise<GeneratedFile[]> =>
  Promise.all(files.map(async ({ path, text }) => ({ path, text: path.endsWith('.md') ? text : await pretty(join(root, path), text) })));

async function pretty(path: string, text: string): Promise<string> {
  return format(text, { ...(await resolveConfig(path)), filepath: path });
}
