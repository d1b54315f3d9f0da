import { expect, test } from '@playwright/test';
import { upgradedBaseline } from './baselines-upgrade';

const kind = 'signin-probe baseline';
/** Two artificial steps, as a version 3 would have them. */
const upgrades = {
  1: ({ host, ...rest }: Record<string, unknown>) => ({ ...rest, hosts: [host] }),
  2: (older: Record<string, unknown>) => ({ ...older, kept: true }),
};

test('an older baseline is brought to the current version, one step after the other', () => {
  expect(upgradedBaseline({ kind, schema: 1, host: 'sts' }, upgrades, 3)).toEqual({ ok: true, data: { kind, schema: 3, hosts: ['sts'], kept: true } });
  expect(upgradedBaseline({ kind, schema: 2, hosts: [] }, upgrades, 3)).toEqual({ ok: true, data: { kind, schema: 3, hosts: [], kept: true } });
  expect(upgradedBaseline({ kind, schema: 3 }, upgrades, 3)).toEqual({ ok: true, data: { kind, schema: 3 } });
});

test('a newer version, a missing step, and another document are each said', () => {
  expect(upgradedBaseline({ kind, schema: 4 }, upgrades, 3)).toMatchObject({ ok: false, why: expect.stringContaining('Use a newer signin-probe') });
  expect(upgradedBaseline({ kind, schema: 0 }, upgrades, 3)).toMatchObject({ ok: false, why: expect.stringContaining('no way to 3') });
  expect(upgradedBaseline({ kind, schema: 'one' })).toMatchObject({ ok: false });
  expect(upgradedBaseline({ kind: 'report' })).toMatchObject({ ok: false });
  expect(upgradedBaseline(null)).toMatchObject({ ok: false });
});
