/** What is handed on: the package as `npm pack` makes it, installed as a user does. */
import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { satisfies } from 'semver';
import { commandList } from '../../cli/command-list';

const root = resolve(__dirname, '../..');
const run = promisify(execFile);
const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';

test.describe.configure({ mode: 'default' });
test.setTimeout(300_000);

let folder: string;
let tarball: string;
let files: string[];
let unpacked: string;

interface Packed {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** Packed in a copy: packing writes into its folder, and other tests read the sources meanwhile. */
test.beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-test-'));
  const copy = join(folder, 'sources');
  const left = new Set(['node_modules', 'output', 'dist', '.git', 'test-results', '.signin-probe']);
  await mkdir(copy);
  for (const name of readdirSync(root).filter((each) => !left.has(each))) await cp(join(root, name), join(copy, name), { recursive: true });
  await symlink(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  // What an earlier build left must not be handed on.
  await mkdir(join(copy, 'dist', 'scripts'), { recursive: true });
  await writeFile(join(copy, 'dist', 'scripts', 'left-over.js'), '');
  const { stdout } = await run(npm, ['pack', '--json', '--silent', '--pack-destination', folder], {
    cwd: copy,
    maxBuffer: 16_000_000,
    shell: process.platform === 'win32',
  });
  const [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as Packed[];
  tarball = join(folder, packed?.filename ?? '');
  unpacked = join(folder, 'unpacked');
  await mkdir(unpacked);
  await run('tar', ['-xzf', tarball, '-C', unpacked, '--strip-components=1']);
  files = (packed?.files ?? []).map(({ path }) => path).sort();
  expect(existsSync(join(copy, 'npm-shrinkwrap.json')), 'stays after packing').toBe(false);
});
test.afterAll(() => rm(folder, { recursive: true, force: true }));

test('the package holds the compiled commands with what they need, documents and examples, and nothing else', () => {
  const notCompiled = files.filter((path) => !path.startsWith('dist/'));
  const examplesAndDocs = ['docs', 'examples']
    .flatMap((name) => readdirSync(join(root, name), { recursive: true, withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1).split('\\').join('/')); // prettier-ignore
  const bin = ['bin/load-compiled.js', 'bin/signin-probe.js'];
  const named = ['CHANGELOG.md', 'LICENSE', 'README.md', ...bin, 'npm-shrinkwrap.json', 'package.json', 'signin-probe.schema.json'];
  expect(notCompiled).toEqual([...named, ...examplesAndDocs].sort());

  const compiled = files.filter((path) => path.startsWith('dist/')).map((path) => path.slice('dist/'.length));
  expect(compiled).toEqual(['cli/help.js', 'cli/main.js', 'cli/playwright.js', 'licences.txt']);
});

test('of the sources, what it holds is what the commands reach: no test, no script, and each command', () => {
  const code = readFileSync(join(unpacked, 'dist', 'cli', 'main.js'), 'latin1');
  for (const { name } of commandList) expect(code, name).toContain(`"cli/commands/${name}.ts"(`);
  expect(code.match(/"[\w/-]+\.(?:test|lab|probe)\.ts"\(|"[\w/-]*(?:testing|tests|scripts)\/[\w/-]+\.ts"\(/g) ?? []).toEqual([]);
});

test('the licence of every package in the compiled files goes with them', () => {
  const licences = readFileSync(join(unpacked, 'dist', 'licences.txt'), 'utf8');
  for (const name of ['playwright-core', 'commander', 'zod', 'yaml', 'winston', '@xmldom/xmldom', 'parse5', 'fflate']) expect(licences).toContain(`\n${name} `);
  expect(licences.split(`\n${'-'.repeat(80)}\n`).filter((each) => each.trim().split('\n').length < 5)).toEqual([]);
});

test('every package it is installed with runs on the oldest Node.js it names', () => {
  interface Locked {
    readonly dev?: boolean;
    readonly engines?: { readonly node?: string };
  }
  const { packages } = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as { readonly packages: Readonly<Record<string, Locked>> };
  const floor = `${/\d+\.\d+/.exec(packages['']?.engines?.node ?? '')?.[0]}.0`;
  const wrong = Object.entries(packages).filter(([, { dev, engines }]) => !dev && engines?.node !== undefined && !satisfies(floor, engines.node));
  expect(wrong.map(([path, { engines }]) => `${path} asks for ${engines?.node}, not ${floor}`)).toEqual([]);
});

test('it is installed offline with the very versions of package-lock.json, under engine-strict, and its command starts', async () => {
  const place = join(folder, 'installed');
  await mkdir(place);
  await run('tar', ['-xzf', tarball, '-C', place, '--strip-components=1']);
  const args = ['ci', '--omit=dev', '--offline', '--engine-strict', '--ignore-scripts', '--no-audit', '--no-fund'];
  const installing = run(npm, args, { cwd: place, shell: process.platform === 'win32' });
  const failure = await installing.then(
    () => null,
    (error: Error) => error.message,
  );
  test.skip(!process.env.CI && failure?.includes('ENOTCACHED') === true, 'npm’s cache lacks a package; npm ci in a checkout without node_modules fills it');
  expect(failure).toBeNull();

  interface Locks {
    readonly packages: Readonly<Record<string, { readonly version?: string; readonly dev?: boolean }>>;
  }
  const read = (path: string): Locks => JSON.parse(readFileSync(path, 'utf8')) as Locks;
  const tested = read(join(root, 'package-lock.json')).packages;
  const inside = (path: string): string => path.slice(path.lastIndexOf('node_modules/'));
  const known = new Set(Object.entries(tested).flatMap(([path, { version, dev }]) => (dev ? [] : [`${inside(path)} ${version}`])));
  const installed = Object.entries(read(join(place, 'node_modules', '.package-lock.json')).packages);
  expect(installed.length).toBeGreaterThan(100);
  expect(installed.map(([path, { version }]) => `${inside(path)} ${version}`).filter((each) => !known.has(each))).toEqual([]);

  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const { stdout } = await run(process.execPath, [join(place, 'bin', 'signin-probe.js'), '--version'], { cwd: place });
  expect(stdout.trim()).toBe(version);
});

test('what Node.js made of the code is kept in the user’s own cache, never beside the program, and a folder others can write to is left alone', async () => {
  const place = unpacked;
  const before = (await readdir(place, { recursive: true })).sort();
  const help = async (cache: string): Promise<string[]> => {
    const env = { ...process.env, XDG_CACHE_HOME: cache, LOCALAPPDATA: cache };
    const { stdout } = await run(process.execPath, [join(place, 'bin', 'signin-probe.js'), '--help'], { cwd: place, env });
    expect(stdout).toContain('Usage: signin-probe');
    return (await readdir(cache, { recursive: true })).filter((name) => /help-/.test(name));
  };
  const own = join(folder, 'cache-own');
  await mkdir(own);
  const [kept] = [await help(own), await help(own)];
  expect(kept).toHaveLength(1);
  const shared = join(folder, 'cache-shared');
  await mkdir(join(shared, 'signin-probe'), { recursive: true });
  await chmod(join(shared, 'signin-probe'), 0o777);
  expect(await help(shared)).toEqual([]);
  expect((await readdir(place, { recursive: true })).sort()).toEqual(before);
});
