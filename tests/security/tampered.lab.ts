/**
 * Run folders and stored reports that somebody changed: opened from the disk without the policy that forbids scripts, and served by watch to who is signed in.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Browser, expect, test } from '@playwright/test';
import { reportSchema } from '../../contracts/report';
import { localSettings, serveSample } from '../../monitor/web/testing/serve-sample';
import { SampleStore } from '../../monitor/web/testing/sample-store';
import { findBrowser, launchBrowser } from '../../probes/browser/browser';
import { renderHtml } from '../../reports/html';
import { hostile } from '../../reports/testing/hostile';
import { sampleReports } from '../../reports/testing/sample-reports';
import { scriptInjections } from './testing/script-injections';

let folder: string;
let browser: Browser;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signin-probe-tampered-'));
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  const launched = await launchBrowser(search.choice, { spkis: [], authServerAllowlist: null });
  if (!launched.ok) throw new Error(launched.why);
  browser = launched.browser;
});
test.afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a report of a changed run folder does nothing even where its policy was taken out: it has no script to forbid', async () => {
  const leaks: string[] = [];
  const page = await browser.newPage();
  page.on('dialog', (dialog) => (leaks.push(`dialog ${dialog.message()}`), void dialog.dismiss()));
  page.on('request', (request) => void (/^(file|data):/.test(request.url()) || leaks.push(`request ${request.url()}`)));
  page.on('popup', () => leaks.push('a window'));
  for (const [index, text] of scriptInjections.entries()) {
    const html = renderHtml(hostile(reportSchema, sampleReports.broken!(), text), {}).replace(/<meta http-equiv="Content-Security-Policy"[^>]*>/i, '');
    expect(html).not.toContain('Content-Security-Policy');
    const file = join(folder, `report-${index}.html`);
    writeFileSync(file, html);
    await page.goto(pathToFileURL(file).href, { waitUntil: 'load' });
    const active = await page.evaluate(() => [
      ...[...document.querySelectorAll('script, iframe, object, embed, form, base, link, meta[http-equiv=refresh]')].map(({ outerHTML }) =>
        outerHTML.slice(0, 80),
      ),
      ...[...document.querySelectorAll('*')].flatMap((one) => one.getAttributeNames().filter((name) => name.startsWith('on'))),
      ...[...document.querySelectorAll('[href]')]
        .map((one) => one.getAttribute('href') ?? '')
        .filter((href) => !/^(#|https:\/\/(support|learn)\.microsoft\.com\/)/.test(href)),
    ]);
    leaks.push(...active.map((what) => `${JSON.stringify(text)}: ${what}`));
  }
  await page.close();
  test.info().annotations.push({ type: 'attempts', description: String(scriptInjections.length) }, { type: 'leaks', description: String(leaks.length) });
  expect(leaks).toEqual([]);
});

test('a stored report that an agent made of scripts runs none of them with the session of who opens it', async () => {
  const attacks = [
    '<script>fetch("/alerts").then(() => document.title = "owned")</script>',
    '<script>location = "/sign-in?owned"</script>',
    '<img src="/assets/x" onerror="fetch(\'/owned\')">',
    '<svg onload="fetch(\'/owned\')"></svg>',
    '<form action="/silences" method="post" id="f"><input name="hours" value="4"></form><script>f.submit()</script>',
    '<iframe src="/alerts"></iframe>',
    '<object data="/alerts"></object>',
    '<link rel="stylesheet" href="/owned.css"><link rel="prefetch" href="/owned">',
    '<meta http-equiv="refresh" content="0;url=/owned">',
    '<base href="https://evil.example/"><a href="x" id="a">x</a>',
    '<meta http-equiv="Content-Security-Policy" content="default-src * \'unsafe-inline\'"><script>fetch("/owned")</script>',
    '<style>@import "/owned.css"; body { background: url(/owned.png) }</style>',
    '<video src="/owned.mp4" autoplay></video><audio src="/owned.mp3"></audio><embed src="/owned">',
    '<script type="module">import("/owned.js")</script><script src="/assets/app.js"></script>',
  ];
  const store = new SampleStore(new Date());
  const report = sampleReports.broken!();
  let html = '';
  Object.assign(store, { report: async (runId: string) => ({ runId, slotId: 'x', report, html }) });
  const server = await serveSample({ ...localSettings, access: { kind: 'local', role: 'operator' } }, store);
  const leaks: string[] = [];
  const page = await browser.newPage();
  page.on('dialog', (dialog) => (leaks.push(`dialog ${dialog.message()}`), void dialog.dismiss()));
  const asked: string[] = [];
  server.app.server.on('request', (request: { url?: string }) => asked.push(request.url ?? ''));
  try {
    for (const attack of attacks) {
      html = `<!doctype html><html><head><title>report</title></head><body>${attack}<p>a report</p></body></html>`;
      asked.length = 0;
      await page.goto(`${server.origin}/runs/run-1/report.html`, { waitUntil: 'load' });
      await page.waitForLoadState('networkidle');
      leaks.push(...asked.filter((path) => !['/runs/run-1/report.html', '/favicon.ico'].includes(path)).map((path) => `${attack}: asked for ${path}`));
      if ((await page.title()) !== 'report') leaks.push(`${attack}: ran`);
    }
    test.info().annotations.push({ type: 'attempts', description: String(attacks.length) }, { type: 'leaks', description: String(leaks.length) });
    expect(leaks).toEqual([]);
  } finally {
    await page.close();
    await server.close();
  }
});
