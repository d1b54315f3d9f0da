import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type LabOptions, type Lab, startLab } from '../lab/start-lab';
import type { BrowserChoice } from '../probes/browser/browser';
import { findBrowser } from '../probes/browser/browser';
import { createLog } from '../system/log';
import { createRedactor } from '../probes/redaction/redact';
import { loadTargets } from '../config/targets';
import { renderBaselineList } from '../reports/baseline-text';
import { checkNameFree, listBaselines, readBaseline, writeBaseline } from './baselines';
import { brokenRoutes, recordRuns } from './baselines-record';
import { compareNow } from './comparison-run';
import { readSide } from './comparison-sides';

let out: string;
let browser: BrowserChoice;
test.beforeAll(async () => {
  out = await mkdtemp(join(tmpdir(), 'signin-probe-baselines-'));
  const search = await findBrowser({ configured: null });
  if (!search.ok) throw new Error(search.why);
  browser = search.choice;
});
test.afterAll(() => rm(out, { recursive: true, force: true }));

async function recorded(lab: Lab, name: string | null, repeat = 1) {
  const loaded = loadTargets(lab.config);
  if (!loaded.ok) throw new Error(loaded.problems.map(({ text }) => text).join('\n'));
  const redactor = createRedactor();
  const log = createLog({ level: 'warn', quiet: true, redactor });
  return recordRuns({ targets: loaded.targets, browser, log, redactor, outFolder: out, label: 'test', interactive: false, repeat, name });
}

/** Everything the deployment can ask with: form or Windows on either route, old pages and new, one page or two, a code, a home realm. */
const deployments: readonly { what: string; options: LabOptions; prepare?: (lab: Lab) => void; methods: readonly string[] }[] = [
  {
    what: 'forms on both routes, because the browser is not in AD FS’s list for Windows sign-in',
    options: { paginated: true },
    prepare: (lab) => (lab.adfs.settings.wiaSupportedUserAgents = []),
    methods: ['forms', 'forms'],
  },
  { what: 'AD FS 2.0 and CRM 2011 with a home realm page', options: { generation: '2.0', crmVersion: '2011', hrd: true }, methods: ['windows', 'forms'] },
];

for (const { what, options, prepare, methods } of deployments)
  test(`two healthy sign-ins are the same: ${what}`, async () => {
    test.slow(); // a lab and two runs
    const lab = await startLab(options);
    try {
      prepare?.(lab);
      const { baseline, folders } = await recorded(lab, null, 2);
      expect(brokenRoutes(baseline)).toEqual([]);
      expect(baseline.states.map(({ method }) => method)).toEqual(methods);
      const [first, second] = await Promise.all(folders.map((folder) => readSide(folder, out)));
      const comparison = compareNow(first!, second!, { change: null, expect: [] });
      expect(comparison.differences).toEqual([]);
      expect(comparison.verdict).toBe('same');
      // Not because nothing was looked at.
      expect(new Set(comparison.same.map(({ kind }) => kind)).size).toBeGreaterThanOrEqual(10);
    } finally {
      await lab.close();
    }
  });

test('a baseline is kept under its name, holds no secret, and is a side of a comparison as well as its runs are', async () => {
  test.slow(); // a lab and three runs
  const lab = await startLab();
  try {
    const { baseline, reports, folders } = await recorded(lab, 'before-patch-day', 2);
    expect(reports).toHaveLength(2);
    expect(baseline.states.map(({ method }) => method)).toEqual(['windows', 'forms']);
    expect(baseline.states.map(({ timings }) => timings.totalMs.length)).toEqual([2, 2]);
    // Nothing differs between two healthy sign-ins.
    expect(baseline.states.flatMap(({ varies }) => varies)).toEqual([]);
    const file = await writeBaseline(out, { ...baseline, name: 'before-patch-day' });
    const text = await readFile(file, 'utf8');
    expect(text).not.toContain(lab.credentials.password);
    expect(await readBaseline(out, 'before-patch-day')).toEqual(baseline);
    expect((await listBaselines(out)).map(({ name }) => name)).toEqual(['before-patch-day']);
    await expect(checkNameFree(out, 'before-patch-day', false)).rejects.toThrow('--force');
    await checkNameFree(out, 'before-patch-day', true);
    await expect(checkNameFree(out, '../outside', false)).rejects.toThrow('cannot be the name');
    await expect(readBaseline(out, 'before-pach-day')).rejects.toThrow('Did you mean "before-patch-day"?');

    const [folder = ''] = folders;
    for (const given of [
      'before-patch-day',
      folder,
      folders[1]?.split(/[\\/]/).at(-1) ?? '',
      join(folder, 'evidence.json'),
      join(folder, 'report.json'),
      file,
    ]) {
      const side = await readSide(given, out);
      expect(compareNow(baseline, side, { change: null, expect: [] }).verdict, given).toBe('same');
    }
    await writeFile(join(out, 'newer.json'), text.replace('"schema": 1', '"schema": 9'));
    await expect(readSide(join(out, 'newer.json'), out)).rejects.toThrow('Use a newer signin-probe');
    await expect(readSide('nowhere', out)).rejects.toThrow('expected the name of a baseline');
    expect((await readdir(join(out, 'baselines'))).filter((name) => !name.endsWith('.json'))).toEqual([]);

    // A refused password ends the repetition at once: one submission more, not four.
    await lab.setFaults(['wrong-password']);
    const before = lab.adfs.counters.passwordSubmissions + lab.adfs.counters.ntlmRefusals;
    const refused = await recorded(lab, null, 4);
    expect(refused.reports).toHaveLength(1);
    expect(lab.adfs.counters.passwordSubmissions + lab.adfs.counters.ntlmRefusals).toBe(before + 1);
    expect(brokenRoutes(refused.baseline)).toHaveLength(2);
    // Kept all the same (--even-if-broken), it is shown as what it is.
    await writeBaseline(out, { ...refused.baseline, name: 'broken' });
    expect(renderBaselineList(await listBaselines(out), out)).toMatch(/broken {2}.+\n {2}\? contoso, Internal claims: unknown/);
  } finally {
    await lab.close();
  }
});
