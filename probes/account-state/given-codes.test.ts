import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { GivenCodes } from './given-codes';
import { SubmitOnce } from './submit-once';

const sts = 'https://sts.contoso.test';
const key = Buffer.from('a secret of 20 bytes');
let state: string;
test.beforeEach(() => {
  state = mkdtempSync(join(tmpdir(), 'signin-probe-codes-'));
});
test.afterEach(() => rmSync(state, { recursive: true, force: true }));

/** As another process would. */
const take = (current: number, secret = key, at = sts): Promise<number> => GivenCodes.in(state).take(at, secret, current);

test('no two processes are given the same step, whether they ask at once or one after the other', async () => {
  const steps = await Promise.all([take(100), take(100), take(100)]);
  expect(steps.toSorted((a, b) => a - b)).toEqual([100, 101, 102]);
  expect(await take(100)).toBe(103);
  expect(await take(104)).toBe(104);
});

test('another secret, and the same secret at another STS, have steps of their own', async () => {
  expect([await take(100), await take(100, Buffer.from('another secret of 26 bytes')), await take(100, key, 'https://sts.fabrikam.test')]).toEqual([
    100, 100, 100,
  ]);
});

test('a clock that was set back gives no code anew of the ten minutes around it, and waits for no time that is further off', async () => {
  for (let step = 100; step < 110; step++) expect(await take(step)).toBe(step);
  expect(await take(105)).toBe(110);
  expect(await take(90)).toBe(90);
  expect(await take(60)).toBe(60);
  expect(await take(61)).toBe(61);
});

test('what is kept holds nothing of secret or STS, in a file for its owner only', async () => {
  await take(100);
  const [name, ...more] = readdirSync(join(state, 'codes'));
  expect([name?.endsWith('.json'), more]).toEqual([true, []]);
  expect(JSON.parse(readFileSync(join(state, 'codes', name ?? ''), 'utf8'))).toEqual([100]);
});

test('where what is kept was damaged the code of now may have been given: the next one is', async () => {
  await take(100);
  const [name = ''] = readdirSync(join(state, 'codes'));
  writeFileSync(join(state, 'codes', name), '[100');
  expect(await take(200)).toBe(201);
  writeFileSync(join(state, 'codes', name), '{"given":"all"}');
  expect(await take(200)).toBe(201);
});

test('a code whose step cannot be noted is not given, and the reason names the folder', async () => {
  await take(100);
  const [name = ''] = readdirSync(join(state, 'codes'));
  rmSync(join(state, 'codes', name));
  mkdirSync(join(state, 'codes', name)); // no file can take its place
  const submitOnce = new SubmitOnce();
  submitOnce.keepCodesIn(GivenCodes.in(state));
  expect(await submitOnce.codeStep(sts, key, 100)).toEqual({ ok: false, why: expect.stringContaining(join(state, 'codes')) });
});
