/** Canaries of every kind in every place a server can put them, in every way a run can end: none may be in anything that is left. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { type Planted, scanFolders, type ScanCount } from '../../runs/testing/independent-scanner';
import { encodings, places } from './testing/telltale';
import { runAbroad, situations, tellingWorld } from './testing/run-abroad';

const full = process.env.SECURITY_FULL === '1';
let folder: string;
test.beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), 'signin-probe-leaks-'))));
test.afterAll(() => rm(folder, { recursive: true, force: true }));

/** Passwords with everything that makes writers differ, and one that is a word. */
const passwords: readonly Planted[] = [
  { kind: 'password', value: 'p"a\'s<s>w&o/r\\d?#=+% 57' },
  { kind: 'password', value: 'Grüße-Ω-пароль-😀-7' },
  { kind: 'password', value: 'Wintergarten' },
  { kind: 'password', value: '  lead & "trail" <b>&amp;</b> ' },
  { kind: 'password', value: 'Sommer2026!' },
  { kind: 'password', value: "${jndi:x}{{7*7}}%0d%0a'--" },
];

function report(info: ReturnType<typeof test.info>, threat: string, count: ScanCount, planted: number): void {
  info.annotations.push(
    { type: 'threat', description: threat },
    { type: 'attempts', description: String(planted) },
    { type: 'leaks', description: String(count.found.length) },
    { type: 'scanned', description: `${count.files} files, ${count.layers} layers × ${count.secrets} secrets in ${count.encodings} encodings each` },
  );
  console.log(`${threat}: ${count.files} files, ${count.layers} layers, ${count.secrets} secrets × ${count.encodings} encodings: ${count.found.length} found`);
}

for (const [index, password] of passwords.entries())
  for (const [turn, situation] of situations.entries()) {
    // Everywhere one of each; the whole matrix with SECURITY_FULL=1.
    if (!full && index % situations.length !== turn && !(index === 2 && situation === 'wrong password')) continue;
    test(`after a run that ends "${situation}" with password ${index + 1}, nothing of what the servers told is left`, async () => {
      const world = await tellingWorld(situation, password, index * 3 + turn);
      try {
        const out = join(folder, `${index}-${turn}`);
        const { result, fault } = await runAbroad(world, password.value, out, index % 2 === 0);
        expect(fault).toBeNull();
        expect(result?.signedIn).toBe({ healthy: 'yes', 'wrong password': 'no', 'refused token': 'no', 'browser killed': 'unknown' }[situation]);
        const planted = world.planted();
        expect(planted.length).toBeGreaterThan(situation === 'wrong password' ? 5 : 6);
        const count = scanFolders([out, join(world.configFile, '..')], planted);
        expect((await readdir(out)).filter((name) => name !== 'log.jsonl')).toHaveLength(1);
        report(test.info(), `secrets in the output of a run (${situation})`, count, planted.length * places.length * encodings.length);
        expect(count.found).toEqual([]);
      } finally {
        await world.close();
      }
    });
  }
