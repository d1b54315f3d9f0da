import { gzipSync } from 'node:zlib';
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import Fastify from 'fastify';
import type { ConfigFile } from '../../contracts/target';
import { testAuthority, testServerCertificate } from '../../probes/testing/test-certificates';
import { httpServer, httpsServer } from '../../probes/testing/test-server';
import { brokenSample } from '../../reports/testing/sample-reports';
import { type OpenStore, openStore } from '../store/open-store';
import { endSlots } from '../testing/end-slot';
import { sampleOutcome } from '../testing/sample-result';
import { startMetrics } from './start-metrics';

const canary = 'canary-5b8e17-token';
const config = (more: object): ConfigFile => ({ targets: [], ...more });

let folder: string;
let store: OpenStore;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async () => {
  process.env.METRICS_TEST_TOKEN = canary;
  folder = await mkdtemp(join(tmpdir(), 'signin-probe-metrics-'));
  store = await openStore({ folder });
  const report = { ...brokenSample() };
  for (const [index, verdict] of (['healthy', 'broken', 'unknown'] as const).entries()) {
    const at = new Date(Date.now() - 60_000 + index * 1000);
    const outcome = sampleOutcome(verdict, {
      forecast: { state: 'window-open', breaksAt: new Date(Date.now() + 5 * 86_400_000).toISOString(), toleranceHours: 12, why: 'a successor waits' },
    });
    const json = gzipSync(JSON.stringify({ ...report, results: report.results.map((result) => ({ ...result, target: 'contoso' })) })).toString('base64');
    await endSlots(store, [{ target: 'contoso', route: 'ifd', location: 'hq' }], at, [
      { ...outcome, runId: `run-${index}`, report: verdict === 'broken' ? { json, html: null } : null },
    ]);
  }
});
test.afterAll(async () => {
  await store.close();
  await rm(folder, { recursive: true, force: true });
});

test('/metrics has verdict, cause, durations, slots, coverage, queue and dates, in a form Prometheus takes', async ({}, info) => {
  const metrics = await startMetrics({ store, config: config({}), configPath: join(folder, 'signin-probe.yaml'), onProblem: (text) => expect(text).toBe('') });
  const app = Fastify();
  await app.register(async (scope) => metrics.http(scope));
  await metrics.onEvaluated(await store.unevaluated());
  const response = await app.inject({ url: '/metrics' });
  expect(response.statusCode).toBe(200);
  expect(response.headers['content-type']).toContain('text/plain');
  const text = response.body;
  const series = 'target="contoso",route="ifd",location="hq"';
  for (const line of [
    `signin_probe_verdict{${series},verdict="unknown"} 1`,
    `signin_probe_verdict{${series},verdict="broken"} 0`,
    `signin_probe_slots_total{${series},state="broken",reason=""} 1`,
    `signin_probe_slots_24h{${series},state="planned"} 3`,
    `signin_probe_attempts_total{${series},verdict="broken",reason="first"} 1`,
    `signin_probe_stage_duration_seconds_count{${series},stage="total"} 2`,
    `signin_probe_stage_duration_seconds_bucket{le="1",${series},stage="total"} 2`,
    'signin_probe_alerts_open{kind="verdict",severity="critical"} 0',
  ])
    expect(text).toContain(`\n${line}`);
  expect(text).toMatch(new RegExp(`signin_probe_coverage_ratio\\{${series}\\} 0\\.66`));
  expect(text).toMatch(new RegExp(`signin_probe_seconds_to_break\\{${series}\\} 4319\\d\\d`));
  expect(text).toMatch(/process_resident_memory_bytes \d+/);
  if (process.platform === 'linux') expect(text).toMatch(/signin_probe_browser_memory_bytes \d+/);

  const checked = await new Promise<{ code: number | null; said: string } | null>((resolve) => {
    const child = execFile('promtool', ['check', 'metrics'], (error, stdout, stderr) =>
      resolve(error && (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : { code: child.exitCode, said: stdout + stderr }),
    );
    child.stdin?.on('error', () => undefined).end(text);
  });
  info.annotations.push({ type: 'promtool', description: checked ? checked.said || 'nothing to complain of' : 'not installed: not checked' });
  // 3 = only style; nodejs_* of the client library have such remarks.
  if (checked) expect(checked.said.split('\n').filter((line) => /signin_probe/.test(line) || /error/i.test(line))).toEqual([]);
  await app.close();
  await metrics.stop();
});

test('without a token /metrics answers this machine only, with one whoever has it', async () => {
  const metrics = await startMetrics({
    store,
    config: config({ metrics: { token: 'env:METRICS_TEST_TOKEN' } }),
    configPath: join(folder, 'signin-probe.yaml'),
    onProblem: () => undefined,
  });
  const app = Fastify();
  await app.register(async (scope) => metrics.http(scope));
  const status = async (authorization?: string): Promise<number> =>
    (await app.inject({ url: '/metrics', headers: authorization ? { authorization } : {} })).statusCode;
  expect([await status(), await status('Bearer wrong'), await status(`Bearer ${canary}`)]).toEqual([401, 401, 200]);
  const open = await startMetrics({ store, config: config({}), configPath: join(folder, 'signin-probe.yaml'), onProblem: () => undefined });
  const other = Fastify({ trustProxy: true });
  await other.register(async (scope) => open.http(scope));
  const from = async (remoteAddress: string, headers = {}): Promise<number> => (await other.inject({ url: '/metrics', remoteAddress, headers })).statusCode;
  expect([await from('10.0.0.9'), await from('127.0.0.1', { 'x-forwarded-for': '127.0.0.1' }), await from('::1')]).toEqual([403, 403, 200]);
  await other.close();
  await open.stop();
  await app.close();
  await metrics.stop();
});

interface OtlpSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string; readonly intValue?: number } }[];
}

test('a collector gets one trace per run with a span per exchange, and the metrics, over TLS of a private CA', async ({}, info) => {
  mkdirSync(info.outputDir, { recursive: true });
  const authority = await testAuthority('Collector CA');
  const got: { path: string; authorization: string | undefined; body: string }[] = [];
  const collector = await httpsServer(await testServerCertificate(['localhost'], { signedBy: authority }), (request, response) => {
    let body = '';
    request
      .on('data', (chunk: Buffer) => (body += chunk.toString()))
      .on('end', () => {
        got.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
        // Busy at first: the exporter tries again.
        if (got.length === 1) response.writeHead(503, { 'retry-after': '0' }).end();
        else response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
      });
  });
  const ca = info.outputPath('ca.pem');
  writeFileSync(ca, authority.cert);
  const metrics = await startMetrics({
    store,
    config: config({ otlp: { endpoint: `https://localhost:${collector.port}`, authorization: 'env:METRICS_TEST_TOKEN', ca, every: '1s' } }),
    configPath: join(folder, 'signin-probe.yaml'),
    onProblem: () => undefined,
  });
  try {
    await metrics.onEvaluated(await store.unevaluated());
    await expect.poll(() => new Set(got.map(({ path }) => path)), { timeout: 20_000 }).toEqual(new Set(['/v1/metrics', '/v1/traces']));
  } finally {
    await metrics.stop();
    await collector.close();
  }
  expect(new Set(got.map(({ authorization }) => authorization))).toEqual(new Set([canary]));
  const traces = got.filter(({ path }) => path === '/v1/traces').at(-1)!;
  const spans = (JSON.parse(traces.body) as { resourceSpans: { scopeSpans: { spans: OtlpSpan[] }[] }[] }).resourceSpans[0]!.scopeSpans[0]!.spans;
  const root = spans.find(({ parentSpanId }) => !parentSpanId)!;
  expect(root.name).toBe('sign-in contoso ifd');
  expect(Object.fromEntries(root.attributes.map(({ key, value }) => [key, value.stringValue]))).toMatchObject({
    'signin_probe.verdict': 'broken',
    'signin_probe.cause': 'adfs-signing-cert-rolled',
    'signin_probe.location': 'hq',
  });
  const hops = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId);
  const expected = brokenSample().results.find(({ route }) => route === 'ifd')!.exchange;
  expect(hops).toHaveLength(expected.length);
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  for (const { startTimeUnixNano, endTimeUnixNano } of hops) {
    expect(BigInt(startTimeUnixNano)).toBeGreaterThanOrEqual(BigInt(root.startTimeUnixNano));
    expect(BigInt(endTimeUnixNano)).toBeLessThanOrEqual(BigInt(root.endTimeUnixNano));
  }
  const figures = got.filter(({ path }) => path === '/v1/metrics').at(-1)!.body;
  for (const name of ['signin_probe_verdict', 'signin_probe_coverage_ratio', 'signin_probe_slots_total', 'signin_probe_stage_duration_seconds'])
    expect(figures).toContain(`"${name}"`);
});

test('a collector that is down is said, and stops nothing', async () => {
  const server = await httpServer(() => undefined);
  const port = server.port;
  await server.close();
  const problems: string[] = [];
  const metrics = await startMetrics({
    store,
    config: config({ otlp: { endpoint: `http://127.0.0.1:${port}`, send: ['metrics'], every: '1s' } }),
    configPath: join(folder, 'signin-probe.yaml'),
    onProblem: (text) => problems.push(text),
  });
  await expect.poll(() => problems.length, { timeout: 20_000 }).toBeGreaterThan(0);
  expect(problems[0]).toContain('OpenTelemetry: ');
  await metrics.stop();
});
