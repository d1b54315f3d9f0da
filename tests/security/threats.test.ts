import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { threats } from './threats';

const root = join(__dirname, '..', '..');
const handbook = readFileSync(join(root, 'docs', 'security.md'), 'utf8');

test('every threat has tests, and they exist', () => {
  const missing = threats.flatMap(({ tests }) => tests).filter((file) => !existsSync(join(root, file)));
  expect(missing).toEqual([]);
  expect(threats.filter(({ tests }) => tests.length === 0)).toEqual([]);
});

test('every test of this folder belongs to a threat', () => {
  const listed = threats.flatMap(({ tests }) => tests);
  const here = readdirSync(__dirname).filter((name) => /\.(lab|test)\.ts$/.test(name) && name !== 'threats.test.ts');
  expect(here.filter((name) => !listed.includes(`tests/security/${name}`))).toEqual([]);
});

test('docs/security.md has a line for every threat with its tests, and no other', () => {
  const rows = [...handbook.matchAll(/^\| (.+?) \| .+ \| (`.+`) \|$/gm)].map(([, threat, tests = '']) => ({
    threat,
    tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, file]) => file),
  }));
  expect(rows).toEqual(threats.map(({ threat, tests }) => ({ threat, tests: [...tests] })));
});
