import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';

const root = join(__dirname, '..', '..');

test('sources are translated at their first start only, and again once they were changed', () => {
  const folder = mkdtempSync(join(tmpdir(), 'signin-probe-test-sources-'));
  const source = join(folder, 'sample.ts');
  const start = (): unknown => {
    const script =
      `const { said } = require(${JSON.stringify(source)}); console.log(JSON.stringify([said, Object.keys(require.cache).some((path) ` +
      `=> path.endsWith('typescript.js'))]))`;
    return JSON.parse(execFileSync(process.execPath, ['-r', join(root, 'scripts', 'start', 'run-sources.js'), '-e', script], { encoding: 'utf8' }));
  };
  const [first, second] = [randomUUID(), randomUUID()];
  try {
    writeFileSync(source, `export const said: string = '${first}';\n`);
    expect([start(), start()]).toEqual([
      [first, true],
      [first, false],
    ]);
    writeFileSync(source, `export const said: string = '${second}';\n`);
    expect([start(), start()]).toEqual([
      [second, true],
      [second, false],
    ]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
