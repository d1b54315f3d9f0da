import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@playwright/test';
import { parse } from 'yaml';
import { measurementsOf } from './measurements';

const run = promisify(execFile);
const folder = join(__dirname, '..', '..', 'examples', 'monitoring');

/** Why promtool cannot be used here; null = it can. */
const noPromtool = run('promtool', ['--version']).then(
  () => null,
  () => 'promtool is not installed (Debian: apt-get install --no-install-recommends prometheus)',
);

interface Dashboard {
  readonly panels: readonly { readonly title: string; readonly targets: readonly { readonly expr: string }[] }[];
}
const dashboard = JSON.parse(readFileSync(join(folder, 'grafana-dashboard.json'), 'utf8')) as Dashboard;
/** As Grafana fills them in. */
const queries = dashboard.panels.flatMap(({ targets }) =>
  targets.map(({ expr }) => expr.replace(/\$__rate_interval/g, '5m').replace(/\$(target|route|location)/g, '.*')),
);
const rules = parse(readFileSync(join(folder, 'prometheus-alerts.yml'), 'utf8')) as { groups: { rules: { expr: string }[] }[] };

test('the alert rules hold what their tests say', async () => {
  const why = await noPromtool;
  test.skip(why !== null, why ?? '');
  const { stdout } = await run('promtool', ['test', 'rules', 'prometheus-alerts.test.yml'], { cwd: folder });
  expect(stdout).toContain('SUCCESS');
});

test('every query of the dashboard is one Prometheus can read', async ({}, info) => {
  const why = await noPromtool;
  test.skip(why !== null, why ?? '');
  mkdirSync(info.outputDir, { recursive: true });
  const file = info.outputPath('queries.yml');
  writeFileSync(file, JSON.stringify({ groups: [{ name: 'dashboard', rules: queries.map((expr, index) => ({ record: `query:${index}`, expr })) }] }));
  const { stdout } = await run('promtool', ['check', 'rules', file]);
  expect(stdout).toContain(`SUCCESS: ${queries.length} rules found`);
});

test('rules and dashboard name only metrics that are exported', () => {
  const exported = new Set([
    ...measurementsOf({ now: new Date(), overview: [], certificates: [], queues: [], runners: [], alerts: [], slots: [], browserBytes: null }).map(
      ({ name }) => name,
    ),
    'signin_probe_build_info',
    ...['_bucket', '_sum', '_count'].map((end) => `signin_probe_stage_duration_seconds${end}`),
  ]);
  const used = [...queries, ...rules.groups.flatMap((group) => group.rules.map(({ expr }) => expr))].flatMap((expr) => expr.match(/\bsignin_probe_\w+/g) ?? []);
  expect(used.length).toBeGreaterThan(30);
  expect([...new Set(used)].filter((name) => !exported.has(name))).toEqual([]);
});
