import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from '@playwright/test';
import type { LastGood } from '../../contracts/evidence';
import { lastGoodFile, readLastGood, writeLastGood } from './last-good';

const state = (runId: string): LastGood => ({
  schema: 1,
  target: 'contoso',
  route: 'ifd',
  savedAt: '2026-03-01T12:00:00.000Z',
  runId,
  method: 'forms',
  stsPrimarySha1: 'AA',
  stsKeys: [],
  stsEntityId: null,
  crmKeys: [],
  crmScopes: [],
  wsdlIdentifier: null,
  wtrealm: null,
  tokenEncryptedFor: null,
  tokenPostedTo: null,
  tokenSignerSha1: null,
  tls: [],
  dns: [],
  shape: [],
  totalMs: 1,
});

test('what was written is read back; nothing was there before', async ({}, info) => {
  const place = { configFolder: info.outputDir, name: 'contoso', route: 'ifd' } as const;
  expect(await readLastGood(place)).toEqual({ ok: true, lastGood: null });
  expect(await writeLastGood(place, state('1'))).toEqual({ ok: true, file: lastGoodFile(place) });
  expect(await readLastGood(place)).toEqual({ ok: true, lastGood: state('1') });
  expect(await readLastGood({ ...place, route: 'internal' })).toEqual({ ok: true, lastGood: null });
  if (process.platform === 'win32') return;
  expect(statSync(lastGoodFile(place)).mode & 0o777).toBe(0o600);
  expect(statSync(dirname(lastGoodFile(place))).mode & 0o777).toBe(0o700);
});

test('readers meanwhile see a whole state, old or new, and no temporary file stays', async ({}, info) => {
  const place = { configFolder: info.outputDir, name: 'contoso', route: 'ifd' } as const;
  await writeLastGood(place, state('0'));
  const writes = Promise.all(Array.from({ length: 20 }, (_, n) => writeLastGood(place, state(String(n)))));
  const reads = await Promise.all(Array.from({ length: 40 }, () => readLastGood(place)));
  expect((await writes).every(({ ok }) => ok)).toBe(true);
  expect(reads.filter((read) => !read.ok || read.lastGood === null)).toEqual([]);
  expect(readdirSync(dirname(lastGoodFile(place)))).toEqual(['contoso.ifd.json']);
});

test("a damaged file, another version and another target's state are told, not thrown", async ({}, info) => {
  const place = { configFolder: info.outputDir, name: 'contoso', route: 'ifd' } as const;
  const file = lastGoodFile(place);
  mkdirSync(dirname(file), { recursive: true });
  for (const [text, why] of [
    ['{"schema": 1, "tar', /is no JSON/],
    ['null', /has version undefined, expected 1/],
    ['{"schema": 2}', /has version 2, expected 1/],
    ['{"schema": 1}', /is not as expected at target/],
    [JSON.stringify({ ...state('1'), target: 'fabrikam' }), /belongs to fabrikam/],
  ] as const) {
    writeFileSync(file, text);
    expect(await readLastGood(place)).toMatchObject({ ok: false, why: expect.stringMatching(why) });
  }
});

test('a folder that cannot be written is told, and the old state stays', async ({}, info) => {
  const place = { configFolder: info.outputPath('file'), name: 'contoso', route: 'ifd' } as const;
  mkdirSync(info.outputDir, { recursive: true });
  writeFileSync(place.configFolder, 'a file where a folder is expected');
  expect(await writeLastGood(place, state('1'))).toMatchObject({ ok: false, why: expect.stringContaining('could not be written') });
  expect(readFileSync(place.configFolder, 'utf8')).toContain('a file');
});
