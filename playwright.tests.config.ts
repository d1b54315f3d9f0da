import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from '@playwright/test';

// Nothing of the tests reaches the state of this machine's user. The workers inherit the folder; whoever made it removes it.
if (!process.env.SIGNIN_PROBE_STATE) {
  const state = mkdtempSync(join(tmpdir(), 'signin-probe-state-'));
  process.env.SIGNIN_PROBE_STATE = state;
  process.once('exit', () => rmSync(state, { recursive: true, force: true }));
  // Test runs that were killed could not clean up; none takes a day.
  for (const name of readdirSync(tmpdir()).filter((each) => /^signin-probe-(test|state)-/.test(each))) {
    const made = statSync(join(tmpdir(), name), { throwIfNoEntry: false });
    if (made && Date.now() - made.mtimeMs > 86_400_000) rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

/** The project's own tests: `.test.ts` touches nothing, `.lab.ts` drives a real browser against the embedded lab on loopback. */
export default defineConfig({
  testDir: '.',
  testIgnore: ['**/node_modules/**', '**/dist/**', '**/output/**'],
  outputDir: 'output/tests',
  reporter: process.env.CI ? [['list']] : [['line']],
  fullyParallel: true,
  forbidOnly: Boolean(process.env.CI),
  retries: process.env.CI ? 1 : 0, // a busy machine; a test that needed it is printed as flaky, and is a bug to find
  workers: 2,
  timeout: 120_000, // a bound against hanging, not a measure: machines may be busy
  projects: [
    { name: 'unit', testMatch: '**/*.test.ts' },
    { name: 'lab', testMatch: '**/*.lab.ts' },
  ],
});
