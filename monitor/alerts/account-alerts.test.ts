import { expect, test } from '@playwright/test';
import { AlertWorld, worldSeries } from '../testing/alert-world';

const account = 'CONTOSO\\probe';
const refused = 'wrong-password';

test('a refused account is told at the first slot that says so, once, and is no broken sign-in and no lack of verdicts', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']));
  world.end('healthy');
  await world.pass(5);
  const told: string[] = [];
  for (let slot = 0; slot < 8; slot++) {
    world.end('unknown', refused, {}, account);
    told.push(...(await world.pass(5)));
  }
  expect(told).toEqual(['opened: contoso fabrikam']);
  expect(world.open()).toMatchObject([
    {
      kind: 'account',
      severity: 'warning',
      verdict: null,
      title: expect.stringMatching(/^The probe's account CONTOSO\\probe is refused at \S+, so sign-in is not tested$/),
    },
  ]);
  world.end('healthy');
  expect(await world.pass(5)).toEqual(['recovered: contoso fabrikam']);
});

test('two accounts are two alerts, and one that is tried again leaves its alert whatever that sign-in found', async () => {
  const world = new AlertWorld(worldSeries(['contoso', 'fabrikam']));
  world.end('unknown', refused, { target: 'contoso' }, account);
  world.end('unknown', refused, { target: 'fabrikam' }, 'FABRIKAM\\probe');
  await world.pass(5);
  expect(world.open().map(({ kind }) => kind)).toEqual(['account', 'account']);
  world.end('broken', 'adfs-service-down', { target: 'contoso' });
  world.end('unknown', null, { target: 'fabrikam' });
  await world.pass(5);
  expect(world.open().filter(({ kind }) => kind === 'account')).toMatchObject([{ members: [{ target: 'fabrikam' }, { target: 'fabrikam' }] }]);
});
