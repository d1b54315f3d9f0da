import { type Browser, expect, type Page, test } from '@playwright/test';
import type { Report } from '../contracts/report';
import { findBrowser, launchBrowser } from '../probes/browser/browser';
import { renderHtml } from './html';
import { hostileReport } from './testing/hostile';
import { sampleReports } from './testing/sample-reports';

let browser: Browser;
test.beforeAll(async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
});
test.afterAll(() => browser?.close());

const onePixel = 'data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';

async function show(report: Report, options: { width: number; colorScheme: 'light' | 'dark' }, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext({ viewport: { width: options.width, height: 900 }, colorScheme: options.colorScheme });
  try {
    const page = await context.newPage();
    const screens = Object.fromEntries(report.results.flatMap(({ screenshots }) => screenshots.map(({ file }) => [file, onePixel])));
    await page.setContent(renderHtml(report, screens));
    await page.locator('details').evaluateAll((all) => all.forEach((one) => one.setAttribute('open', '')));
    await use(page);
  } finally {
    await context.close();
  }
}

/** Texts of the visible drawings that reach over their drawing's edge. */
const clippedTexts = (page: Page): Promise<string[]> =>
  page.locator('svg:visible').evaluateAll((drawings) =>
    drawings.flatMap((drawing) => {
      const edge = drawing.getBoundingClientRect();
      return [...drawing.querySelectorAll('text')].flatMap((text) => {
        const box = text.getBoundingClientRect();
        return box.left < edge.left - 1 || box.right > edge.right + 1 || box.top < edge.top - 1 || box.bottom > edge.bottom + 1 ? [text.textContent ?? ''] : [];
      });
    }),
  );

/** WCAG contrast of every visible text against the nearest background, where it is below 4.5 to 1. */
const faintTexts = (page: Page): Promise<string[]> =>
  page.evaluate(() => {
    const channels = (colour: string): number[] => (colour.match(/[\d.]+/g) ?? []).map(Number);
    const luminance = (colour: string): number => {
      const [r = 0, g = 0, b = 0] = channels(colour).map((value) => (value / 255 <= 0.03928 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4));
      return 0.2126 * r + 0.7152 * g + 0.0722 * b;
    };
    const background = (element: Element | null): string => {
      if (!element) return 'rgb(255, 255, 255)';
      const colour = getComputedStyle(element).backgroundColor;
      return channels(colour)[3] === 0 ? background(element.parentElement) : colour;
    };
    return [...document.querySelectorAll('body *')].flatMap((element) => {
      const own = [...element.childNodes]
        .filter((node) => node.nodeType === Node.TEXT_NODE)
        .map((node) => node.textContent?.trim() ?? '')
        .join('');
      if (own === '' || !element.checkVisibility()) return [];
      const style = getComputedStyle(element);
      const [a, b] = [luminance(element instanceof SVGElement ? style.fill : style.color), luminance(background(element))];
      const contrast = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
      return contrast < 4.5 ? [`${own.slice(0, 40)} (${contrast.toFixed(2)})`] : [];
    });
  });

for (const [name, sample] of Object.entries(sampleReports))
  for (const width of [1280, 390])
    test(`report.html (${name}) at ${width} px has nothing cut off, nothing to scroll sideways, and readable contrast in light and dark`, async () => {
      for (const colorScheme of ['light', 'dark'] as const)
        await show(sample(), { width, colorScheme }, async (page) => {
          expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
          expect(await clippedTexts(page)).toEqual([]);
          expect(await faintTexts(page)).toEqual([]);
        });
    });

for (const [name, sample, width] of Object.entries(sampleReports).flatMap(([key, make]) => [[key, make, 390] as const, [key, make, 1280] as const]))
  test(`report.html (${name}) at ${width} px with an attack in every text runs nothing, asks for nothing and keeps its shape`, async () => {
    await show(hostileReport(sample()), { width, colorScheme: 'light' }, async (page) => {
      const seen: string[] = [];
      page.on('dialog', (dialog) => {
        seen.push(`dialog ${dialog.message()}`);
        void dialog.dismiss();
      });
      page.on('request', (request) => seen.push(`request ${request.url()}`));
      page.on('console', (message) => seen.push(`console ${message.text()}`));
      const markup = await page.content();
      await page.setContent(markup, { waitUntil: 'load' });
      expect(seen.filter((one) => !one.startsWith('request data:image/png'))).toEqual([]);
      expect(await page.locator('script, iframe, form, object, embed, link').count()).toBe(0);
      expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth)).toBeLessThanOrEqual(0);
      expect(await clippedTexts(page)).toEqual([]);
    });
  });

test('the report prints: light colours, on a dark screen too, and no page is lost', async () => {
  await show(sampleReports['broken']!(), { width: 1280, colorScheme: 'dark' }, async (page) => {
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await page.evaluate(() => getComputedStyle(document.body).backgroundColor)).toBe('rgb(255, 255, 255)');
    expect(await page.locator('nav').isVisible()).toBe(false);
    expect((await page.pdf({ format: 'A4' })).length).toBeGreaterThan(50_000);
  });
});

test('a link in the proof opens at the row it names', async () => {
  await show(sampleReports['broken']!(), { width: 1280, colorScheme: 'light' }, async (page) => {
    await page.locator('a[href="#contoso-internal-exchange-6"]').first().click();
    await expect(page.locator('#contoso-internal-exchange-6')).toBeInViewport();
  });
});
