import { readFileSync } from 'node:fs';
import { type Browser, expect, test } from '@playwright/test';
import { comparisonSchema } from '../contracts/comparison';
import { findBrowser, launchBrowser } from '../probes/browser/browser';
import { renderComparisonHtml } from './comparison-html';
import { hostile } from './testing/hostile';
import { sampleComparisons } from './testing/sample-comparisons';

let browser: Browser;
test.beforeAll(async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
});
test.afterAll(() => browser?.close());

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

for (const [name, sample] of Object.entries(sampleComparisons))
  test(`comparison.html (${name}) has nothing to scroll sideways and no fault of accessibility, light and dark, wide and narrow`, async () => {
    for (const [width, colorScheme, comparison] of [
      [1280, 'light', sample()],
      [1280, 'dark', sample()],
      [390, 'light', sample()],
      [390, 'dark', hostile(comparisonSchema, sample())],
    ] as const) {
      const context = await browser.newContext({ viewport: { width, height: 900 }, colorScheme });
      try {
        const page = await context.newPage();
        const asked: string[] = [];
        page.on('request', (request) => void asked.push(request.url()));
        await page.setContent(renderComparisonHtml(comparison));
        await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${width} px`).toBeLessThanOrEqual(0);
        await page.evaluate(axe);
        const faults = await page.evaluate(async () => {
          const { violations } = await (window as unknown as { axe: typeof import('axe-core') }).axe.run(document, { resultTypes: ['violations'] });
          return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`);
        });
        expect(faults, `${width} px, ${colorScheme}`).toEqual([]);
        expect(asked).toEqual([]);
      } finally {
        await context.close();
      }
    }
  });
