import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';

export const root = resolve(__dirname, '../..');
const left = new Set(['node_modules', 'dist', 'output', '.git', 'test-results', '.signin-probe']);

/** The project's files, from its root with `/`: those git knows and new ones; where there is no git, all that is neither installed nor made. */
export function sourceFiles(): readonly string[] {
  const listed = spawnSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
  if (listed.status === 0) return listed.stdout.trim().split('\n');
  return filesIn(root).map((path) => relative(root, path).split(sep).join('/'));
}

const filesIn = (folder: string): string[] =>
  readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    if (left.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesIn(path) : [path];
  });
