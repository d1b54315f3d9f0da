import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const rolled = 'adfs-signing-cert-rolled';

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

test('one broken slot does not join an alert that is told already, where joining is told', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']));
  for (let slot = 0; slot < 2; slot++) {
    world.end('broken', 'crm-app-pool-down', { target: 'contoso' });
    world.end('healthy', null, { target: 'fabrikam' });
    await world.pass(5);
  }
  expect(world.sent).toHaveLength(1);
  world.end('broken', 'crm-app-pool-down', { target: 'fabrikam' });
  expect(await world.pass(5)).toEqual([]);
  expect(world.open()[0]?.members).toHaveLength(2);
  world.end('broken', 'crm-app-pool-down', { target: 'fabrikam' });
  expect(await world.pass(5)).toEqual(['worsened: contoso fabrikam']);
});

test('those who join one after the other do not put off the message about the first', async () => {
  const names = Array.from({ length: 12 }, (_, index) => `org-${String(index).padStart(2, '0')}`);
  const world = new AlertWorld(worldSeries(names), { after: 1, of: 1, gather: '3m', joiners: 'page' });
  world.end('healthy');
  world.end('broken', 'crm-app-pool-down', { target: 'org-00' });
  expect(await world.pass(4)).toEqual(['opened: org-00']);
  const told: string[] = [];
  for (const target of names.slice(1, 8)) {
    world.end('broken', 'crm-app-pool-down', { target });
    told.push(...(await world.pass(1)));
  }
  expect(told[0]).toBe('worsened: org-00 org-01 org-02 org-03 org-04');
});

test('another STS is another alert', async () => {
  const world = new AlertWorld([...worldSeries(['contoso']), ...worldSeries(['adatum'], { sts: 'https://sts.adatum.test' })], { after: 1, of: 1 });
  world.end('broken', rolled);
  expect((await world.pass(2)).toSorted()).toEqual(['opened: adatum', 'opened: contoso']);
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
  expect(sent).toEqual(['mail worsened 2', 'pager worsened 2', 'fabrikam-team opened 1']);
});

test('a channel for some targets hears of theirs, also where they join an alert that others know', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  const route = { kind: 'email', from: 'info', events: null, targets: null } as const;
  world.routes = [
    { ...route, name: 'all' },
    { ...route, name: 'contoso-team', targets: ['contoso'] },
    { ...route, name: 'fabrikam-team', targets: ['fabrikam'] },
  ];
  const told = async (minutes: number): Promise<string[]> => {
    const before = world.sent.length;
    await world.pass(minutes);
    return world.sent.slice(before).map(({ channel, notice }) => `${channel} ${notice.event}`);
  };
  world.end('healthy', null, { target: 'fabrikam' });
  world.end('broken', rolled, { target: 'contoso' });
  expect(await told(5)).toEqual(['all opened', 'contoso-team opened']);
  world.end('broken', rolled, { target: 'fabrikam' });
  expect(await told(5)).toEqual(['fabrikam-team opened']);
  world.end('healthy', null, { target: 'contoso' });
  expect(await told(5)).toEqual(['contoso-team recovered']);
  world.end('healthy', null, { target: 'fabrikam' });
  expect(await told(5)).toEqual(['all recovered', 'fabrikam-team recovered']);
});

test('an alert of other targets is nothing a channel hears of, not even its end', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']), { after: 1, of: 1 });
  world.routes = [{ name: 'fabrikam-team', kind: 'pagerduty', from: 'info', events: null, targets: ['fabrikam'] }];
  world.end('healthy', null, { target: 'fabrikam' });
  world.end('broken', rolled, { target: 'contoso' });
  await world.pass(5);
  world.end('healthy', null, { target: 'contoso' });
  await world.pass(5);
  expect(world.sent).toEqual([]);
});
