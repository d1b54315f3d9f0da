import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { visitSts } from './sts-visits';

test('sign-ins at an STS begin no faster than its limit, whoever asks', async ({}, info) => {
  const begun: number[] = [];
  const waits: number[] = [];
  const limit = { visits: 3, perSeconds: 0.6 };
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      await visitSts(info.outputPath('state'), 'https://sts.contoso.com', limit, { onWait: (ms) => waits.push(ms) });
      begun.push(Date.now());
    }),
  );
  const noted = JSON.parse(
    readFileSync(
      join(info.outputPath('state', 'visits'), readdirSync(info.outputPath('state', 'visits')).find((name) => name.endsWith('.json')) ?? ''),
      'utf8',
    ),
  ) as number[];
  expect(noted.length).toBeLessThanOrEqual(3);
  expect(begun).toHaveLength(7);
  expect((begun[6] ?? 0) - (begun[0] ?? 0)).toBeGreaterThanOrEqual(1_190);
  expect(waits.length).toBeGreaterThanOrEqual(4);
  // Another STS has a count of its own.
  const startedAt = performance.now();
  await visitSts(info.outputPath('state'), 'https://sts.fabrikam.com', limit, { onWait: () => waits.push(0) });
  expect(performance.now() - startedAt).toBeLessThan(300);
});

test('a clock that is set back neither opens the limit nor makes anybody wait longer than one interval', async ({}, info) => {
  const state = info.outputPath('state');
  const limit = { visits: 2, perSeconds: 0.3 };
  const visit = (): Promise<void> => visitSts(state, 'https://sts.contoso.com', limit, { onWait: () => undefined });
  await visit();
  const file = join(state, 'visits', readdirSync(join(state, 'visits')).find((name) => name.endsWith('.json')) ?? '');
  writeFileSync(file, JSON.stringify([Date.now() + 3_600_000, Date.now() + 3_600_000]));
  const startedAt = performance.now();
  await visit();
  expect(performance.now() - startedAt).toBeGreaterThan(250);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
});
