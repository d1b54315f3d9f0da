import { existsSync } from 'node:fs';
import { defineConfig } from '@playwright/test';

process.umask(0o077); // as with the commands: what is made is its owner's alone

/**
 * `npx playwright test`: one test per target × route of signin-probe.yaml (or of the file named by SIGNIN_PROBE_CONFIG), signing in for real.
 * The project's own tests run with playwright.tests.config.ts (`npm test`).
 */
const config = process.env.SIGNIN_PROBE_CONFIG ?? 'signin-probe.yaml';
if (!existsSync(config))
  console.error(`${config}: expected a configuration with live targets, found none. Write signin-probe.yaml (README) or set SIGNIN_PROBE_CONFIG.`);

export default defineConfig({
  testDir: 'probes',
  testMatch: '**/*.probe.ts',
  outputDir: 'output/playwright',
  reporter: [['list'], ['junit', { outputFile: 'output/playwright-junit.xml' }]],
  // One browser at a time, and never a second submission of a credential: no retries.
  workers: 1,
  retries: 0,
  timeout: 660_000,
});
