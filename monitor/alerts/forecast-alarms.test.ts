import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

const dayMs = 86_400_000;
const sts = 'https://sts.contoso.test';
const inDays = (world: AlertWorld, days: number): string => new Date(world.now + days * dayMs).toISOString();

test('the forecast is told on each of its days once, whatever the number of rounds and restarts', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']));
  const start = world.now;
  const breaksAt = start + 40 * dayMs;
  const told: string[] = [];
  for (let hour = 0; hour < 40 * 24; hour += 3) {
    world.now = start + hour * 3_600_000;
    // The date moves by minutes from run to run.
    world.forecasts.set('https://sts.contoso.test', { breaksAt: new Date(breaksAt + (hour % 7) * 600_000).toISOString() });
    world.end('healthy');
    for (const event of await world.round()) told.push(`${Math.ceil((breaksAt - world.now) / dayMs)} ${event}`);
    for (const event of await world.pass(2)) told.push(`again ${event}`);
  }
  expect(told.map((line) => line.split(':')[0])).toEqual(['30 forecast', '14 forecast', '7 forecast', '3 forecast', '1 forecast']);
  expect(told[0]).toContain('contoso fabrikam');
  expect(world.sent.map(({ notice }) => notice.alert.severity)).toEqual(['info', 'info', 'warning', 'warning', 'critical']);
});

test('the forecast alarm ends with good news only when the date is gone and sign-in works', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.forecasts.set(sts, { state: 'window-open', breaksAt: inDays(world, 6) });
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(2)).toEqual(['forecast: contoso']);
  // CRM follows the promotion at once: the next sign-in works with the new certificate, whose own date is a year away.
  world.forecasts.set(sts, { breaksAt: inDays(world, 350) });
  world.end('healthy');
  expect(await world.pass(2)).toEqual(['recovered: contoso']);
  expect([...world.alerts.values()]).toMatchObject([{ kind: 'forecast', state: 'recovered' }]);
});

test('the break came as foretold: the alarm ends as happened, without good news, and nobody is told before it is sure', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  world.forecasts.set(sts, { state: 'window-open', breaksAt: inDays(world, 6) });
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(5)).toEqual(['forecast: contoso']);
  world.forecasts.set(sts, { state: 'promoted', breaksAt: null });
  world.end('broken', rolled);
  expect(await world.pass(5)).toEqual([]);
  expect(world.open()).toMatchObject([{ kind: 'forecast' }]);
  world.end('broken', rolled);
  expect((await world.pass(5)).toSorted()).toEqual(['closed: contoso', 'opened: contoso']);
  expect([...world.alerts.values()].find(({ kind }) => kind === 'forecast')).toMatchObject({
    state: 'happened',
    members: [{ left: { how: 'happened' } }, { left: { how: 'happened' } }],
  });
  // People hear of the broken sign-in; only what keeps incidents of its own is told of the end of the forecast.
  world.routes = [{ name: 'mail', kind: 'email', from: 'info', events: null, targets: null }];
  world.forecasts.set(sts, { breaksAt: inDays(world, 350) });
  for (let slot = 0; slot < 2; slot++) {
    world.end('healthy');
    await world.pass(5);
  }
  expect(world.sent.map(({ channel, notice }) => `${channel} ${notice.event}`)).toEqual(['all forecast', 'all closed', 'all opened', 'mail recovered']);
  expect(world.open()).toEqual([]);
});

test('no mail says that a forecast is over when it has happened', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.routes = [{ name: 'mail', kind: 'email', from: 'info', events: null, targets: null }];
  world.forecasts.set(sts, { breaksAt: inDays(world, 6) });
  world.end('healthy');
  expect(await world.pass(2)).toEqual(['forecast: contoso']);
  // No last good state tells of the promotion: the forecast is steady, a year away, while sign-in is broken.
  world.forecasts.set(sts, { state: 'steady', breaksAt: inDays(world, 350) });
  world.end('broken', rolled, { route: 'ifd' });
  world.end('broken', null, { route: 'internal' });
  expect((await world.pass(2)).toSorted()).toEqual(['opened: contoso', 'opened: contoso']);
  world.end('broken', rolled, { route: 'internal' });
  expect(await world.pass(2)).toEqual([]);
  expect([...world.alerts.values()].filter(({ kind }) => kind === 'forecast')).toMatchObject([{ state: 'happened' }]);
});

test('a forecast that cannot be made is neither recovered nor happened', async () => {
  for (const state of ['unknown', 'promoted'] as const) {
    const world = new AlertWorld(worldSeries(['contoso']));
    world.forecasts.set(sts, { state: 'window-open', breaksAt: inDays(world, 6) });
    world.end('healthy');
    expect(await world.pass(2)).toEqual(['forecast: contoso']);
    world.forecasts.set(sts, { state, breaksAt: null });
    world.end('unknown');
    expect(await world.pass(2)).toEqual([]);
    world.end('broken', 'crm-app-pool-down', { route: 'ifd' });
    world.end('flaky', null, { route: 'internal' });
    expect(await world.pass(2)).toEqual([]);
    expect(world.open()).toMatchObject([{ kind: 'forecast', members: { length: 2 } }]);
  }
});

test('broken by something else: the forecast stands, and is told on its days', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1, remind: 'never' });
  world.forecasts.set(sts, { breaksAt: inDays(world, 6) });
  world.end('healthy');
  await world.pass(2);
  world.end('broken', 'crm-app-pool-down');
  expect(await world.pass(2)).toEqual(['opened: contoso']);
  world.minutes(4 * 24 * 60);
  world.end('broken', 'crm-app-pool-down');
  expect(await world.pass(2)).toEqual(['forecast: contoso']);
});

test('targets of one STS end one by one: broken ones as happened, repaired ones as recovered, the alarm with the last', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam', 'adatum']), { after: 1, of: 1 });
  world.forecasts.set(sts, { breaksAt: inDays(world, 2) });
  world.end('healthy');
  await world.pass(2);
  world.forecasts.set(sts, { state: 'promoted', breaksAt: null });
  world.end('broken', rolled, { target: 'contoso' });
  world.forecasts.set(sts, { breaksAt: inDays(world, 350) });
  world.end('healthy', null, { target: 'fabrikam' });
  // The third is probed less often: it still foretells the date.
  expect(await world.pass(2)).toEqual(['opened: contoso']);
  const ends = (): string[] =>
    [...world.alerts.values()]
      .filter(({ kind }) => kind === 'forecast')
      .flatMap(({ state, members }) => [state, ...new Set(members.map(({ target, left }) => `${target} ${left?.how}`))]);
  expect(ends()).toEqual(['open', 'contoso happened', 'fabrikam recovered', 'adatum undefined']);
  world.end('healthy', null, { target: 'adatum' });
  expect(await world.pass(2)).toEqual(['closed: contoso fabrikam adatum']);
  expect(ends()).toEqual(['happened', 'contoso happened', 'fabrikam recovered', 'adatum recovered']);
});

test('a date that comes nearer at once is told at once', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  world.forecasts.set(sts, { breaksAt: inDays(world, 29) });
  world.end('healthy');
  expect(await world.pass(2)).toEqual(['forecast: contoso']);
  world.minutes(24 * 60);
  world.forecasts.set(sts, { state: 'window-open', breaksAt: inDays(world, 4.5) });
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(2)).toEqual(['forecast: contoso']);
  // It moves away: who was told how severe it is also hears of its end.
  world.forecasts.set(sts, { breaksAt: inDays(world, 25) });
  world.end('healthy');
  expect(await world.pass(2)).toEqual([]);
  expect(world.open()).toMatchObject([{ severity: 'warning' }]);
});

test('an address of an STS that is none keeps no alert back', async () => {
  const world = new AlertWorld(worldSeries(['contoso'], { sts: 'not an address' }), { after: 1, of: 1 });
  world.forecasts.set('contoso', { breaksAt: inDays(world, 6) });
  world.end('broken', 'crm-app-pool-down');
  expect((await world.pass(2)).toSorted()).toEqual(['forecast: contoso', 'opened: contoso']);
});

test('at risk because of the date that is foretold is one alarm, not two', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.forecasts.set(sts, { breaksAt: inDays(world, 20) });
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(5)).toEqual(['forecast: contoso']);
});
