import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@playwright/test';
import type { SeriesKey } from '../../contracts/monitoring';
import { sampleReports } from '../../reports/testing/sample-reports';
import { openStore, type OpenStore } from '../store/open-store';
import { endSlots } from '../testing/end-slot';
import { sampleOutcome } from '../testing/sample-result';
import { type SampleServer, serveSample } from './testing/serve-sample';

const keys = (['internal', 'ifd'] as const).map((route): SeriesKey => ({ target: 'contoso', route, location: 'hq' }));

let folder: string;
let store: OpenStore;
let server: SampleServer;
test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signin-probe-web-store-'));
  store = await openStore({ folder });
  server = await serveSample({ access: { kind: 'local', role: 'operator' } }, store);
});
test.afterAll(async () => {
  await server?.close();
  await store?.close();
  rmSync(folder, { recursive: true, force: true });
});

const page = async (path: string): Promise<string> => {
  const answer = await fetch(server.origin + path);
  expect(answer.status, path).toBe(200);
  return answer.text();
};

test('the pages stand on the real store: a healthy, then a broken sign-in with its report, compared, run again and silenced', async () => {
  expect(await page('/')).toContain('Nothing is monitored yet');
  const run = (verdict: 'healthy' | 'broken', runId: string) => {
    const report = sampleReports[verdict]!();
    const json = gzipSync(JSON.stringify({ ...report, run: { ...report.run, id: runId } })).toString('base64');
    return { ...sampleOutcome(verdict), runId, report: { json, html: null } };
  };
  const now = Math.floor(Date.now() / 1000) * 1000;
  await endSlots(store, keys.slice(0, 1), new Date(now - 3000), [run('healthy', 'run-good')]);
  await endSlots(store, keys.slice(0, 1), new Date(now - 2000), [run('broken', 'run-bad')]);
  await endSlots(store, keys.slice(1), new Date(now - 1000), [run('healthy', 'run-other')]);

  expect(await page('/')).toContain('1 broken of 2 sign-ins');
  expect(await page('/wall')).toContain('1 broken of 2 sign-ins');
  const target = await page('/targets/contoso');
  expect(target).toContain('AD FS signing certificate rolled over');
  expect(target).toContain('/compare?before=run-good&amp;after=run-bad');
  expect(await page('/targets/contoso?span=90d')).toContain('<svg');
  expect(await page('/compare?before=run-good&after=run-bad')).toContain('Worse, or changed without notice');
  expect(await page('/runs/run-bad/report.html')).toContain('AD FS signs with a new certificate');
  const slots = await page('/slots?state=broken');
  const [, id] = /\/slots\/([0-9a-f-]{36})/.exec(slots) ?? [];
  expect(await page(`/slots/${id}`)).toContain('run-bad');
  for (const path of ['/certificates', '/certificates.ics', '/alerts', '/silences']) await page(path);

  const browser = await fetch(`${server.origin}/targets/contoso`);
  const token = /name="token" value="([^"]+)"/.exec(await browser.text())?.[1] ?? '';
  const cookie = browser.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  const post = (path: string, fields: Record<string, string>) =>
    fetch(server.origin + path, {
      method: 'POST',
      redirect: 'manual',
      headers: { cookie, origin: server.origin, 'content-type': 'application/x-www-form-urlencoded' },
      body: new URLSearchParams({ token, ...fields }),
    });
  const planned = await post('/run', { target: 'contoso', route: 'ifd', location: 'hq' });
  expect(planned.status).toBe(303);
  expect(await page(planned.headers.get('location') ?? '')).toContain('a person (run now)');
  expect((await post('/silences', { target: 'contoso', route: '', location: '', cause: '', hours: '4', reason: 'repair under way' })).status).toBe(303);
  const silences = await page('/silences');
  expect(silences).toContain('repair under way');
  const [, silence] = /\/silences\/([0-9a-f-]{36})\/end/.exec(silences) ?? [];
  expect((await post(`/silences/${silence}/end`, {})).status).toBe(303);
  expect(await page('/silences')).not.toContain('repair under way');
});
