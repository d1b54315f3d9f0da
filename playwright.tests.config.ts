import { defineConfig } from '@playwright/test';

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
