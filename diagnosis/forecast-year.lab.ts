import { expect, test } from '@playwright/test';
import { goalHours, type JudgedYear } from './testing/year/judge-year';
import { scenarios } from './testing/year/scenarios';
import { simulateYear, yearTable } from './testing/year/simulate-year';

/**
 * Issue 4 §6. One lab, 400 days in each scenario; what breaks a sign-in is the lab's own finding.
 * `node -r ts-node/register scripts/benchmarks/simulate-year.ts` prints the table.
 */
// One worker: the years are simulated once.
test.describe.configure({ mode: 'default' });

let years: JudgedYear[];

test.beforeAll(async ({}, info) => {
  info.setTimeout(240_000);
  years = await simulateYear();
  await info.attach('year.md', { body: yearTable(years), contentType: 'text/markdown' });
});

const named = (name: string): JudgedYear => years.find(({ scenario }) => scenario.name === name)!;

for (const { name, unknowable } of scenarios)
  if (!unknowable)
    test(`400 days, ${name}: every break foretold, to 12 hours with a successor published and to a day otherwise, no false alarm`, () => {
      const { published, otherwise, falseAlarms, missed, breaks } = named(name);
      expect(breaks.length).toBeGreaterThan(0);
      expect(published.worstHours ?? 0).toBeLessThanOrEqual(goalHours.published);
      expect(otherwise.worstHours ?? 0).toBeLessThanOrEqual(goalHours.otherwise);
      expect({ falseAlarms, missed }).toEqual({ falseAlarms: 0, missed: 0 });
    });

test('the scenarios do what they are named for: the lab breaks when AD FS promotes, when somebody promotes, and when a certificate ends', () => {
  const by = (name: string) => named(name).breaks.map((each) => each.by);
  expect(by('defaults, CRM never updated')).toEqual(['AD FS']);
  expect(by('-Urgent on day 120, CRM never updated')).toEqual(['operator']);
  expect(by('rollover off (told), never renewed')).toEqual(['time']);
  expect(by('CRM encryption certificate ends on day 180')).toEqual(['time', 'AD FS']);
  expect(named('CRM updated early, before promotion').breaks).toHaveLength(1); // reading the metadata before the promotion does not help
  expect(named('CertificateDuration 90').breaks).toHaveLength(5);
});

test('a sign-in that stays broken is told every morning', () => {
  for (const name of ['defaults, CRM never updated', '-Urgent on day 120, CRM never updated', 'rollover off (told), never renewed']) {
    const { told, missed } = named(name);
    expect(told, name).toBeGreaterThan(100);
    expect(missed, name).toBe(0);
  }
});

test('what cannot be known from outside is shown with its error, not hidden', () => {
  expect(named('thresholds 30/10/2, probe not told')).toMatchObject({ good: false });
  expect(named('thresholds 30/10/2, probe not told').otherwise.worstHours).toBeCloseTo(120, 0);
  expect(named('rollover off, probe not told').otherwise.worstHours).toBeCloseTo(360, 0);
  const withoutHistory = named('no sign-in ever made (no history)');
  expect(withoutHistory.missed).toBe(0);
  expect(withoutHistory.falseAlarms).toBeLessThanOrEqual(15);
});
