import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { threats } from '../../tests/security/threats';
import { ensureBrowser } from '../start/ensure-browser';

/**
 * `npm run test:security`: every test of the threat table, the long ones at full length, and a table of what was tried and what came of it.
 * Exit 1 on any leak or failure. `npm run test:security -- TEXT` takes the files whose path contains the text.
 */
const root = join(__dirname, '..', '..');
const [wanted = ''] = process.argv.slice(2);

ensureBrowser((text) => console.log(text)).then(
  () => {
    const files = [...new Set(threats.flatMap(({ tests }) => tests))].filter((file) => file.includes(wanted) && existsSync(join(root, file)));
    const startedAt = performance.now();
    const cli = join(root, 'node_modules', '@playwright', 'test', 'cli.js');
    const { status } = spawnSync(
      process.execPath,
      [cli, 'test', '-c', 'playwright.tests.config.ts', '--workers=1', `--reporter=${join('scripts', 'security', 'threat-reporter.ts')}`, ...files],
      { cwd: root, stdio: 'inherit', env: { ...process.env, SECURITY_FULL: '1' } },
    );
    console.log(`${files.length} test files in ${Math.round((performance.now() - startedAt) / 1000)} s`);
    process.exit(status === 0 ? 0 : 1);
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exit(3);
  },
);
