import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from '@playwright/test';
import ts from 'typescript';
import { beginCause } from './begin-cause';

const effects = 'lab/faults/faults.lab.ts';
let root: string;
const text = (file: string): string => readFileSync(join(root, file), 'utf8');

test.beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'signin-probe-cause-'));
  for (const folder of ['diagnosis/causes', 'lab/faults', 'docs/causes']) mkdirSync(join(root, folder), { recursive: true });
  copyFileSync(resolve(__dirname, '../..', effects), join(root, effects));
});
test.afterEach(() => rmSync(root, { recursive: true, force: true }));

test('everything that a cause needs is begun, each with what is to do, and can be read by TypeScript', () => {
  const files = beginCause(root, 'key-gone');
  expect(files.map(({ begun }) => begun)).toEqual([true, true, true, true, true]);
  for (const { file } of files) {
    expect(text(file), file).toContain('TO DO (key-gone)');
    if (file.endsWith('.ts')) expect(ts.transpileModule(text(file), { reportDiagnostics: true }).diagnostics, file).toEqual([]);
  }
  expect(text('diagnosis/causes/key-gone.ts')).toContain("export const keyGone = defineRule({\n  id: 'key-gone',");
  // In the table of effects, as its last entry.
  const table = /\nconst effects[\s\S]*?\n};\n/.exec(text(effects))?.[0];
  expect(table).toMatch(/ {2}'key-gone': refusedWith\('TO DO \(key-gone\)'\),\n};\n$/);
});

test('what is there already stays as it is', () => {
  writeFileSync(join(root, 'lab/faults/key-gone.ts'), 'mine');
  expect(beginCause(root, 'key-gone').filter(({ begun }) => !begun)).toEqual([{ file: 'lab/faults/key-gone.ts', begun: false }]);
  expect(text('lab/faults/key-gone.ts')).toBe('mine');
  const before = text(effects);
  expect(beginCause(root, 'key-gone').every(({ begun }) => !begun)).toBe(true);
  expect(text(effects)).toBe(before);
});

test('a name that is not in kebab-case is refused with an example', () => {
  for (const wrong of ['', 'KeyGone', '../x', 'key_gone']) expect(() => beginCause(root, wrong)).toThrow(/a name like rp-trust-disabled/);
});
