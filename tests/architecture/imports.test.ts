import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { expect, test } from '@playwright/test';

const root = resolve(__dirname, '../..');

/** Which rooms a room may import from, and which packages and built-ins (docs/architecture.md). */
const rules: Readonly<Record<string, { rooms: readonly string[]; builtins: boolean; packages: readonly string[] | 'any' }>> = {
  contracts: { rooms: [], builtins: false, packages: ['zod'] },
  federation: { rooms: ['contracts'], builtins: true, packages: ['@xmldom/xmldom'] },
  diagnosis: { rooms: ['contracts'], builtins: false, packages: [] },
  reports: { rooms: ['contracts'], builtins: false, packages: [] },
  pages: { rooms: ['contracts'], builtins: false, packages: [] },
  captured: { rooms: ['contracts', 'federation', 'pages'], builtins: true, packages: 'any' },
  probes: { rooms: ['contracts', 'federation', 'pages'], builtins: true, packages: 'any' },
  runs: { rooms: ['contracts', 'federation', 'probes', 'diagnosis', 'reports'], builtins: true, packages: 'any' },
  monitor: { rooms: ['contracts', 'probes', 'diagnosis', 'reports', 'runs'], builtins: true, packages: 'any' },
  security: { rooms: [], builtins: false, packages: [] },
  lab: { rooms: ['contracts'], builtins: true, packages: 'any' },
};

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return sources(path);
    return /\.ts$/.test(entry.name) ? [path] : [];
  });
}

/** Tests may read files and drive browsers; the Playwright entry file is a script that lives where Playwright expects it. */
const isProduct = (path: string): boolean => !/\.(test|lab|probe)\.ts$/.test(path) && !path.includes(`${sep}testing${sep}`);

for (const [room, allowed] of Object.entries(rules))
  test(`${room}/ imports only what it may`, () => {
    const wrong = sources(join(root, room))
      .filter(isProduct)
      .flatMap((path) =>
        [
          ...readFileSync(path, 'utf8').matchAll(
            /^(?:import|export)\b[^'";]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'|\b(?:import|require)\(\s*'([^']+)'\s*\)/gm,
          ),
        ].flatMap((match) => {
          const target = match[1] ?? match[2] ?? match[3] ?? '';
          const problem = judge(room, allowed, path, target);
          return problem ? [`${relative(root, path)}: ${problem}`] : [];
        }),
      );
    expect(wrong).toEqual([]);
  });

function judge(room: string, allowed: (typeof rules)[string], path: string, target: string): string | null {
  if (target.startsWith('.')) {
    const other = relative(root, resolve(dirname(path), target)).split(sep)[0] ?? '';
    return other === room || allowed.rooms.includes(other) ? null : `imports ${other}/`;
  }
  if (target.startsWith('node:')) return allowed.builtins ? null : `imports ${target}`;
  return allowed.packages === 'any' || allowed.packages.includes(target) ? null : `imports the package ${target}`;
}

test('nobody imports scripts/', () => {
  const rooms = Object.keys(rules)
    .flatMap((room) => sources(join(root, room)))
    .filter(isProduct);
  const wrong = rooms.filter((path) => /from '(\.\.\/)+scripts\//.test(readFileSync(path, 'utf8'))).map((path) => relative(root, path));
  expect(wrong).toEqual([]);
});
