import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

test('one broken slot is no alert, two of three are, and further ones are no message', async () => {
  const world = new AlertWorld(worldSeries(['contoso']));
  world.end('healthy');
  expect(await world.pass(5)).toEqual([]);
  world.end('broken', rolled);
  expect(await world.pass(5)).toEqual([]);
  world.end('broken', rolled);
  expect(await world.pass(1)).toEqual(['opened: contoso']);
  for (let slot = 0; slot < 6; slot++) {
    world.end('broken', rolled);
    expect(await world.pass(5)).toEqual([]);
  }
  expect(world.open()).toMatchObject([{ key: `cause:${rolled}:https://sts.contoso.test`, severity: 'critical', kb: '2686840', verdict: 'broken' }]);
  expect(world.open()[0]?.members).toHaveLength(2);
  expect(world.open()[0]?.members[0]?.since).toBe('2026-03-02T08:05:00.000Z');
});

const thresholdCases: readonly { readonly name: string; readonly slots: string; readonly after: number; readonly of: number; readonly opens: boolean }[] = [
  { name: 'every one', slots: 'b', after: 1, of: 1, opens: true },
  { name: 'two of three with one healthy between', slots: 'bhb', after: 2, of: 3, opens: true },
  { name: 'two of three, too far apart', slots: 'bhhb', after: 2, of: 3, opens: false },
  { name: 'three of five', slots: 'bhbhb', after: 3, of: 5, opens: true },
  { name: 'unknown and missed slots in between do not count', slots: 'bummub', after: 2, of: 3, opens: true },
  { name: 'nothing but unknown and missed slots', slots: 'uumumu', after: 1, of: 1, opens: false },
  { name: 'flaky slots are not broken ones', slots: 'ffbf', after: 2, of: 3, opens: false },
  { name: 'maintenance says nothing', slots: 'bwwb', after: 2, of: 2, opens: true },
];
const states = { b: 'broken', h: 'healthy', u: 'unknown', m: 'missed', f: 'flaky', w: 'maintenance' } as const;

for (const { name, slots, after, of, opens } of thresholdCases)
  test(`after ${after} of ${of}: ${name} (${slots}) ${opens ? 'opens' : 'opens none'}`, async () => {
    const world = new AlertWorld(worldSeries(['contoso']), { after, of, flaky: { after: 50, of: 50 }, coverage: { below: 0.01, of: 50 } });
    for (const slot of slots) {
      world.end(states[slot as keyof typeof states], slot === 'b' ? rolled : null);
      await world.pass(5);
    }
    expect(world.sent.map(({ notice }) => notice.event)).toEqual(opens ? ['opened'] : []);
  });

test('recovery needs as many good slots as the alert needed bad ones; one in between changes nothing', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 2, of: 3 });
  for (const slot of ['broken', 'broken', 'healthy', 'broken', 'healthy'] as const) {
    world.end(slot, slot === 'broken' ? rolled : null);
    await world.pass(5);
  }
  expect(world.sent.map(({ notice }) => notice.event)).toEqual(['opened']);
  world.end('unknown');
  expect(await world.pass(5)).toEqual([]);
  world.end('healthy');
  expect(await world.pass(5)).toEqual(['recovered']);
  expect(world.open()).toEqual([]);
  expect([...world.alerts.values()]).toMatchObject([{ state: 'recovered', recoveredAt: '2026-03-02T08:31:00.000Z' }]);
});

test('a rollover breaks fifty organisations within five minutes: one message lists all of them', async () => {
  const names = Array.from({ length: 50 }, (_, index) => `org-${String(index).padStart(2, '0')}`);
  const world = new AlertWorld(worldSeries(names));
  world.end('healthy');
  await world.round();
  const events: string[] = [];
  for (let round = 0; round < 3; round++)
    for (const [index, target] of names.entries()) {
      world.end('broken', rolled, { target });
      if (index % 10 === 9) events.push(...(await world.pass(1)));
    }
  expect(events).toHaveLength(1);
  expect(events[0]).toBe(`opened: ${names.join(' ')}`);
  expect(world.open()[0]?.members).toHaveLength(100);
});

test('targets that join later are shown without a message where the cause lies with the STS, and told otherwise', async () => {
  for (const [cause, joiners, expected] of [
    [rolled, undefined, []],
    ['crm-app-pool-down', undefined, ['worsened: contoso fabrikam']],
    ['crm-app-pool-down', 'quiet', []],
    [rolled, 'page', ['worsened: contoso fabrikam']],
  ] as const) {
    const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1, ...(joiners ? { joiners } : {}) });
    world.end('healthy', null, { target: 'fabrikam' });
    world.end('broken', cause, { target: 'contoso' });
    expect(await world.pass(3)).toEqual(['opened: contoso']);
    world.end('broken', cause, { target: 'fabrikam' });
    expect(await world.pass(10)).toEqual(expected);
    expect(world.open()[0]?.members).toHaveLength(4);
  }
});

test('another STS is another alert', async () => {
  const world = new AlertWorld([...worldSeries(['contoso']), ...worldSeries(['adatum'], { sts: 'https://sts.adatum.test' })], { after: 1, of: 1 });
  world.end('broken', rolled);
  expect((await world.pass(2)).toSorted()).toEqual(['opened: adatum', 'opened: contoso']);
});

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

test('worse than at risk is told at once as such, and the milder alert is closed where incidents are kept', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(2)).toEqual(['opened: contoso fabrikam']);
  world.end('broken', rolled, { target: 'contoso' });
  expect(await world.round()).toEqual(['worsened: contoso']);
  world.end('broken', rolled, { target: 'fabrikam' });
  expect(await world.pass(3)).toEqual(['(dissolved) recovered']);
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

test('broken that becomes at risk recovers, and the risk is an alert of its own', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.end('broken', rolled);
  await world.pass(2);
  world.end('at-risk', 'clock-skew-crm-vs-adfs');
  expect(await world.pass(2)).toEqual(['recovered', 'opened: contoso']);
});

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
  expect(await world.pass(1)).toEqual(['recovered']);

  const short = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  short.silences.push({ ...silence, from: new Date(short.now).toISOString(), to: new Date(short.now + 600_000).toISOString() });
  short.end('broken', rolled);
  expect(await short.pass(9)).toEqual([]);
  expect(await short.pass(2)).toEqual(['opened: contoso']);
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

test('the forecast is told on each of its days once, whatever the number of rounds and restarts', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']));
  const dayMs = 86_400_000;
  const start = world.now;
  const breaksAt = start + 40 * dayMs;
  world.breaksAt.set('https://sts.contoso.test', new Date(breaksAt).toISOString());
  const told: string[] = [];
  for (let hour = 0; hour < 40 * 24; hour += 3) {
    world.now = start + hour * 3_600_000;
    world.end('healthy');
    // The date moves by minutes from run to run.
    world.breaksAt.set('https://sts.contoso.test', new Date(breaksAt + (hour % 7) * 600_000).toISOString());
    for (const event of await world.round()) told.push(`${Math.ceil((breaksAt - world.now) / dayMs)} ${event}`);
    for (const event of await world.pass(2)) told.push(`again ${event}`);
  }
  expect(told.map((line) => line.split(':')[0])).toEqual(['30 forecast', '14 forecast', '7 forecast', '3 forecast', '1 forecast']);
  expect(told[0]).toContain('contoso fabrikam');
  expect(world.sent.map(({ notice }) => notice.alert.severity)).toEqual(['info', 'info', 'warning', 'warning', 'critical']);
});

test('the forecast alarm ends with good news when the date is gone, and quietly when the break came', async () => {
  for (const came of [false, true]) {
    const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
    world.breaksAt.set('https://sts.contoso.test', new Date(world.now + 6 * 86_400_000).toISOString());
    world.end('healthy');
    expect(await world.pass(2)).toEqual(['forecast: contoso']);
    world.breaksAt.clear();
    world.end(came ? 'broken' : 'healthy', came ? rolled : null);
    expect(await world.pass(2)).toEqual(came ? ['(dissolved) recovered: contoso', 'opened: contoso'] : ['recovered: contoso']);
  }
});

test('at risk because of the date that is foretold is one alarm, not two', async () => {
  const world = new AlertWorld(worldSeries(['contoso']), { after: 1, of: 1 });
  world.breaksAt.set('https://sts.contoso.test', new Date(world.now + 20 * 86_400_000).toISOString());
  world.end('at-risk', 'adfs-signing-cert-secondary-pending');
  expect(await world.pass(5)).toEqual(['forecast: contoso']);
});

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
  expect(events).toEqual(['opened: contoso fabrikam', 'recovered']);
});

test('a target that leaves the configuration ends its alert without good news', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.end('broken', rolled, { target: 'contoso' });
  world.end('healthy', null, { target: 'fabrikam' });
  expect(await world.pass(2)).toEqual(['opened: contoso']);
  world.series = worldSeries(['fabrikam']);
  expect(await world.pass(2)).toEqual(['(dissolved) recovered']);
});

test('a channel gets what it is for: severity, events, targets', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  const route = { kind: 'email', from: 'info', events: null, targets: null } as const;
  world.routes = [
    { ...route, name: 'mail' },
    { ...route, name: 'pager', kind: 'pagerduty', from: 'critical' },
    { ...route, name: 'fabrikam-team', targets: ['fabrikam'] },
    { ...route, name: 'recoveries', events: ['recovered'] },
  ];
  world.end('at-risk', 'clock-skew-crm-vs-adfs', { target: 'contoso' });
  world.end('healthy', null, { target: 'fabrikam' });
  await world.pass(2);
  expect(world.sent.map(({ channel }) => channel)).toEqual(['mail']);
  world.end('broken', rolled);
  await world.pass(2);
  const sent = world.sent.slice(1).map(({ channel, notice }) => `${channel} ${notice.event} ${new Set(notice.alert.members.map(({ target }) => target)).size}`);
  expect(sent).toEqual(['mail worsened 2', 'pager worsened 2', 'fabrikam-team worsened 1']);
});
