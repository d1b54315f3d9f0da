import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('flaky sign-ins and missing verdicts are told on their own, as warnings', async () => {
  const flaky = new AlertWorld(worldSeries(['contoso']));
  for (const state of ['flaky', 'healthy', 'flaky', 'healthy', 'flaky'] as const) {
    flaky.end(state, state === 'flaky' ? rolled : null);
    await flaky.pass(5);
  }
  expect(flaky.sent.map(({ notice }) => `${notice.event} ${notice.alert.verdict} ${notice.alert.severity}`)).toEqual(['opened flaky warning']);

  const gone = new AlertWorld(worldSeries(['contoso', 'fabrikam'], { locations: ['hq', 'dmz'] }));
  gone.end('healthy');
  await gone.pass(5);
  const events: string[] = [];
  for (let slot = 0; slot < 5; slot++) {
    gone.end('missed', null, { location: 'dmz' });
    gone.end(slot === 2 ? 'unknown' : 'healthy', null, { location: 'hq' });
    events.push(...(await gone.pass(5)));
  }
  expect(events).toEqual(['opened: contoso fabrikam']);
  expect(gone.open()).toMatchObject([
    {
      kind: 'coverage',
      key: 'coverage:dmz',
      severity: 'warning',
      title: 'Location dmz: too few sign-ins get a verdict, nobody was there to work for the location',
    },
  ]);
  for (let slot = 0; slot < 12; slot++) {
    gone.end('healthy');
    events.push(...(await gone.pass(5)));
  }
  expect(events).toEqual(['opened: contoso fabrikam', 'recovered: contoso fabrikam']);
});

test('a location around the threshold is one alert, not one after the other', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  const told: string[] = [];
  for (let slot = 0; slot < 40; slot++) {
    world.end(slot % 5 === 0 ? 'missed' : 'healthy');
    told.push(...(await world.pass(5)));
  }
  expect(told).toEqual(['opened: contoso']);
});

test('a target that is renamed while its location gives no verdicts is no good news, and its alert ends once', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  world.end('healthy');
  for (let slot = 0; slot < 4; slot++) {
    world.end('missed');
    await world.pass(5);
  }
  expect(world.sent.map(({ notice }) => notice.event)).toEqual(['opened']);
  world.series = worldSeries(['contoso-new']);
  expect(await world.pass(5)).toEqual(['closed: contoso']);
  expect([...world.alerts.values()]).toMatchObject([{ kind: 'coverage', state: 'removed' }]);
});
