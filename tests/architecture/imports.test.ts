import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';

const root = resolve(__dirname, '../..');

/** Which rooms a room may import from, and which packages and built-ins (docs/architecture.md). */
const rooms: Readonly<Record<string, { rooms: readonly string[]; builtins: boolean; packages: readonly string[] | 'any' }>> = {
  contracts: { rooms: [], builtins: false, packages: ['zod'] },
  system: { rooms: ['contracts'], builtins: true, packages: ['p-retry', 'winston'] },
  federation: { rooms: ['contracts'], builtins: true, packages: ['@xmldom/xmldom'] },
  pages: { rooms: ['contracts'], builtins: false, packages: [] },
  diagnosis: { rooms: ['contracts'], builtins: false, packages: [] },
  reports: { rooms: ['contracts'], builtins: false, packages: [] },
  recordings: { rooms: ['contracts', 'system', 'federation', 'pages'], builtins: true, packages: 'any' },
  config: { rooms: ['contracts', 'system'], builtins: true, packages: ['yaml', 'zod'] },
  probes: { rooms: ['contracts', 'system', 'config', 'federation', 'pages'], builtins: true, packages: 'any' },
  runs: { rooms: ['contracts', 'system', 'config', 'federation', 'probes', 'diagnosis', 'reports'], builtins: true, packages: 'any' },
  monitor: { rooms: ['contracts', 'system', 'config', 'probes', 'diagnosis', 'reports', 'runs'], builtins: true, packages: 'any' },
  lab: { rooms: ['contracts', 'system'], builtins: true, packages: 'any' },
  cli: {
    rooms: ['contracts', 'system', 'config', 'federation', 'recordings', 'probes', 'diagnosis', 'reports', 'runs', 'monitor', 'lab'],
    builtins: true,
    packages: 'any',
  },
};

/** The ways into probes/. */
const doorsOfProbes: readonly string[] = [
  'probes/account-state/index.ts',
  'probes/browser/index.ts',
  'probes/captures/index.ts',
  'probes/network/index.ts',
  'probes/redaction/index.ts',
  'probes/run-probe.ts',
  'probes/secrets/index.ts',
];

const config = ts.parseJsonConfigFileContent(ts.readConfigFile(join(root, 'tsconfig.json'), ts.sys.readFile.bind(ts.sys)).config, ts.sys, root);

interface Import {
  readonly from: string;
  /** A file of the project, from its root; or a package's or built-in's name. */
  readonly to: string;
  readonly outside: boolean;
}

/** Tests may read files and drive browsers; the Playwright entry file is a script that lives where Playwright expects it. */
const isProduct = (path: string): boolean =>
  !/\.(test|lab|probe)\.ts$|-for-tests\.ts$/.test(path) && !/(^|\/)(testing|tests|scripts)\//.test(path) && path.includes('/');

/** What a file imports, types included, as TypeScript itself reads it. */
function importsOf(path: string): Import[] {
  const text = readFileSync(join(root, path), 'utf8');
  const names = ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName);
  return names.map((name) => {
    if (!name.startsWith('.')) return { from: path, to: name, outside: true };
    const base = resolve(root, path, '..', name);
    const found = [`${base}.ts`, join(base, 'index.ts'), base].find((each) => ts.sys.fileExists(each)) ?? base;
    return { from: path, to: relative(root, found).split(sep).join('/'), outside: false };
  });
}

const files = config.fileNames.map((path) => relative(root, path).split(sep).join('/')).filter(isProduct);
const imports = files.flatMap(importsOf);
const inside = imports.filter(({ outside }) => !outside);
const roomOf = (path: string): string => path.split('/')[0] ?? '';
const folderOf = (path: string): string => path.split('/').slice(0, -1).join('/');

for (const [room, allowed] of Object.entries(rooms))
  test(`${room}/ imports only what it may`, () => {
    const wrong = imports
      .filter(({ from }) => roomOf(from) === room)
      .flatMap(({ from, to, outside }) => {
        if (!outside) return roomOf(to) === room || allowed.rooms.includes(roomOf(to)) || to === 'package.json' ? [] : [`${from}: imports ${to}`];
        if (to.startsWith('node:')) return allowed.builtins ? [] : [`${from}: imports ${to}`];
        return allowed.packages === 'any' || allowed.packages.includes(to) ? [] : [`${from}: imports the package ${to}`];
      });
    expect(wrong).toEqual([]);
  });

test('every folder with code is a room, and nobody imports scripts/ or tests/', () => {
  expect([...new Set(files.map(roomOf))].filter((room) => !(room in rooms))).toEqual([]);
  expect(inside.filter(({ to }) => /^(scripts|tests)\//.test(to))).toEqual([]);
});

/** The cycles among nodes, each as one of its rings. */
function cyclesOf(edges: readonly (readonly [string, string])[]): string[] {
  const next = new Map<string, Set<string>>();
  for (const [from, to] of edges) if (from !== to) next.set(from, (next.get(from) ?? new Set()).add(to));
  const done = new Set<string>();
  const rings: string[] = [];
  const walk = (node: string, path: readonly string[]): void => {
    const at = path.indexOf(node);
    if (at >= 0) return void rings.push([...path.slice(at), node].join(' → '));
    if (done.has(node)) return;
    for (const to of next.get(node) ?? []) walk(to, [...path, node]);
    done.add(node);
  };
  for (const node of next.keys()) walk(node, []);
  return rings;
}

test('no file leads back to itself, types included', () => {
  expect(cyclesOf(inside.map(({ from, to }) => [from, to]))).toEqual([]);
});

/** A room's own files have doors to its folders; these rooms' folders know nothing of the room's own files. */
const oneWay = ['cli', 'monitor', 'probes'];
/** The room, or its folder: the first two parts of the path. */
const partOf = (path: string): string => path.split('/').slice(0, -1).slice(0, 2).join('/');

test('no folder of a room leads back to itself, nor up to the room', () => {
  const edges = inside
    .filter(({ from, to }) => roomOf(from) === roomOf(to))
    .map(({ from, to }) => [partOf(from), partOf(to)] as const)
    .filter(([from, to]) => oneWay.includes(roomOf(`${from}/`)) || (from.includes('/') && to.includes('/')));
  expect(cyclesOf(edges)).toEqual([]);
});

test('probes/ is entered by few doors, and no folder there is a warehouse', () => {
  const doors = new Set(inside.filter(({ from, to }) => roomOf(from) !== 'probes' && roomOf(to) === 'probes').map(({ to }) => to));
  expect([...doors].sort()).toEqual(doorsOfProbes);
  const sizes = new Map<string, number>();
  for (const path of files.filter((each) => roomOf(each) === 'probes')) sizes.set(folderOf(path), (sizes.get(folderOf(path)) ?? 0) + 1);
  expect([...sizes].filter(([, count]) => count > 25)).toEqual([]);
});
