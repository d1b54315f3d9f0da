import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import ts from 'typescript';

const rooms = [
  'cli',
  'config',
  'contracts',
  'diagnosis',
  'federation',
  'lab',
  'monitor',
  'pages',
  'probes',
  'recordings',
  'reports',
  'runs',
  'scripts',
  'system',
];

/** The project as JavaScript in `folder` (within the project, so that its packages are found): processes started by the dozen begin ten times faster. */
export function compileProject(root: string, folder: string): void {
  for (const room of rooms)
    for (const file of sources(join(root, room))) {
      const out = join(folder, relative(root, file)).replace(/\.ts$/, '.js');
      mkdirSync(dirname(out), { recursive: true });
      const { outputText } = ts.transpileModule(readFileSync(file, 'utf8'), {
        fileName: file,
        compilerOptions: { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2023, esModuleInterop: true },
      });
      writeFileSync(out, outputText);
    }
  cpSync(join(root, 'package.json'), join(folder, 'package.json'));
}

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return entry.name.endsWith('.ts') && !/\.(test|lab|probe)\.ts$/.test(entry.name) ? [path] : [];
  });
}
