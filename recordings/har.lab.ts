/** Recordings of a real browser against the lab, judged like the live run of the same fault, as far as a HAR reaches. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import type { FaultId } from '../lab/lab-types';
import { evidenceSchema, type RouteEvidence } from '../contracts/evidence';
import { type Report, reportSchema, type Result } from '../contracts/report';
import type { Route } from '../contracts/words';
import { diagnose } from '../diagnosis/diagnose';
import { type Lab, startLab } from '../lab/start-lab';
import { createRedactor } from '../probes/redaction/redact';
import { runOnLab } from '../runs/testing/run-lab';
import { runCli } from '../cli/testing/run-cli';
import { readHar } from './read-har';
import { openLabBrowser, recordHar, signInWithForm } from './testing/record-har';
import { sanitized } from './testing/sanitized';
import { aspNet, events } from './testing/sample-events';
import { id4175 } from './testing/sample-har';

let lab: Lab;
let browser: Browser;
let out: string;
test.describe.configure({ mode: 'default' });
test.beforeAll(async () => {
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-test-'))]);
  browser = await openLabBrowser(lab);
});
test.afterAll(async () => {
  await browser?.close();
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

/** What a person does over each route. */
const open: Readonly<Record<Route, (page: Page) => Promise<void>>> = {
  internal: async (page) => void (await page.goto(lab.urls.internal).catch(() => null)),
  ifd: (page) => signInWithForm(page, lab),
};
const record = (route: Route, until: (page: Page) => Promise<unknown>): Promise<Buffer> =>
  recordHar(browser, lab, join(out, `${route}-${Date.now()}.har`), async (page) => {
    await open[route](page);
    await until(page);
  });

function readOf(har: Buffer | string): { evidence: RouteEvidence; result: Result } {
  const read = readHar(har, { redactor: createRedactor(), tool: 'test' });
  if (!read.ok) throw new Error(read.why);
  const evidence = evidenceSchema.parse(read.evidence);
  expect(evidence.results).toHaveLength(1);
  return { evidence: evidence.results[0]!, result: diagnose(evidence).results[0]! };
}

async function liveOf(label: string): Promise<{ report: Report; folder: string; of: (route: Route) => Result }> {
  const { report, folder } = await runOnLab(lab, out, label);
  return { report, folder, of: (route) => report.results.find((result) => result.route === route)! };
}

/** Neither the HAR's password nor its cookies, tokens and cipher texts. */
function expectNoSecrets(har: Buffer, evidence: RouteEvidence): void {
  const text = JSON.stringify(evidence);
  expect(text).not.toContain(lab.credentials.password);
  const { log } = JSON.parse(har.toString()) as {
    log: { entries: { request: { cookies: { value: string }[] }; response: { cookies: { value: string }[] } }[] };
  };
  const values = log.entries.flatMap(({ request, response }) => [...request.cookies, ...response.cookies]).map(({ value }) => value);
  expect(values.length).toBeGreaterThan(0);
  for (const value of values.filter(({ length }) => length >= 12)) expect(text).not.toContain(value);
  expect(text).not.toMatch(/CipherValue>[^[]/);
}

test('a healthy sign-in over each route is healthy, as live, with and without sensitive data', async () => {
  await lab.setFaults([]);
  const live = await liveOf('healthy');
  for (const route of ['internal', 'ifd'] as const) {
    const har = await record(route, (page) => page.waitForSelector('#crmTopBar'));
    for (const file of [har, sanitized(har.toString())]) {
      const { evidence, result } = readOf(file);
      expect(live.of(route).verdict).toBe('healthy');
      expect(result).toMatchObject({ route, verdict: 'healthy', signedIn: 'yes', symptom: 'none', failedAt: null, method: live.of(route).method });
      expect(result.token).toMatchObject({ encryptedFor: live.of(route).token?.encryptedFor, appliesTo: live.of(route).token?.appliesTo });
      // The flow of one is the flow of the other.
      expect(evidence.exchanges.map(({ step }) => step)).toEqual(
        live
          .of(route)
          .exchange.map(({ step }) => step)
          .filter((step) => step !== 'sign-out'),
      );
      expectNoSecrets(har, evidence);
    }
  }
});

const cases: readonly { readonly id: FaultId; readonly route: Route; readonly until: (page: Page) => Promise<unknown>; readonly blind?: boolean }[] = [
  { id: 'adfs-signing-cert-rolled', route: 'ifd', until: (page) => page.waitForURL(/errorhandler\.aspx/) },
  { id: 'adfs-signing-cert-rolled', route: 'internal', until: (page) => page.waitForURL(/errorhandler\.aspx/) },
  // Without cookies on record a lost cookie cannot be seen.
  { id: 'cookies-blocked-or-context-lost', route: 'ifd', until: (page) => page.getByText('An error occurred').first().waitFor(), blind: true },
  { id: 'wrong-password', route: 'ifd', until: (page) => page.locator('#errorText').filter({ hasText: 'Incorrect' }).waitFor() },
  { id: 'clock-skew-crm-vs-adfs', route: 'ifd', until: (page) => page.waitForURL(/errorhandler\.aspx/) },
];
for (const { id, route, until, blind = false } of cases)
  test(`${id} over ${route} is diagnosed from a HAR like live`, async () => {
    await lab.setFaults([]);
    await lab.setFaults([id]);
    const live = (await liveOf(id)).of(route);
    await lab.setFaults([]);
    await lab.setFaults([id]);
    const har = await record(route, until);
    const { evidence, result } = readOf(har);
    expectNoSecrets(har, evidence);
    expect(result).toMatchObject({ verdict: live.verdict, symptom: live.symptom, failedAt: live.failedAt, method: live.method });
    expect(result.causes[0]?.id).toBe(id);
    expect(live.causes[0]?.id).toBe(id);
    const bare = readOf(sanitized(har.toString())).result;
    expect(bare).toMatchObject({ verdict: live.verdict, symptom: live.symptom, failedAt: live.failedAt });
    expect(bare.captureErrors[0]).toMatchObject({ capture: 'cookies' });
    if (blind) expect(bare.causes.map((cause) => cause.id)).not.toContain(id);
    else expect(bare.causes[0]?.id).toBe(id);
    if (id !== 'adfs-signing-cert-rolled') expect([...result.causes, ...bare.causes].map((cause) => cause.id)).not.toContain('adfs-signing-cert-rolled');
  });

test("the HAR a run writes itself leads to the run's own first cause, although it has no values and no contents", async () => {
  await lab.setFaults([]);
  await lab.setFaults(['adfs-signing-cert-rolled']);
  const { folder, of } = await liveOf('own HAR');
  const read = readHar(await readFile(join(folder, 'exchange.har')), { redactor: createRedactor(), tool: 'test' });
  if (!read.ok) throw new Error(read.why);
  for (const { route, symptom, failedAt, causes } of diagnose(read.evidence).results) {
    expect({ symptom, failedAt }, route).toEqual({ symptom: of(route).symptom, failedAt: of(route).failedAt });
    expect(causes[0]?.id, route).toBe('adfs-signing-cert-rolled');
  }
});

test('an event log lifts the KB of a silent run to confirmed, from the command line', async () => {
  await lab.setFaults([]);
  await rm(join(lab.folder, '.signin-probe'), { recursive: true, force: true });
  lab.setFace('401');
  await lab.rollover('promote');
  const { folder, of } = await liveOf('silent');
  lab.setFace('errorhandler');
  expect(of('ifd').causes[0]).toMatchObject({ id: 'adfs-signing-cert-rolled', certainty: 'suspected' });
  const post = of('ifd').exchange.find(({ step }) => step === 'token-post');
  const log = join(out, 'application.xml');
  await writeFile(log, Buffer.from(`\uFEFF${events(aspNet(new Date(post?.date ?? '').toISOString(), id4175, new URL(post?.url ?? '').hostname))}`, 'utf16le'));
  const { exitCode, stdout, stderr } = await runCli(['diagnose', folder, '--event-log', log, '--json']);
  expect(exitCode, stderr).toBe(2);
  const judged = reportSchema.parse(JSON.parse(stdout)).results.find(({ route }) => route === 'ifd');
  expect(judged?.causes[0]).toMatchObject({ id: 'adfs-signing-cert-rolled', certainty: 'confirmed' });
  expect(judged?.causes[0]?.because.flatMap(({ refs }) => refs)).toContain('server-event:1');
});

test('diagnose takes a HAR under any name, and names what is missing', async () => {
  await lab.setFaults(['adfs-signing-cert-rolled']);
  const har = await record('ifd', (page) => page.waitForURL(/errorhandler\.aspx/));
  const file = join(out, 'from-a-colleague.txt');
  await writeFile(file, har);
  const { exitCode, stdout } = await runCli(['diagnose', file]);
  expect(exitCode).toBe(2);
  expect(stdout).toContain('KB 2686840');
  expect(stdout).toContain('Not in a HAR');
  await writeFile(file, har.subarray(0, har.length / 2));
  const broken = await runCli(['diagnose', file]);
  expect(broken).toMatchObject({ exitCode: 3, stdout: '' });
  expect(broken.stderr).toContain('ends in the middle');
});
