import { expect, test } from '@playwright/test';
import { renderForecastCalendar } from '../../../reports/forecast-calendar';
import { SampleStore } from '../testing/sample-store';
import { smallSample } from '../testing/small-sample';
import { dayStrip, stripText, tonesOf } from '../parts/strip';
import { datesAhead, forecastOf, monthBeside, weeksOf } from './calendar';
import { groupsOf, standingOf, troublesOf } from './head-line';
import { percentText } from './words';

const now = new Date('2026-11-23T12:00:00Z');
const sample = () => new SampleStore(now, [...smallSample]).overview();

test('a rollover is one trouble however many organisations it breaks, and stands first', async () => {
  const [first, second] = troublesOf(await sample());
  expect(first).toMatchObject({ verdict: 'broken', kb: '2686840', sts: 'https://sts.fabrikam.example', targets: ['fabrikam-production', 'fabrikam-sales'] });
  expect(first?.series).toHaveLength(8);
  expect(second?.verdict).toBe('at-risk');
});

test('the head line never says healthy while something is broken, unknown, or not probed', async () => {
  const all = await sample();
  expect(standingOf(all, now).headline).toMatch(/^8 broken, 8 at risk/);
  const healthy = all.filter(({ verdict, missing }) => verdict === 'healthy' && missing === null);
  expect(standingOf(healthy, now)).toMatchObject({ tone: 'healthy', headline: `All ${healthy.length} sign-ins are healthy` });
  const stale = all.filter(({ verdict }) => verdict === 'healthy');
  expect(stale.length).toBeGreaterThan(healthy.length);
  expect(standingOf(stale, now)).toMatchObject({ tone: 'unknown', headline: `No sign-in is known to be broken, but 1 of ${stale.length} are not probed` });
  expect(standingOf(healthy, new Date(now.getTime() + 30 * 60_000)).tone, 'slots are overdue').toBe('unknown');
  expect(standingOf([], now)).toMatchObject({ tone: 'unknown', headline: 'Nothing is monitored yet' });
});

test('the worst stand first on demand', async () => {
  expect(groupsOf(await sample(), now, true).map(({ name }) => name)).toEqual(['sts.fabrikam.example', 'sts.northwind.example', 'sts.contoso.example']);
  expect(groupsOf(await sample(), now, false)[0]?.name).toBe('sts.contoso.example');
});

test('the strip has a bar for each day, and says the same in words', async () => {
  const row = (await sample()).find(({ target }) => target === 'fabrikam-sales');
  const tones = tonesOf(row?.days ?? [], now, 90);
  expect(tones).toHaveLength(90);
  expect(tones.at(-1)).toBe('broken');
  expect(stripText(tones, now)).toMatch(/^Last 90 days: 1 broken \(last on 23 Nov 2026\), 5 at risk \(last on 22 Nov 2026\)/);
  expect(dayStrip(row?.days ?? [], now, 90).text.length).toBeLessThan(900);
});

test('coverage is never rounded up to 100 %', () => {
  expect([1, 0.99999, 0.9994, 0].map(percentText)).toEqual(['100 %', '99.9 %', '99.9 %', '0.0 %']);
});

test('a month begins on the right weekday and has all its days', () => {
  const weeks = weeksOf('2026-02');
  expect(weeks[0]).toEqual([null, null, null, null, null, null, '2026-02-01']);
  expect(weeks.flat().filter((day) => day !== null)).toHaveLength(28);
  expect(monthBeside('2026-12', 1)).toBe('2027-01');
  expect(monthBeside('2026-01', -1)).toBe('2025-12');
});

test('the calendar has each STS’s break once, with the organisations it touches, and each certificate’s end', async () => {
  const store = new SampleStore(now, [...smallSample]);
  const [certificates, all] = [await store.certificates(), await store.overview()];
  expect(datesAhead(certificates, all).filter(({ kind }) => kind === 'break')).toHaveLength(2);
  const calendar = renderForecastCalendar(forecastOf(certificates, all, now, '1.0.0', 'https://signin-probe.contoso.com/certificates'));
  const unfolded = calendar.replace(/\r\n /g, '');
  expect(unfolded.match(/SUMMARY:CRM sign-in \(sts\.northwind\.example\) will break/g)).toHaveLength(1);
  expect(unfolded).toContain('Targets: northwind-production\\, northwind-sales.');
  expect(unfolded).toContain('SUMMARY:TLS certificate of internalcrm.contoso.example ends');
});
