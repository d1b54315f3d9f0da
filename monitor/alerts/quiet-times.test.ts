import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('reminders come at their interval, until somebody acknowledges; worse than that is told again', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1, remind: '1h' });
  world.end('at-risk', 'clock-skew-crm-vs-adfs');
  expect(await world.pass(1)).toEqual(['opened: contoso']);
  expect(await world.pass(125)).toEqual(['reminder: contoso', 'reminder: contoso']);
  const [alert] = world.open();
  world.alerts.set(alert!.id, { ...alert!, acknowledgedBy: 'ada', acknowledgedAt: new Date(world.now).toISOString() });
  expect(await world.pass(1)).toEqual(['acknowledged: contoso']);
  expect(await world.pass(300)).toEqual([]);
  world.end('broken', rolled);
  expect(await world.pass(1)).toEqual(['worsened: contoso']);
  expect(await world.pass(61)).toEqual(['reminder: contoso']);
});

test('a silence keeps back messages, not the record; what is still open when it ends is told then', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  const silence = { id: crypto.randomUUID(), target: 'contoso', route: null, location: null, cause: null, by: 'ada', reason: 'repair' };
  world.silences.push({ ...silence, from: new Date(world.now).toISOString(), to: new Date(world.now + 3_600_000).toISOString() });
  world.end('broken', rolled, { target: 'contoso' });
  expect(await world.pass(30)).toEqual([]);
  expect(world.open()).toHaveLength(1);
  world.end('broken', rolled, { target: 'fabrikam' });
  expect(await world.pass(2)).toEqual(['opened: fabrikam']);
  expect(world.sent[0]?.notice).toMatchObject({ silenced: 2 });
  world.end('healthy', null, { target: 'fabrikam' });
  world.end('healthy', null, { target: 'contoso' });
  expect(await world.pass(1)).toEqual(['recovered: fabrikam']);

  const short = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  short.silences.push({ ...silence, from: new Date(short.now).toISOString(), to: new Date(short.now + 600_000).toISOString() });
  short.end('broken', rolled);
  expect(await short.pass(9)).toEqual([]);
  expect(await short.pass(2)).toEqual(['opened: contoso']);
});

test('what was silenced while others were told is told when the silence ends', async () => {
  for (const cause of [rolled, 'crm-app-pool-down']) {
    const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
    const silence = { id: crypto.randomUUID(), target: 'contoso', route: null, location: null, cause: null, by: 'ada', reason: 'repair' };
    world.silences.push({ ...silence, from: new Date(world.now).toISOString(), to: new Date(world.now + 600_000).toISOString() });
    world.end('broken', cause);
    expect(await world.pass(8)).toEqual(['opened: fabrikam']);
    expect(await world.pass(5)).toEqual(['worsened: contoso fabrikam']);
  }
});

test('what recovers while it is gathered or silenced is never told', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1, gather: '5m' });
  world.end('healthy', null, { target: 'fabrikam' });
  world.end('broken', rolled, { target: 'contoso' });
  expect(await world.pass(3)).toEqual([]);
  world.end('healthy', null, { target: 'contoso' });
  expect(await world.pass(10)).toEqual([]);
  expect([...world.alerts.values()]).toMatchObject([{ state: 'recovered', lastNotifiedAt: null }]);
});

test('announced changes are marked in the message, or wait with it until they are over', async () => {
  for (const duringChange of ['mark', 'hold'] as const) {
    const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1, duringChange });
    world.windows.push({
      id: 'change-1',
      kind: 'change',
      targets: ['contoso'],
      from: new Date(world.now).toISOString(),
      to: new Date(world.now + 1_800_000).toISOString(),
      text: 'Patch day',
      by: 'ada',
    });
    world.end('broken', rolled);
    expect(await world.pass(10)).toEqual(duringChange === 'mark' ? ['opened: contoso'] : []);
    if (duringChange === 'mark') expect(world.sent[0]?.notice.during).toEqual([{ text: 'Patch day', by: 'ada' }]);
    else expect(await world.pass(25)).toEqual(['opened: contoso']);
  }
});

const maintenance = (world: AlertWorld, minutes: number): void =>
  void world.windows.push({
    id: `config:${world.windows.length}`,
    kind: 'maintenance',
    targets: ['contoso'],
    from: new Date(world.now).toISOString(),
    to: new Date(world.now + minutes * 60_000).toISOString(),
    text: 'Patch night',
    by: null,
  });

test('maintenance that begins in mid-incident: nobody is told or reminded of old findings; the first verdict after it decides', async () => {
  for (const repaired of [true, false]) {
    const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1, remind: '1h' });
    world.end('broken', rolled);
    expect(await world.pass(1)).toEqual(['opened: contoso']);
    maintenance(world, 120);
    for (let slot = 0; slot < 24; slot++) {
      world.end('maintenance');
      expect(await world.pass(5)).toEqual([]);
    }
    expect(await world.pass(4)).toEqual([]);
    world.end(repaired ? 'healthy' : 'broken', repaired ? null : rolled);
    expect(await world.pass(1)).toEqual([repaired ? 'recovered: contoso' : 'reminder: contoso']);
  }
});

test('what broke right before maintenance and was not told yet waits for the first verdict after it', async () => {
  for (const repaired of [true, false]) {
    const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1, gather: '5m' });
    world.end('healthy', null, { target: 'fabrikam' });
    world.end('broken', rolled, { target: 'contoso' });
    expect(await world.pass(2)).toEqual([]);
    maintenance(world, 60);
    expect(await world.pass(62)).toEqual([]);
    world.end(repaired ? 'healthy' : 'broken', repaired ? null : rolled, { target: 'contoso' });
    expect(await world.pass(1)).toEqual(repaired ? [] : ['opened: contoso']);
  }
});

test('a reminder about what nobody can see any more says when it was seen last', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1, remind: '1h', coverage: { below: 0.01, of: 50 } });
  world.end('broken', rolled);
  await world.pass(1);
  expect(world.sent.at(-1)?.notice.summary).toBe('broken slot');
  for (let slot = 0; slot < 13; slot++) {
    world.end('missed');
    await world.pass(5);
  }
  expect(world.sent.map(({ notice }) => notice.event)).toEqual(['opened', 'reminder']);
  expect(world.sent.at(-1)?.notice.summary).toBe('broken slot (seen 2 Mar 2026 08:00 UTC; no verdict since: nobody was there to work for the location)');
});

test('a clock that was wrong and is put right delays or repeats no message', async () => {
  const ahead = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  ahead.end('healthy', null, { target: 'fabrikam' });
  ahead.minutes(180);
  ahead.end('broken', 'crm-app-pool-down', { target: 'contoso' });
  expect(await ahead.round()).toEqual([]);
  ahead.minutes(-180);
  // It was opened three hours from now.
  expect(await ahead.pass(2)).toEqual(['opened: contoso']);

  const told = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  told.end('healthy', null, { target: 'fabrikam' });
  told.minutes(180);
  told.end('broken', 'crm-app-pool-down', { target: 'contoso' });
  expect(await told.pass(2)).toEqual(['opened: contoso']);
  told.minutes(-170);
  told.end('broken', 'crm-app-pool-down', { target: 'fabrikam' });
  expect(await told.pass(5)).toEqual(['worsened: contoso fabrikam']);
  expect(await told.pass(30)).toEqual([]);
});

test('two servers whose clocks differ by seconds: each change is told once', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam', 'adatum']), { after: 1, of: 1, gather: '1s', remind: '1h' });
  world.end('healthy', null, { target: 'fabrikam' });
  world.end('healthy', null, { target: 'adatum' });
  world.end('broken', 'crm-app-pool-down', { target: 'contoso' });
  await world.round();
  expect(await world.pass(1)).toEqual(['opened: contoso']);
  world.now -= 3_000;
  world.end('broken', 'crm-app-pool-down', { target: 'fabrikam' });
  expect(await world.round()).toEqual([]);
  world.now += 4_000;
  expect(await world.round()).toEqual(['worsened: contoso fabrikam']);
  for (const step of [-3_000, 4_000, -3_000, 4_000]) {
    world.now += step;
    expect(await world.round()).toEqual([]);
  }
});

test('an acknowledged forecast is passed on too', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  world.forecasts.set('contoso', { breaksAt: new Date(world.now + 20 * 86_400_000).toISOString() });
  world.end('healthy');
  expect(await world.pass(2)).toEqual(['forecast: contoso']);
  const [alert] = world.open();
  world.alerts.set(alert!.id, { ...alert!, acknowledgedBy: 'ada', acknowledgedAt: new Date(world.now).toISOString() });
  expect(await world.pass(5)).toEqual(['acknowledged: contoso']);
});
