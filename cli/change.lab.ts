import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { comparisonSchema } from '../contracts/comparison';
import { kbRepairOrder } from '../lab/repair';
import { type Lab, startLab } from '../lab/start-lab';
import { ProbeFault } from '../contracts/probe-fault';
import { renderChanges } from '../reports/change-text';
import { side } from '../diagnosis/testing/sample-sides';
import { listBaselines, writeBaseline } from '../runs/baselines';
import { listChanges, openChanges, writeChange } from '../runs/changes';
import { compareNow } from '../runs/comparison-run';
import { readSide } from '../runs/comparison-sides';
import { command as baseline } from './commands/baseline';
import { command as change } from './commands/change';
import { command as compare } from './commands/compare';
import { expectedChanges } from './shared/expected-changes';
import { runCli } from './testing/run-cli';

let lab: Lab;
let out: string;

test.beforeAll(async () => {
  [lab, out] = await Promise.all([startLab(), mkdtemp(join(tmpdir(), 'signin-probe-change-'))]);
});
test.afterAll(async () => {
  await lab?.close();
  await rm(out, { recursive: true, force: true });
});

const cli = (...args: string[]) => runCli([...args, '--config', lab.config, '--out', out]);

test('a rollover with the whole repair is an intended change, the same without IFD a regression that names it', async () => {
  test.slow(); // three runs and four processes
  const started = await cli('change', 'start', 'rollover', '--expect', 'signing-certificate,decrypting-certificate');
  expect(started.exitCode, started.stderr).toBe(0);
  expect(started.stdout).toContain('Announced: signing-certificate, decrypting-certificate');
  expect(await openChanges(out)).toMatchObject([{ name: 'rollover', targets: [{ name: 'contoso', routes: ['internal', 'ifd'] }] }]);

  await lab.rollover('promote');
  for (const step of kbRepairOrder.filter((each) => each !== 'configure IFD')) await lab.repair(step);
  const forgotten = await cli('change', 'finish', 'rollover');
  expect(forgotten.exitCode, forgotten.stderr).toBe(2);
  expect(forgotten.stdout).toMatch(/^ROLL BACK/);
  expect(forgotten.stdout.replace(/\s+/g, ' ')).toMatch(/Sign-in to contoso no longer works over IFD: .+; it works over internal claims/);
  // Not closed: it can be repaired and finished again.
  expect((await openChanges(out)).map(({ name }) => name)).toEqual(['rollover']);

  for (const step of kbRepairOrder) await lab.repair(step);
  const repaired = await cli('change', 'finish', 'rollover', '--json');
  expect(repaired.exitCode, repaired.stderr + repaired.stdout).toBe(0);
  const comparison = comparisonSchema.parse(JSON.parse(repaired.stdout));
  expect(comparison).toMatchObject({ verdict: 'intended-change', decision: 'go', comparison: { change: 'rollover' }, notHappened: [] });
  expect(await openChanges(out)).toEqual([]);
  expect((await readdir(join(out, 'comparisons', comparison.comparison.id))).sort()).toEqual(['comparison.html', 'comparison.json', 'comparison.md']);
  expect(renderChanges(await listChanges(out), comparison.comparison.at, out)).toMatch(/rollover: finished[\s\S]+ROLL BACK: [\s\S]+GO: Changed as announced/);

  // The first baseline again, against the run after it, without the announcement, and with one in the configuration.
  const compared = await cli('compare', 'change-rollover', comparison.after.name, '--format', 'md');
  expect(compared.exitCode).toBe(2);
  expect(compared.stdout).toContain('# Regression: 3 things are different that nobody announced (signing-certificate, decrypting-certificate)');
  const config = join(lab.folder, 'announced.yaml');
  await writeFile(config, `${await readFile(lab.config, 'utf8')}change: { name: rollover, expect: [signing-certificate, decrypting-certificate] }\n`);
  const announced = await expectedChanges({ config, out });
  expect(announced.name).toBe('rollover');
  expect(compareNow(await readSide('change-rollover', out), await readSide(comparison.after.name, out), { change: null, ...announced }).verdict).toBe(
    'intended-change',
  );
});

test('a broken sign-in is no good state: not saved, exit 2 and why', async () => {
  await lab.rollover('promote');
  const refused = await cli('baseline', 'save', 'good', '--quiet');
  expect(refused.exitCode).toBe(2);
  expect(refused.stderr).toMatch(/Not saved: [\s\S]+contoso internal: broken: [\s\S]+--even-if-broken/);
  expect((await listBaselines(out)).map(({ name }) => name)).not.toContain('good');
});

test('every slip of the fingers is told before anybody signs in, with the nearest match', async () => {
  const options = { config: lab.config, out: join(out, 'slips') };
  await writeBaseline(options.out, { ...side('change-rollover'), name: 'change-rollover' });
  const startedAt = '2026-03-02T09:00:00.000Z';
  await writeChange(options.out, {
    schema: 1,
    name: 'rollover',
    startedAt,
    finishedAt: null,
    targets: [],
    expect: [],
    baseline: 'change-rollover',
    repeat: 1,
    checks: [],
  });
  const before = lab.adfs.counters.tokensIssued;
  const slips: [() => Promise<unknown>, string][] = [
    [() => compare.run(['change-rollover', 'change-rollover'], { ...options, expect: 'signing-certificat' }), 'did you mean "signing-certificate"?'],
    [() => compare.run(['change-rollove', 'change-rollover'], options), 'Did you mean "change-rollover"?'],
    [() => baseline.run(['safe', 'x'], options), 'did you mean "save"?'],
    [() => baseline.run(['save'], options), 'expected a name'],
    [() => baseline.run(['save', 'change-rollover'], options), '--force'],
    [() => baseline.run(['save', 'a/b'], options), 'cannot be the name'],
    [() => change.run(['finish', 'rolover'], options), 'Did you mean "rollover"?'],
    [() => change.run(['start', 'rollover'], { ...options, quiet: true }), 'begin anew with --force'],
  ];
  for (const [act, due] of slips) {
    const fault: unknown = await act().catch((error: unknown) => error);
    expect(fault, due).toBeInstanceOf(ProbeFault);
    expect((fault as Error).message).toContain(due);
  }
  expect(lab.adfs.counters.tokensIssued).toBe(before);
});
