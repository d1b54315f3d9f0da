import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('a quorum of locations must see it; fewer locations than that must all see it', async () => {
  const series = worldSeries(['contoso'], { locations: ['hq', 'dmz', 'branch'] });
  const world = new AlertWorld(series, { after: 1, of: 1 }, { contoso: { locations: 2 } });
  world.end('healthy');
  world.end('broken', rolled, { location: 'dmz' });
  expect(await world.pass(5)).toEqual([]);
  world.end('broken', rolled, { location: 'hq' });
  expect(await world.pass(5)).toEqual(['opened: contoso']);
  expect(new Set(world.open()[0]?.members.map(({ location }) => location))).toEqual(new Set(['dmz', 'hq']));

  const alone = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1, locations: 3 });
  alone.end('broken', rolled);
  expect(await alone.pass(1)).toEqual(['opened: contoso']);
});

const places = ['hq', 'dmz', 'branch'];
const threePlaces = (): AlertWorld =>
  new AlertWorld(worldSeries(['contoso'], { locations: places }), { coverage: { below: 0.01, of: 50 } }, { contoso: { locations: 2 } });

test('each location of a quorum needs its own k of n: one broken slot is no second witness', async () => {
  const world = threePlaces();
  world.end('healthy');
  for (let slot = 0; slot < 2; slot++) {
    world.end('broken', rolled, { location: 'hq' });
    world.end(slot === 0 ? 'healthy' : 'broken', slot === 0 ? null : rolled, { location: 'dmz' });
    world.end('healthy', null, { location: 'branch' });
    expect(await world.pass(5)).toEqual([]);
  }
  world.end('broken', rolled, { location: 'dmz' });
  expect(await world.pass(5)).toEqual(['opened: contoso']);
});

test('a location that fell silent is no witness: of three, the two that see decide; of one that sees, it alone', async () => {
  const world = threePlaces();
  world.end('healthy');
  for (let slot = 0; slot < 4; slot++) {
    world.end('broken', rolled, { location: 'hq' });
    world.end('healthy', null, { location: 'dmz' });
    world.end('missed', null, { location: 'branch' });
    expect(await world.pass(5)).toEqual([]);
  }
  const blind = threePlaces();
  blind.end('healthy');
  const told: string[] = [];
  for (let slot = 0; slot < 3; slot++) {
    blind.end('broken', rolled, { location: 'hq' });
    blind.end('missed', null, { location: 'dmz' });
    blind.end('missed', null, { location: 'branch' });
    told.push(...(await blind.pass(5)));
    // One or two slots without a verdict are no silence.
    expect(told).toHaveLength(slot < 2 ? 0 : 1);
  }
  expect(told).toEqual(['opened: contoso']);
});

test('a location that falls silent while it is broken does not hold an alert open that the others see recovered', async () => {
  const world = threePlaces();
  for (let slot = 0; slot < 2; slot++) {
    world.end('broken', rolled);
    await world.pass(5);
  }
  expect(world.sent).toHaveLength(1);
  for (let slot = 0; slot < 2; slot++) {
    world.end('missed', null, { location: 'dmz' });
    world.end('healthy', null, { location: 'hq' });
    world.end('healthy', null, { location: 'branch' });
    expect(await world.pass(5)).toEqual([]);
  }
  world.end('missed', null, { location: 'dmz' });
  world.end('healthy', null, { location: 'hq' });
  expect(await world.pass(5)).toEqual(['recovered: contoso']);
  const [alert] = world.alerts.values();
  expect(new Set(alert?.members.map(({ location, left }) => `${location} ${left?.how}`))).toEqual(new Set(['hq recovered', 'branch recovered', 'dmz unseen']));
});

test('where every location falls silent, nothing recovers', async () => {
  const world = threePlaces();
  for (let slot = 0; slot < 2; slot++) {
    world.end('broken', rolled);
    await world.pass(5);
  }
  for (let slot = 0; slot < 6; slot++) {
    world.end('missed');
    expect(await world.pass(5)).toEqual([]);
  }
  expect(world.open()).toHaveLength(1);
});
