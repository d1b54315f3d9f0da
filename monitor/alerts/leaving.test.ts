import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('a target that leaves the configuration ends its alert without good news', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('broken', rolled, { target: 'contoso' });
  world.end('healthy', null, { target: 'fabrikam' });
  expect(await world.pass(2)).toEqual(['opened: contoso']);
  world.series = worldSeries(['fabrikam']);
  expect(await world.pass(2)).toEqual(['closed: contoso']);
});

test('some recover, others stay broken: the record, the reminder and the last message say who recovered when', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam', 'adatum']), { after: 1, of: 1, remind: '1h' });
  world.end('broken', rolled);
  expect(await world.pass(1)).toEqual(['opened: contoso fabrikam adatum']);
  world.end('healthy', null, { target: 'contoso' });
  world.end('healthy', null, { target: 'fabrikam', route: 'ifd' });
  const at = new Date(world.now + 60_000).toISOString();
  expect(await world.pass(30)).toEqual([]);
  const [alert] = world.open();
  expect(alert?.members.filter(({ left }) => left).map(({ target, route, left }) => [target, route, left?.how, left?.at])).toEqual([
    ['contoso', 'internal', 'recovered', at],
    ['contoso', 'ifd', 'recovered', at],
    ['fabrikam', 'ifd', 'recovered', at],
  ]);
  expect(await world.pass(31)).toEqual(['reminder: fabrikam adatum']);
  expect(world.sent.at(-1)?.notice.left.map(({ target, left }) => [target, left?.at])).toEqual([
    ['contoso', at],
    ['contoso', at],
    ['fabrikam', at],
  ]);
  world.end('healthy', null, { target: 'fabrikam' });
  world.end('healthy', null, { target: 'adatum' });
  expect(await world.pass(1)).toEqual(['recovered: contoso fabrikam adatum']);
  expect(world.sent.at(-1)?.notice.alert.members.map(({ left }) => left?.how)).toEqual(Array.from({ length: 6 }, () => 'recovered'));
  expect([...world.alerts.values()]).toMatchObject([{ state: 'recovered', members: { length: 6 } }]);
});

test('with leavers: page, those who recover are told together, once', async () => {
  const names = ['contoso', 'fabrikam', 'adatum', 'proseware'];
  const world = new AlertWorld(worldSeries(names), { after: 1, of: 1, leavers: 'page', gather: '3m' });
  world.end('broken', rolled);
  expect(await world.pass(1)).toEqual([`opened: ${names.join(' ')}`]);
  const told: string[] = [];
  for (const target of ['contoso', 'fabrikam']) {
    world.end('healthy', null, { target });
    told.push(...(await world.pass(2)));
  }
  expect(told).toEqual(['partly-recovered: adatum proseware']);
  expect(new Set(world.sent.at(-1)?.notice.left.map(({ target }) => target))).toEqual(new Set(['contoso', 'fabrikam']));
  expect(await world.pass(20)).toEqual([]);
  world.end('healthy');
  expect(await world.pass(5)).toEqual([`recovered: ${names.join(' ')}`]);
});

test('who recovers and breaks again is a member once, and told as one that joins', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('broken', 'crm-app-pool-down');
  await world.pass(1);
  world.end('healthy', null, { target: 'contoso' });
  await world.pass(5);
  world.end('broken', 'crm-app-pool-down', { target: 'contoso' });
  expect(await world.pass(5)).toEqual(['worsened: contoso fabrikam']);
  expect(world.open()).toMatchObject([{ members: { length: 4 } }]);
  expect(world.open()[0]?.members.filter(({ left }) => left)).toEqual([]);
});

test('who was never told of a target is not told of its recovery', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  const silence = { id: crypto.randomUUID(), target: 'contoso', route: null, location: null, cause: null, by: 'ada', reason: 'repair' };
  world.silences.push({ ...silence, from: new Date(world.now).toISOString(), to: new Date(world.now + 86_400_000).toISOString() });
  world.end('broken', rolled);
  expect(await world.pass(2)).toEqual(['opened: fabrikam']);
  world.end('healthy');
  expect(await world.pass(2)).toEqual(['recovered: fabrikam']);
});

test('renamed by a reload while its alert is open: the old name ends without good news, the new one is told when it is seen broken', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('broken', rolled);
  await world.pass(1);
  world.series = worldSeries(['contoso-new', 'fabrikam']);
  expect(await world.pass(2)).toEqual([]);
  world.end('broken', rolled, { target: 'contoso-new' });
  world.end('healthy', null, { target: 'fabrikam' });
  // Of those who were told, nobody is broken any more: this one is news.
  expect(await world.pass(2)).toEqual(['opened: contoso-new']);
  expect(new Set(world.open()[0]?.members.map(({ target, left }) => `${target} ${left?.how ?? 'broken'}`))).toEqual(
    new Set(['contoso removed', 'fabrikam recovered', 'contoso-new broken']),
  );
});
