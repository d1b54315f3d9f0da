import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('worse than at risk is told at once as such, and the milder alert is closed where incidents are kept', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(2)).toEqual(['opened: contoso fabrikam']);
  world.end('broken', rolled, { target: 'contoso' });
  expect(await world.round()).toEqual(['worsened: contoso']);
  world.end('broken', rolled, { target: 'fabrikam' });
  expect(await world.pass(3)).toEqual(['closed: contoso fabrikam']);
  expect(world.open()).toHaveLength(1);
});

test('another cause is told once it holds, under the same alert; a cause that changes with every run is not', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  for (let slot = 0; slot < 2; slot++) {
    world.end('broken', null);
    await world.pass(5);
  }
  const id = world.open()[0]?.id;
  expect(world.open()[0]).toMatchObject({ key: 'cause:unexplained:https://sts.contoso.test', title: 'Sign-in is broken, cause unexplained' });
  for (const cause of [rolled, null, rolled, null]) {
    world.end('broken', cause);
    expect(await world.pass(5)).toEqual([]);
  }
  world.end('broken', rolled);
  expect(await world.pass(5)).toEqual([]);
  world.end('broken', rolled);
  expect(await world.pass(5)).toEqual(['cause-changed: contoso']);
  expect(world.open()).toMatchObject([{ id, cause: rolled, kb: '2686840' }]);
});

test('two causes that alternate are told a few times at most, also where one slot is enough', async () => {
  for (const config of [{}, { after: 1, of: 1 }]) {
    const world = new AlertWorld(worldSeries(['contoso']), config);
    for (let slot = 0; slot < 48; slot++) {
      world.end('broken', slot % 4 < 2 ? rolled : 'crm-app-pool-down');
      await world.pass(5);
    }
    expect(world.sent.map(({ notice }) => notice.event)).toEqual(['opened', 'cause-changed', 'cause-changed']);
  }
});

test('broken that becomes at risk recovers, and the risk is an alert of its own', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.end('broken', rolled);
  await world.pass(2);
  world.end('at-risk', 'clock-skew-crm-vs-adfs');
  expect(await world.pass(2)).toEqual(['recovered: contoso', 'opened: contoso']);
});

test('a change that was kept back is told under its own name afterwards', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.end('broken', null);
  expect(await world.pass(2)).toEqual(['opened: contoso']);
  const silence = { id: crypto.randomUUID(), target: 'contoso', route: null, location: null, cause: null, by: 'ada', reason: 'repair' };
  world.silences.push({ ...silence, from: new Date(world.now).toISOString(), to: new Date(world.now + 600_000).toISOString() });
  world.end('broken', rolled);
  expect(await world.pass(9)).toEqual([]);
  expect(await world.pass(3)).toEqual(['cause-changed: contoso']);
});

test('some members move to another alert and the rest recover: only the rest is told as recovered', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('broken', 'crm-app-pool-down');
  await world.pass(2);
  world.end('broken', rolled, { target: 'fabrikam' });
  world.end('healthy', null, { target: 'contoso' });
  expect((await world.pass(2)).toSorted()).toEqual(['cause-changed: fabrikam', 'recovered: contoso fabrikam']);
  const recovered = world.sent.find(({ notice }) => notice.event === 'recovered')?.notice.alert.members;
  expect(new Set(recovered?.map(({ target, left }) => `${target} ${left?.how}`))).toEqual(new Set(['contoso recovered', 'fabrikam moved']));
});
