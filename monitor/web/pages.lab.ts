import { readFileSync } from 'node:fs';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, expect, type Page, test } from '@playwright/test';
import type { Slot } from '../../contracts/monitoring';
import { findBrowser, launchBrowser } from '../../probes/browser/browser';
import type { SlotFilter } from '../store/store';
import { hostileStore } from './testing/hostile-store';
import { SampleStore } from './testing/sample-store';
import { type SampleServer, serveSample } from './testing/serve-sample';
import { smallSample } from './testing/small-sample';

let browser: Browser;
let server: SampleServer;
let store: SampleStore;

test.beforeAll(async () => {
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
  store = new SampleStore(new Date(), [...smallSample]);
  await store.saveSilence({
    target: 'contoso-hr',
    route: null,
    location: null,
    cause: null,
    from: new Date().toISOString(),
    to: new Date(Date.now() + 3_600_000).toISOString(),
    by: 'ivan',
    reason: 'agent moves',
  });
  server = await serveSample({ access: { kind: 'local', role: 'operator' } }, store);
});
test.afterAll(async () => {
  await browser?.close();
  await server?.close();
});

async function open(options: BrowserContextOptions, use: (page: Page) => Promise<void>): Promise<void> {
  const context = await browser.newContext(options);
  try {
    await use(await context.newPage());
  } finally {
    await context.close();
  }
}

async function addresses(): Promise<Record<string, string>> {
  const [broken] = await store.slots({ target: 'fabrikam-sales', states: ['broken'], limit: 1 });
  const [good] = await store.slots({ target: 'fabrikam-sales', states: ['at-risk'], limit: 1 });
  const [alert] = await store.alerts();
  return {
    overview: '/',
    'what needs attention': '/?show=attention&order=worst',
    wall: '/wall',
    target: '/targets/fabrikam-sales',
    slots: '/slots?target=contoso-hr',
    slot: `/slots/${broken?.id}`,
    certificates: '/certificates',
    alerts: '/alerts',
    alert: `/alerts/${alert?.id}`,
    silences: '/silences',
    comparison: `/compare?before=${good?.runId}&after=${broken?.runId}`,
    'a page that is not there': '/nowhere',
  };
}

const axeSource = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

/** axe looks at each element for itself: a list of six is as good as one of a hundred, and takes a tenth of the time. */
class ShortLists extends SampleStore {
  override slots(filter: SlotFilter = {}): Promise<Slot[]> {
    return super.slots({ ...filter, limit: Math.min(6, filter.limit ?? 6) });
  }
}

for (const [colorScheme, width] of [
  ['light', 1280],
  ['dark', 360],
] as const)
  test(`every page passes axe in ${colorScheme} at ${width} px, and does not scroll sideways`, async () => {
    const short = await serveSample(
      { access: { kind: 'local', role: 'operator' } },
      new ShortLists(new Date(), ['contoso-hr', 'contoso-it-desk', 'contoso-legal', 'fabrikam-sales']),
    );
    try {
      await open({ colorScheme, viewport: { width, height: 900 } }, async (page) => {
        for (const [name, address] of Object.entries(await addresses())) {
          await page.goto(short.origin + address);
          expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBeLessThanOrEqual(0);
          await page.evaluate(axeSource); // not as a script of the page: its policy allows none
          const { violations } = await page.evaluate<AxeResults>('axe.run()');
          expect(violations.map(({ id, nodes }) => `${name}: ${id}: ${nodes.map(({ html }) => html.slice(0, 120)).join(' | ')}`)).toEqual([]);
        }
      });
    } finally {
      await short.close();
    }
  });

test('no page of the whole sample scrolls sideways, at any width from phone to wall', async () => {
  await open({}, async (page) => {
    for (const [name, address] of Object.entries(await addresses())) {
      await page.goto(server.origin + address);
      for (const width of [320, 360, 720, 1024, 1280, 1920]) {
        await page.setViewportSize({ width, height: 900 });
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), `${name} at ${width} px`).toBeLessThanOrEqual(0);
      }
    }
  });
});

test('every page carries a policy that lets only its own script and style run, and no page breaks it', async () => {
  await open({}, async (page) => {
    const complaints: string[] = [];
    page.on('console', (message) => complaints.push(message.text()));
    page.on('pageerror', (error) => complaints.push(error.message));
    for (const [name, address] of Object.entries(await addresses())) {
      const answer = await page.goto(server.origin + address);
      const headers = answer?.headers() ?? {};
      expect(headers['content-security-policy'], name).toContain("default-src 'none'; style-src 'self'; script-src 'self'");
      expect(headers['x-content-type-options'], name).toBe('nosniff');
      expect(headers['cache-control'], name).toBe('no-store');
      expect(await page.locator('[style], style, script:not([src])').count(), name).toBe(0);
    }
    expect(complaints.filter((text) => !text.includes('404'))).toEqual([]);
  });
});

test('texts of servers and of people do nothing, whatever they say', async () => {
  const hostile = await serveSample({ access: { kind: 'local', role: 'operator' } }, hostileStore([...smallSample]));
  try {
    await open({ viewport: { width: 360, height: 800 } }, async (page) => {
      const seen: string[] = [];
      page.on('dialog', (dialog) => {
        seen.push(dialog.message());
        void dialog.dismiss();
      });
      page.on('request', (request) => {
        if (!request.url().startsWith(hostile.origin)) seen.push(request.url());
      });
      page.on('console', (message) => seen.push(message.text()));
      for (const [name, address] of Object.entries(await addresses())) {
        const answer = await page.goto(hostile.origin + address);
        expect(answer?.status(), name).toBe(name === 'a page that is not there' ? 404 : 200);
        expect(await page.locator('script, img, iframe, [onerror]').count(), name).toBe(1);
        expect(await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), name).toBeLessThanOrEqual(0);
      }
      expect(seen.filter((text) => !text.includes('404'))).toEqual([]);
    });
  } finally {
    await hostile.close();
  }
});

test('a report is served as a document that may do nothing: no script, no form, no frame of ours', async () => {
  const [slot] = await store.slots({ target: 'fabrikam-sales', states: ['broken'], limit: 1 });
  await open({}, async (page) => {
    await page.goto(`${server.origin}/slots/${slot?.id}`);
    await page.getByRole('link', { name: 'Report of attempt 2' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toContainText('broken');
    const answer = await page.request.get(page.url());
    expect(answer.headers()['content-security-policy']).toMatch(/default-src 'none'.*sandbox$/);
    expect(await page.evaluate(() => window.origin)).toBe('null');
  });
});

test('the keyboard leads through the overview: to the content, to a target, along its time line, and to a run now', async () => {
  await open({}, async (page) => {
    await page.goto(server.origin);
    await page.keyboard.press('Tab');
    await expect(page.getByRole('link', { name: 'Skip to the content' })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(page.locator('main')).toBeFocused();
    const reach = async (name: string): Promise<void> => {
      for (let steps = 0; steps < 60; steps++) {
        await page.keyboard.press('Tab');
        const label = await page.evaluate(() => `${document.activeElement?.getAttribute('aria-label') ?? ''} ${document.activeElement?.textContent ?? ''}`);
        if (label.includes(name)) return;
      }
      throw new Error(`the keyboard does not reach "${name}"`);
    };
    await reach('contoso-finance');
    const outline = await page.evaluate(() => getComputedStyle(document.activeElement as Element).outlineStyle);
    expect(outline).toBe('solid');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1, name: 'contoso-finance' })).toBeVisible();
    await reach('Run now: contoso-finance, Internal claims, dmz');
    await page.keyboard.press('Enter');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('contoso-finance, Internal claims, dmz');
    expect(store.asked).toEqual([{ target: 'contoso-finance', route: 'internal', location: 'dmz' }]);
  });
});

test('an operator silences and acknowledges, and two chosen runs are compared, without any script', async () => {
  await open({ javaScriptEnabled: false }, async (page) => {
    await page.goto(`${server.origin}/alerts`);
    await page.getByRole('button', { name: /^Acknowledge: AD FS signs with a new certificate/ }).click();
    await expect(page.getByText('Acknowledged by operator on the machine of watch')).toBeVisible();
    await page.goto(`${server.origin}/silences?target=fabrikam-sales`);
    await page.getByLabel('Reason').fill('we know, ticket 4711');
    await page.getByRole('button', { name: 'Silence', exact: true }).click();
    await expect(page.getByRole('row', { name: /fabrikam-sales .* we know, ticket 4711/ })).toBeVisible();
    await page.getByRole('button', { name: /^End the silence of fabrikam-sales/ }).click();
    await expect(page.getByText('ticket 4711')).toHaveCount(0);
    await page.goto(`${server.origin}/targets/fabrikam-sales`);
    await page.getByRole('button', { name: 'Compare the two chosen runs' }).click();
    await expect(page.getByRole('heading', { level: 1, name: 'Two runs compared' })).toBeVisible();
    await page.goto(`${server.origin}/targets/fabrikam-sales`);
    await page.getByRole('link', { name: 'Compare with the last good run: fabrikam-sales, IFD, hq' }).click();
    await expect(page.getByText('Worse, or changed without notice')).toBeVisible();
    await page.goto(server.origin);
    expect(await page.locator('noscript meta[http-equiv="refresh"]').count()).toBe(1);
    await page.getByRole('link', { name: 'Stop that' }).click();
    expect(await page.locator('noscript meta').count()).toBe(0);
  });
});

test('an open page follows what happens, keeps what a person is doing, and says so when the connection is lost', async () => {
  const own = new SampleStore(new Date(), [...smallSample]);
  const ended = await serveSample({}, own);
  await open({}, async (page) => {
    await page.goto(`${ended.origin}/alerts`);
    await expect(page.locator('#live-status')).toContainText('Live.');
    await expect.poll(() => own.listening).toBe(1);
    await page.getByRole('link', { name: /^AD FS signs with/ }).focus();
    own.alertList = own.alertList.map((alert) =>
      alert.kind === 'coverage' ? { ...alert, state: 'recovered' as const, recoveredAt: new Date().toISOString() } : alert,
    );
    own.change();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('2 alerts open');
    await expect(page.getByRole('link', { name: /^AD FS signs with/ })).toBeFocused();
    await expect(page.getByRole('status')).toHaveText('2 alerts open');
    await page.getByRole('button', { name: 'Pause updates' }).click();
    await expect(page.locator('#live-status')).toContainText('Updates are paused.');
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.locator('#live-status')).toContainText('Live.');
    await ended.close();
    own.change();
    await page.evaluate(() => window.dispatchEvent(new Event('pagehide')));
    await page.evaluate(() => window.dispatchEvent(new Event('pageshow')));
    await page.getByRole('button', { name: 'Pause updates' }).click();
    await page.getByRole('button', { name: 'Go on' }).click();
    await expect(page.locator('body.offline')).toBeVisible({ timeout: 40_000 });
  });
});

test('every page is whole with 50 targets × 2 routes × 2 locations', async () => {
  const large = await serveSample({}, new SampleStore());
  try {
    for (const [name, address] of Object.entries(await addresses())) {
      const answer = await fetch(large.origin + address);
      expect(answer.status, name).toBe(address === '/nowhere' ? 404 : 200);
      expect(await answer.text(), name).toContain('</html>');
    }
  } finally {
    await large.close();
  }
});
